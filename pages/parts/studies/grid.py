"""The grid of small networks on the axes of the landscape."""

from __future__ import annotations

import streamlit as st

from analysis.charts import learning
from analysis.charts import scaling as drawing
from analysis.charts.palette import family_colour
from analysis.experiments.records import Record
from analysis.experiments.studies import scaling, search
from pages.parts import segments
from pages.parts.studies import shown
from pages.parts.training import launch

_COSTS = {"multiply_adds": "Multiply-adds", "parameters": "Parameters"}


def draw() -> None:
    """Draw the choice of the cost, the dots, and what they say."""
    found = shown.record(scaling.STUDY.name)
    if found is not None:
        cost = segments.choose("against", _COSTS, "multiply_adds", "Cost")
        _dots(found, cost)
        st.markdown(scaling.verdict(found.rows))
        shown.origin(found)
        st.caption(
            "The digits were scanned at 8 pixels: at 16 pixels the network sees the same digit on "
            "a finer field, so resolution buys finer steps between its layers and no new detail."
        )
    launch.offer(scaling.STUDY)


def draw_search() -> None:
    """Draw how a controller learns to choose among the designs of the grid."""
    st.markdown("**Can a controller learn which network to build?**")
    found = shown.record(scaling.STUDY.name)
    if found is None:
        return
    runs = _searches(found)
    st.plotly_chart(
        learning.curves(
            {"controller": search.by_step(runs)},
            "expected test accuracy",
            {"controller": learning.Style(family_colour("nasnet"), "solid")},
            across="networks sampled",
            from_zero=False,
        ),
        config={"displayModeBar": False},
        key="search on the grid",
        alt=f"Expected test accuracy of the controller's next design in {len(runs)} searches",
    )
    st.markdown(search.verdict(runs))
    st.caption(
        "The controller chooses depth, width and resolution, each from two values. The reward is "
        "the recorded test accuracy of the design with one of its seeds. REINFORCE: a design "
        "better than the running mean becomes likelier. After Zoph and Le (ICLR 2017). "
        f"Seeds of the searches: {', '.join(map(str, search.SEEDS))}. {found.origin}"
    )


@st.cache_data(max_entries=2, show_spinner=False, hash_funcs={Record: lambda found: found.name})
def _searches(found: Record) -> tuple[search.Search, ...]:
    return search.searches(found.rows)


def _dots(found: Record, cost: str) -> None:
    points = scaling.points(found.rows, cost)
    st.plotly_chart(
        drawing.against_cost(points, _COSTS[cost].lower()),
        config={"displayModeBar": False},
        key="accuracy against cost",
        alt=f"Test accuracy of {len(points)} small networks against their {_COSTS[cost].lower()}",
    )
