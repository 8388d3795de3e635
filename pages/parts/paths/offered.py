"""Which kinds of paths the networks in focus have, and networks that have the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from analysis.amounts import listed
from analysis.vision.paths.found import EXAMPLES, NEEDS, Paths, paths_of
from pages.parts import cached, focus

LABELS = {
    "blocks": "Blocks off",
    "reuse": "Reuse map",
    "columns": "Columns",
    "heads": "Early heads",
}


@st.cache_resource(max_entries=cached.MOST, show_spinner="Looking for paths …")
def paths(key: str) -> Paths:
    """The paths of a network, found without its weights."""
    return paths_of(key, cached.traced(key))


def by_kind(keys: Sequence[str]) -> dict[str, list[str]]:
    """For each kind of paths the networks in focus that have it.

    Where none has any, this is said, and two networks that the project has trained stand in.
    """
    has = {kind: [key for key in keys if kind in paths(key).kinds] for kind in NEEDS}
    if any(has.values()):
        return has
    st.info(
        f"{names(keys)}: no block, connection, column or head of it can be taken alone. "
        f"{names(EXAMPLES['blocks'])} stand here."
    )
    return {**has, "blocks": list(EXAMPLES["blocks"])}


def names(keys: Iterable[str]) -> str:
    """The networks as a sentence lists them."""
    return listed(map(focus.display_name, keys))


def offer_others(has: Mapping[str, Sequence[str]]) -> None:
    """Offer networks with the kinds of paths that no network in focus has."""
    missing = [kind for kind, keys in has.items() if not keys]
    if not missing:
        return
    with st.container(border=True):
        st.markdown("The networks in focus do not have these paths:")
        for kind in missing:
            st.markdown(f"**{LABELS[kind]}.** {NEEDS[kind]}")
            with st.container(horizontal=True):
                for key in EXAMPLES[kind]:
                    focus.offer(focus.display_name(key), [key], ":material/route:", {"part": kind})
