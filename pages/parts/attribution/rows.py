"""A row for each network, with an empty place for each map before any of them is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from analysis.amounts import percent
from analysis.vision import sight
from analysis.vision.attribution import METHODS
from analysis.vision.maps.target import Target, target_of
from analysis.vision.voices import Voice
from pages.parts import focus, looking, public
from pages.parts.attribution.choices import Wanted

_WIDTHS = {1: 320, 2: 288}  # pixels of a picture, by the number of methods
_WIDTH = 212  # four side by side at 1400 pixels
_ROOM = 4  # pictures in a row: with fewer maps there is room for the input


@dataclass(frozen=True)
class Cell:
    """Where one map goes, and what is said below it."""

    picture: DeltaGenerator
    below: DeltaGenerator


@dataclass(frozen=True)
class Place:
    """The place of one network: what it gets, a line for what it says, its cells by method."""

    speaker: Voice
    seen: sight.Sight
    line: DeltaGenerator
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Row:
    """One network that answers, what it is asked, and its cells by method."""

    speaker: Voice
    seen: sight.Sight
    target: Target
    cells: Mapping[str, Cell]


def draw(
    speakers: Sequence[Voice], image: Image.Image, methods: Sequence[str], wanted: Wanted
) -> list[Row]:
    """Draw what each network gets, then what it says; the refusal of one leaves the others."""
    places = [_reserved(speaker, image, methods) for speaker in speakers]
    rows = [_answered(place, wanted) for place in places if place]
    return [row for row in rows if row]


def _reserved(speaker: Voice, image: Image.Image, methods: Sequence[str]) -> Place | None:
    name = focus.display_name(speaker.key)
    st.subheader(name)
    public.say_who_speaks(speaker)
    try:
        seen = looking.sight_of(speaker, image)
    except looking.REFUSALS as refusal:
        st.warning(f"{name} cannot answer: {refusal}", icon=":material/block:")
        return None
    line = st.container(gap=None)
    return Place(speaker, seen, line, _cells(seen, methods))


def _answered(place: Place, wanted: Wanted) -> Row | None:
    speaker, name = place.speaker, focus.display_name(place.speaker.key)
    try:
        with place.line:
            shares, note = looking.probabilities(speaker, place.seen.tensor)
    except looking.REFUSALS as refusal:
        place.line.warning(f"{name} cannot answer: {refusal}", icon=":material/block:")
        return None
    target = target_of(name, speaker.classes, shares, *wanted)
    asked, probability = speaker.classes[target.index], percent(float(shares[target.index]))
    place.line.markdown(
        f"Maps for **{target.words}**; the probability of {asked} is {probability}."
    )
    for line in filter(None, (target.note, note)):
        place.line.caption(line)
    return Row(speaker, place.seen, target, place.cells)


def _cells(seen: sight.Sight, methods: Sequence[str]) -> dict[str, Cell]:
    width = _WIDTHS.get(len(methods), _WIDTH)
    cells = {}
    with st.container(horizontal=True, gap="small"):
        if len(methods) < _ROOM:
            with st.container(width=width, gap="xsmall"):
                st.markdown("**Its input**")
                st.image(sight.enlarged(seen.picture), width=width)
        for method in methods:
            with st.container(width=width, gap="xsmall"):
                st.markdown(f"**{METHODS[method].label}**")
                picture = st.container(height=width, border=False, gap=None)
                cells[method] = Cell(picture, st.container(gap=None))
    return cells
