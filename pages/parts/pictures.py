"""Choosing a picture: a sample, an upload or the camera."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from PIL import Image

from analysis.vision import images, samples, sight
from analysis.vision.predicting.batch import MOST_BYTES, MOST_FILES, File, within_bounds
from analysis.vision.voices import Voice
from pages.parts import segments, url

SOURCES = {"sample": "A sample", "upload": "Your picture", "camera": "The camera"}
PREVIEW = 640  # longest side in pixels
SEVERAL = {"samples": "The samples", "upload": "Your pictures"}
_LAST = "last picture"  # in the session, and gone with it
_LAST_FILES = "last files"  # likewise


def choose(speaker: Voice) -> Image.Image | None:
    """Draw the choice of a picture for a network; None until there is one that can be read."""
    return choose_like(speaker.trained_on)


def choose_like(trained_on: str) -> Image.Image | None:
    """The same where the first sample is like a data set, "" for a photograph."""
    source = segments.choose(
        "source", SOURCES, "sample", "Picture from", hidden=False, asked="a picture from"
    )
    data, name = _sample(trained_on) if source == "sample" else _upload(source)
    try:
        opened = opened_picture(data, name) if data is not None else None
    except images.BadImage as refusal:
        st.warning(str(refusal), icon=":material/broken_image:")
        return None
    if opened is None and source == "upload" and _LAST in st.session_state:
        opened = st.session_state[_LAST]
        st.caption("Your last picture; upload another to replace it.")
    if opened is None:
        return None
    if source == "upload" and data is not None:
        st.session_state[_LAST] = opened
    preview = opened.image.copy()
    preview.thumbnail((PREVIEW, PREVIEW))
    st.image(preview, width=320, output_format="JPEG")
    for note in opened.notes:
        st.caption(note)
    return opened.image


def choose_several() -> list[File]:
    """Draw the choice of several pictures; their files as they are, good and bad, within bounds."""
    source = segments.choose(
        "set", SEVERAL, "samples", "Pictures from", hidden=False, asked="pictures from"
    )
    if source == "samples":
        found = samples.samples().values()
        return [File(sample.path.name, sample.path.read_bytes()) for sample in found]
    uploads = st.file_uploader(
        f"Up to {MOST_FILES} pictures, {MOST_BYTES // 2**20} MB together",
        accept_multiple_files=True,
        max_upload_size=images.MAX_BYTES // 2**20,
        help="PNG, JPEG, GIF, WebP, BMP or TIFF. They stay in memory, never on disk.",
    )
    if not uploads:
        kept = st.session_state.get(_LAST_FILES, [])
        if kept:
            st.caption("Your last pictures; upload others to replace them.")
        return kept
    files, left_out = within_bounds([File(file.name, file.getvalue()) for file in uploads])
    if left_out:
        st.warning(left_out, icon=":material/filter_list:")
    st.session_state[_LAST_FILES] = files
    return files


@st.cache_data(max_entries=4, scope="session", show_spinner=False)
def opened_picture(data: bytes, name: str) -> images.OpenedImage:
    """The picture in a file's bytes; kept for this session only."""
    return images.open_with_notes(data, name)


def _sample(trained_on: str) -> tuple[bytes, str]:
    found = samples.samples()
    with url.kept("sample", found, samples.suited(trained_on)):
        chosen = st.selectbox(
            "Sample", list(found), format_func=lambda name: found[name].label, key="sample"
        )
    return found[chosen].path.read_bytes(), found[chosen].path.name


def _upload(source: str) -> tuple[bytes | None, str]:
    if source == "camera":
        file = st.camera_input("Photograph", label_visibility="collapsed")
    else:
        file = st.file_uploader(
            "A photograph of a handwritten digit, or any picture",
            max_upload_size=images.MAX_BYTES // 2**20,
            help="PNG, JPEG, GIF, WebP, BMP or TIFF. It stays in memory, never on disk.",
        )
    return (file.getvalue(), file.name) if file else (None, "")


def show_stages(stages: Sequence[sight.Stage]) -> None:
    """Each step with its name and sentence, three in a row."""
    for start in range(0, len(stages), 3):
        for column, stage in zip(st.columns(3), stages[start : start + 3], strict=False):
            column.image(sight.enlarged(stage.picture), width="stretch")
            column.caption(f"**{stage.name}**  \n{stage.sentence}")
