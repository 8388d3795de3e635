"""Which network the page looks into: one in focus that has gates, or one that ships."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import listed
from analysis.vision.gates import places
from analysis.vision.gates.places import Gate
from analysis.vision.voices import trained_here, voice
from pages.parts import cached, focus, segments, url

_GATE = "gate"  # in the address: the chosen gate, by the name of its block


@st.cache_data(max_entries=cached.MOST, show_spinner="Looking for gates …")
def gates(key: str) -> tuple[Gate, ...]:
    """The gates of a network."""
    return places.gates_of_key(key)


@st.cache_data(max_entries=1, show_spinner="Looking for networks with gates …")
def _examples() -> tuple[str, ...]:
    return places.examples(trained_here(), focus.MOST)


def choose(keys: list[str]) -> str:
    """The network to show, of those in focus with gates; one that ships if there is none."""
    if not keys:
        return _offer()
    if len(keys) == 1:
        return keys[0]
    names = {key: focus.display_name(key) for key in keys}
    return segments.choose("shown", names, keys[0], "Network", asked="the network")


def in_focus() -> list[str]:
    """Keys of the networks in focus that have gates."""
    return [key for key in focus.current() if gates(key)]


def choose_gate(key: str) -> Gate:
    """Draw the choice of a block; at first a late one, where gates differ from class to class."""
    known = {gate.block: gate for gate in gates(key)}
    late = list(known)[-2:][0]  # the paper finds the very last ones near to saturation
    with url.kept(_GATE, known, late, label="the block"):
        chosen = st.selectbox(
            f"Block of {focus.display_name(key)}",
            list(known),
            format_func=lambda block: f"{block} · {known[block].channels} channels",
            key=_GATE,
        )
    return known[str(chosen)]


def place_of(key: str, gate: Gate) -> int:
    """Which gate of the network it is, counted from 0."""
    return gates(key).index(gate)


def _offer() -> str:
    """Say that nothing in focus has gates, offer networks that have, and take the first."""
    names = listed(map(focus.display_name, focus.held()))
    first, *others = _examples()
    verb = "has no gates" if len(focus.held()) == 1 else "have no gates"
    ships = ", which ships with the atlas" if voice(first).trained_on else ""
    with st.container(border=True):
        st.markdown(
            f"{names} {verb}. So this page shows **{focus.display_name(first)}**{ships}. "
            "Networks with gates to put in focus:"
        )
        with st.container(horizontal=True):
            for key in (first, *others):
                icon = ":material/verified:" if voice(key).trained_on else ":material/tune:"
                focus.offer(focus.display_name(key), [key], icon)
    return first
