"""Choosing a picture: a sample, an upload or the camera."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import streamlit as st
from PIL import Image

from analysis.vision import images, samples, sight
from analysis.vision.voices import Voice
from pages.parts import url

SOURCES = {"sample": "A sample", "upload": "Your picture", "camera": "The camera"}
_LAST = "last picture"  # in the session: its digest and what was opened; gone with the session


def choose(speaker: Voice) -> Image.Image | None:
    """Draw the choice of a picture; None until there is one that can be read."""
    with url.kept("source", SOURCES, "sample", label="a picture from"):
        source = st.segmented_control(
            "Picture from",
            list(SOURCES),
            required=True,
            format_func=SOURCES.__getitem__,
            key="source",
        )
    data, name = _sample(speaker) if source == "sample" else _upload(str(source))
    try:
        opened = _opened(data, name) if data is not None else None
    except images.BadImage as refusal:
        st.warning(str(refusal), icon=":material/broken_image:")
        return None
    if opened is None and source == "upload" and _LAST in st.session_state:
        opened = st.session_state[_LAST][1]
        st.caption("Your last picture; upload another to replace it.")
    if opened is None:
        return None
    if source == "upload" and data is not None:
        st.session_state[_LAST] = (_digest(data), opened)
    st.image(opened.image, width=320)
    for note in opened.notes:
        st.caption(note)
    return opened.image


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _opened(data: bytes, name: str) -> images.OpenedImage:
    """Open a picture, or take it as it was opened in the last run."""
    known, opened = st.session_state.get(_LAST, (None, None))
    return opened if known == _digest(data) else images.open_with_notes(data, name)


def _sample(speaker: Voice) -> tuple[bytes, str]:
    found = samples.samples()
    with url.kept("sample", found, samples.suited(speaker.trained_on)):
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
