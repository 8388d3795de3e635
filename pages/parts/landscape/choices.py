"""What the landscape shows, each choice kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from analysis.charts.bubble_view import AREAS
from analysis.structure import accuracy, landscape, per_cost
from analysis.structure.relatives import FAMILY_NAMES
from pages.parts import segments, url

BUBBLES, YEARS, PER_COST, SPEED = "bubbles", "years", "per_cost", "speed"
VIEWS = {
    BUBBLES: "All networks",
    YEARS: "ILSVRC year by year",
    PER_COST: "Accuracy for the cost",
    SPEED: "Time on this machine",
}


def view() -> str:
    """Which part of the page."""
    return segments.choose("view", VIEWS, BUBBLES, "View", asked="the view")


def size(comparable: bool = False) -> str:
    """Networks for which size of image; only sizes with accuracies that can be compared."""
    offered = {
        name: label
        for name, label in landscape.SIZES.items()
        if not comparable or landscape.ACCURACY in landscape.heights(name)
    }
    return _in_sight("size", offered, landscape.IMAGENET, "Networks for images of")


def height(of: str) -> str:
    """What stands upwards, among what can be compared at that size of image."""
    offered = landscape.heights(of)
    return _in_sight("axis", offered, next(iter(offered)), "Height")


def basis(of: str, what: str) -> str:
    """Whose accuracies, where there is a choice."""
    offered = landscape.bases(of, what)
    if len(offered) < 2:
        return offered[0] if offered else accuracy.PAPER
    labels = {name: accuracy.BASES[name].label for name in offered}
    with url.kept("measured", labels, accuracy.PUBLIC):
        return st.selectbox(
            "Accuracy of",
            list(labels),
            format_func=labels.__getitem__,
            key="measured",
            width=250,
        )


def families(held: Sequence[str]) -> list[str]:
    """Families to show; none chosen means all."""
    with url.kept("families", FAMILY_NAMES, [], len(FAMILY_NAMES)):
        return st.multiselect(
            "Families",
            [name for name in FAMILY_NAMES if name in held or name in _held("families")],
            format_func=FAMILY_NAMES.__getitem__,
            placeholder="All families",
            select_all=False,
            key="families",
        )


def _held(key: str) -> Sequence[str]:
    return st.session_state.get(key) or []


def until(rows: pd.DataFrame) -> int:
    """The last year to show, up to the last in which a network of the rows came."""
    years = sorted(map(int, rows["year"].unique()))
    with url.kept("until", years, years[-1], label="the year"):
        return st.select_slider("Up to the year", years, key="until")


def area(what: str) -> str:
    """The column of the table that the area of a bubble shows."""
    default = "activations" if what == landscape.PARAMS else "params"
    labels = {name: column.capitalize() for name, column in AREAS.items()}
    return AREAS[_in_sight("area", labels, default, "Area of a bubble")]


def cost() -> per_cost.Portion:
    """What the accuracy is divided by."""
    labels = {name: portion.label for name, portion in per_cost.COSTS.items()}
    return per_cost.COSTS[_in_sight("per", labels, "macs", "Accuracy per")]


def _in_sight(key: str, labels: Mapping[str, str], default: str, label: str) -> str:
    return segments.choose(key, labels, default, label, hidden=False, asked=f"the {key}")
