"""A design decision, made anew in a network in focus: what that would change."""

from __future__ import annotations

import streamlit as st

from analysis.structure.decisions import DECISIONS, Change, NotOffered, Offer, Value
from pages.parts import cached, focus, segments, url
from pages.parts.cost import columns


def draw(decision: str) -> None:
    """Choose a network and a value; show the network before and after.

    `decision` is a key of `analysis.structure.decisions.DECISIONS`. The choices stand in the
    address as "within" and "becomes".
    """
    offer, key = _choose_network(decision)
    st.markdown(offer.sentence)
    _show(cached.changed(key, decision, _choose(offer)))


def _choose_network(decision: str) -> tuple[Offer, str]:
    """One of the networks in focus that have this decision, else one that is known for it."""
    offers: dict[str, Offer] = {}
    refusals = []
    for key in focus.held():
        try:
            offers[key] = cached.offer(key, decision)
        except NotOffered as refusal:
            refusals.append(str(refusal))
    if not offers:
        example = DECISIONS[decision].example
        alone = f"No network is in focus, so {focus.display_name(example)} stands here."
        st.markdown("  \n".join(refusals) or alone)
        offers[example] = cached.offer(example, decision)
    elif refusals:
        st.caption("  \n".join(refusals))
    names = {key: focus.display_name(key) for key in offers}
    asked = "the network to change"
    chosen = segments.choose(
        "within", names, next(iter(names)), "Network to change", hidden=False, asked=asked
    )
    return offers[chosen], chosen


def _choose(offer: Offer) -> Value:
    with url.kept("becomes", offer.values, offer.default, label="the new version"):
        return st.selectbox(
            offer.label,
            offer.values,
            format_func=lambda value: _named(offer, value),
            key="becomes",
        )


def _named(offer: Offer, value: Value) -> str:
    return f"{offer.text(value)} (as built)" if value == offer.present else offer.text(value)


def _show(change: Change) -> None:
    st.markdown(change.what)
    st.dataframe(change.totals(), width="stretch", column_config=columns.CHANGED)
    st.markdown(change.effect)
    rows = change.table()
    if not rows.empty:
        with st.expander("Where the difference sits"):
            st.dataframe(
                rows, hide_index=True, width="stretch", column_config=columns.WHERE_CHANGED
            )
