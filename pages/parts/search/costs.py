"""A reward that knows what a network costs: the front, and what searches come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from analysis.amounts import counted
from analysis.charts import search as charts
from analysis.experiments.records import NotRecorded
from analysis.experiments.search import reward
from analysis.experiments.search.reward import Found
from analysis.experiments.search.tabulated import Tabulated
from analysis.progress import Report
from pages.parts import segments, url
from pages.parts.search import tabled
from pages.parts.work import result

_COSTS = {"multiply_adds": "Multiply-adds", "parameters": "Parameters", "latency": "Latency"}


def draw() -> None:
    """Draw the choices, all networks with the front, what the searches found, and a sentence."""
    st.markdown("**What does a search find that also counts the cost?**")
    there = tabled.networks()
    if there is None:
        return
    known, record = there
    name = segments.choose(
        "priced", _COSTS, "multiply_adds", "Cost", hidden=False, asked="the cost"
    )
    cost = _cost(name)
    if cost is None:
        return
    weights = _weights()
    found = result(
        ("searches with a cost", name, tuple(weights)),
        "Searches",
        lambda report: _searches(known, cost, weights, report),
    )
    if found is None:
        return
    st.plotly_chart(
        charts.front(known.mean_tests, cost, reward.front(known, cost), reward.COSTS[name], found),
        config={"displayModeBar": False},
        key=f"front by {name}",
        alt=f"Test accuracy of {len(known):,} networks against {reward.COSTS[name]}, with those "
        f"that none beats in both and what searches with {counted(len(weights), 'weight')} found",
    )
    st.markdown(reward.sentence(known, name, cost, found))
    st.caption(
        "The reward of a search is accuracy · (cost / target) to the power of the weight, after "
        "MnasNet (Tan et al., CVPR 2019); the target is the middle cost of all networks. Three "
        f"searches by the controller for each weight. {record.origin}"
    )


def _cost(name: str) -> np.ndarray | None:
    try:
        return reward.costs(name)
    except NotRecorded as missing:
        st.info(str(missing), icon=":material/hourglass_empty:")
        return None


def _weights() -> list[float]:
    options = list(reward.WEIGHTS)
    with url.kept("weights", options, options, len(options), "weights"):
        chosen = st.pills(
            "Weight of the cost in the reward",
            options,
            selection_mode="multi",
            format_func=_text,
            key="weights",
        )
    return [weight for weight in options if weight in (chosen or [])]


def _text(weight: float) -> str:
    return f"{weight:g}".replace("-", "−")


def _searches(
    known: Tabulated, cost: np.ndarray, weights: Sequence[float], report: Report
) -> dict[float, list[Found]]:
    found = {}
    for place, weight in enumerate(weights):
        report(place, len(weights))
        found[weight] = reward.searched(known, cost, weight)
    return found
