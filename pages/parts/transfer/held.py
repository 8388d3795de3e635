"""What this session teaches a network with, and what came of it; gone with the session."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from analysis.experiments.folder import Folder
from analysis.experiments.transfer import samples
from analysis.experiments.transfer.classifier import Classifier
from analysis.experiments.transfer.probe import Seen
from pages.parts.looking import digest_of_pixels

EACH = 20  # pictures a class of the sample set, where nobody chose
_FOLDER = "transfer: the pictures"
_LEARNED = "transfer: what was learned"


@dataclass(frozen=True, eq=False)
class Learned:
    """A classifier, the pictures that it learned, and their features where only a head was fitted.

    `name` says how it came about, in a few words.
    """

    name: str
    classifier: Classifier
    folder: Folder
    seen: Seen | None = None


@st.cache_data(max_entries=8, show_spinner="Drawing Shapes …")
def sample_set(each: int) -> Folder:
    """So many pictures of each class of the sample set, the same for all sessions."""
    return samples.samples(each)


def folder() -> Folder:
    """The pictures that were chosen; the sample set before anybody chose."""
    found = st.session_state.get(_FOLDER)
    return found if isinstance(found, Folder) else sample_set(EACH)


def take_folder(found: Folder) -> None:
    st.session_state[_FOLDER] = found


def learned() -> Learned | None:
    """The latest classifier of this session."""
    return st.session_state.get(_LEARNED)


def take_learned(found: Learned) -> None:
    st.session_state[_LEARNED] = found


def is_of_these(found: Learned) -> bool:
    """Whether it learned the pictures that are chosen now."""
    return name_of(found.folder) == name_of(folder())


def name_of(found: Folder) -> tuple[str, str, tuple[str, ...]]:
    """What tells pictures, and the classes that they are put into, from all others."""
    return digest_of_pixels(found.images), digest_of_pixels(found.labels), found.classes


def said() -> Learned | None:
    """The classifier, with how it came about; None where there is none, which is then said."""
    found = learned()
    if found is None:
        st.info("There is no classifier yet: **2 Train** makes one in seconds.")
    else:
        say_which(found)
    return found


def say_which(found: Learned) -> None:
    """Draw how the classifier came about, and whose weights it started from."""
    st.caption(f"{found.name}. Start: {found.classifier.making.start}.")
