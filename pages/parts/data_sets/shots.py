"""Pictures from the camera, one after the other, into classes that are named on the spot."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import streamlit as st

from analysis.amounts import listed
from analysis.experiments.uploads import MOST_FILES

_TAKEN = "shots: all that were taken"  # in the session, and gone with it
_WIDTH = 480  # pixels of the camera, so that its button is on the screen too


@dataclass(frozen=True)
class Shot:
    """A picture from the camera, which looks like an uploaded file in a folder of its class."""

    file_id: str
    label: str
    data: bytes

    @property
    def name(self) -> str:
        return f"{self.label.replace('/', ' ').replace(chr(92), ' ')}/{self.file_id}.jpg"

    def getvalue(self) -> bytes:
        return self.data


def choose() -> list[Shot]:
    """Draw the name of a class, the camera, and what has been taken so far."""
    taken: list[Shot] = st.session_state.setdefault(_TAKEN, [])
    label = st.text_input("Class of the next pictures", max_chars=40, placeholder="cup").strip()
    if len(taken) >= MOST_FILES:
        st.info(f"{MOST_FILES:,} pictures are taken, and no more are kept.")
        return taken
    file = st.camera_input(
        f"A picture of {label}" if label else "Name a class first",
        disabled=not label,
        width=_WIDTH,
    )
    if file is not None and label and file.file_id not in {shot.file_id for shot in taken}:
        taken.append(Shot(file.file_id, label, file.getvalue()))
    if taken:
        counts = Counter(shot.label for shot in taken)
        st.markdown(f"Taken: {listed(f'{name} ({count})' for name, count in counts.items())}.")
        st.button("Start over", icon=":material/delete:", on_click=taken.clear)
    return taken
