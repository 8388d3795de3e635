"""Step 1: the pictures, by class, and what is wrong with them."""

from __future__ import annotations

import streamlit as st

from analysis.charts.wall import wall
from analysis.experiments.folder import Folder
from analysis.experiments.transfer import leaks
from pages.parts import segments, url
from pages.parts.data_sets import own
from pages.parts.transfer import held

_FROM = {"samples": "A sample set", "own": "Your own pictures"}
_EACH = (5, 10, 20, 50)
_SHOWN, _COLUMNS = 15, 5


def draw() -> None:
    """Draw the choice of pictures and what is to be known about them."""
    source = segments.choose("lesson", _FROM, "samples", "The classes come from")
    found = _samples() if source == "samples" else own.choose()
    if found is None:
        return
    held.take_folder(found)
    for sentence in _warnings(found):
        st.warning(sentence, icon=":material/content_copy:")
    st.caption("Next: **2 Train**.")


def _samples() -> Folder:
    with url.kept("each", _EACH, held.EACH, label="pictures of each class"):
        each = st.select_slider("Pictures of each class", _EACH, key="each")
    found = held.sample_set(int(each))
    st.markdown(
        f"{found.summary} No network that comes with the atlas has learned these classes: they "
        "know ten other shapes."
    )
    pictures = found.images[found.examples(_SHOWN)].transpose(0, 2, 3, 1)
    said = "Pictures of each class in turn"
    st.image(wall(pictures, _COLUMNS), caption=said, alt=said)
    return found


@st.cache_data(
    max_entries=16,
    show_spinner="Looking for the same picture in two classes …",
    hash_funcs={Folder: held.name_of},
)
def _warnings(found: Folder) -> tuple[str, ...]:
    return leaks.warnings(found)
