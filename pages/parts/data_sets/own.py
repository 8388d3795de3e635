"""The user's own pictures: chosen, read, and what is used of them. Nothing touches the disk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from analysis.charts.wall import wall
from analysis.experiments import folder
from analysis.experiments.folder import Folder, FolderError
from analysis.experiments.uploads import MOST_FILES, MOST_UPLOADED, Refused, Upload
from pages.parts import segments
from pages.parts.data_sets import shots

KINDS = {"folder": "A folder", "files": "Files or a zip", "camera": "From the camera"}
_KEPT = "own pictures: the files and what they gave"  # in the session, and gone with it
_SHOWN, _COLUMNS = 12, 6  # pictures, and in a row
_LISTED = 50  # files that are not used


def choose() -> Folder | None:
    """Draw the choice of pictures; None until there are some to learn from."""
    kind = segments.choose("own", KINDS, "folder", "Your pictures come as", hidden=False)
    files = shots.choose() if kind == "camera" else _uploaded(kind)
    found = _read(files) if files else _last()
    if isinstance(found, str):
        st.warning(found, icon=":material/broken_image:")
        return None
    if found is not None:
        _draw(found, is_last=not files)
    return found


def _uploaded(kind: str) -> Sequence[Any]:
    return st.file_uploader(
        "Each class in a folder of its own, with the name of the class",
        accept_multiple_files="directory" if kind == "folder" else True,
        max_upload_size=MOST_UPLOADED // 2**20,
        help=f"Up to {MOST_FILES:,} pictures. Files without a folder are taken by the letters of "
        "their names: cat-01.jpg is a cat. They stay in memory, never on disk.",
        key=f"own pictures as {kind}",
    )


def _last() -> Folder | None:
    """What was chosen before another page was visited, which empties the widget."""
    found = st.session_state.get(_KEPT, (None, None))[1]
    return found if isinstance(found, Folder) else None


def _read(files: Sequence[Any]) -> Folder | str:
    """The pictures, or why there are none; read once for the same files."""
    names = tuple(file.file_id for file in files)
    known, found = st.session_state.get(_KEPT, (None, None))
    if known == names:
        return found
    bar = st.progress(0.0, "Reading your pictures …")

    def report(done: int, total: int) -> None:
        bar.progress(min(done / max(total, 1), 1.0), "Reading your pictures …")

    try:
        found = folder.read([Upload(file.name, file.getvalue()) for file in files], report)
    except FolderError as problem:
        found = str(problem)
    finally:
        bar.empty()
    st.session_state[_KEPT] = (names, found)
    return found


def _draw(found: Folder, is_last: bool) -> None:
    st.markdown(f"{found.summary}{' Upload others to replace them.' if is_last else ''}")
    pictures = found.images[found.examples(_SHOWN)].transpose(0, 2, 3, 1)
    said = "Pictures of each class in turn, cut square"
    st.image(wall(pictures, _COLUMNS), caption=said, alt=said)
    if found.problems:
        with st.expander(f"Files that are not used ({len(found.problems)})"):
            st.markdown("\n".join(_line(problem) for problem in found.problems[:_LISTED]))


def _line(problem: Refused) -> str:
    return f"- {problem.file or 'a file without a name'}: {problem.why}"
