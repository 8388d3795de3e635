"""A reward that knows what a network costs: the front, and what searches come to."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analysis.charts import search as charts
from analysis.experiments.records import NotRecorded
from analysis.experiments.search import priced, reward
from pages.parts import segments, url
from pages.parts.search import tabled
from pages.parts.studies import shown

_COSTS = {"multiply_adds": "Multiply-adds", "parameters": "Parameters", "latency": "Latency"}
_USUAL = -0.07  # MnasNet's


def draw() -> None:
    """Draw the choices, all networks with the front, what the searches found, and a sentence."""
    st.markdown(f"**{priced.QUESTION}**")
    there, record = tabled.networks(), shown.record(priced.NAME)
    if there is None or record is None:
        return
    known, _ = there
    name = segments.choose(
        "priced", _COSTS, "multiply_adds", "Cost", hidden=False, asked="the cost"
    )
    cost = _cost(name)
    if cost is None:
        return
    every = priced.found(record.rows, known, name, cost)
    turned = {weight: every[weight] for weight in sorted({0.0, _weight(list(every))}, reverse=True)}
    st.plotly_chart(
        charts.front(known.mean_tests, cost, reward.front(known, cost), reward.COSTS[name], turned),
        config={"displayModeBar": False},
        key=f"front by {name}",
        alt=f"Test accuracy of {len(known):,} networks against {reward.COSTS[name]}, with those "
        "that none beats in both, and what searches found",
    )
    st.markdown(reward.sentence(known, name, cost, turned))
    st.caption(
        "The reward of a search is accuracy · (cost / target) to the power of the weight, after "
        "MnasNet (Tan et al., CVPR 2019), which has −0.07; the target is the middle cost of all "
        f"networks. {record.origin}"
    )


def _cost(name: str) -> np.ndarray | None:
    try:
        return reward.costs(name)
    except NotRecorded as missing:
        st.info(str(missing), icon=":material/hourglass_empty:")
        return None


def _weight(options: list[float]) -> float:
    usual = _USUAL if _USUAL in options else options[-1]
    with url.kept("turned", options, usual, label="the weight"):
        chosen = st.select_slider(
            "Weight of the cost in the reward: further to the right, smaller networks",
            options,
            format_func=lambda weight: f"{weight:g}".replace("-", "−"),
            key="turned",
        )
    return float(chosen)
