"""The signal in networks while they learn."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from analysis.amounts import listed
from analysis.charts import gradient_flow as drawing
from analysis.experiments.signal import flow
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.flow import TRAINED, WAYS, Plan
from pages.parts import measured, url
from pages.parts.gradient_flow import choices

NAME = "gradient_flow_trained"
_SMALL = (0, 1, 5, 20)


def draw() -> None:
    """Draw one line a network, after as many steps as are chosen."""
    quantity = choices.quantity()
    depth, norm = measured.choices(choices.depth, lambda: choices.norm(default=True))
    here = measured.is_made_here()
    step = _step(_SMALL if here else TRAINED.steps)
    plan = Plan((depth,), norms=(norm,), side=8, images=32, steps=_SMALL)
    rows = measured.rows(NAME, here, plan)
    if rows is None:
        return
    own = where(rows, depth=depth, norm=norm, step=step)
    if len(own):
        found = flow.over_seeds(own, quantity)
        measured.figure(
            drawing.flows(found, choices.UNITS[quantity]),
            "signal by layer while learning",
            f"{flow.QUANTITIES[quantity]} along the layers after {step} steps",
        )
        st.markdown(flow.sentence(found, quantity))
    _say_who_left(own, len(set(rows["seed"])), step)
    st.caption(
        f"Weights start by He's rule and learn digits in batches of 32 at the rate "
        f"{TRAINED.rate:g}, without warm-up. Geometric mean and range over the seeds."
    )
    measured.origin(NAME, here, plan)


def _step(steps: Sequence[int]) -> int:
    with url.kept("step", steps, steps[-1]):
        return int(st.select_slider("Steps of training", steps, key="step") or 0)


def _say_who_left(own: pd.DataFrame, seeds: int, step: int) -> None:
    present = {str(name): len(set(part["seed"])) for name, part in own.groupby("way")}
    gone = {way.label: seeds - present.get(name, 0) for name, way in WAYS.items()}
    lost = [f"{label} ({count} of {seeds} seeds)" for label, count in gone.items() if count]
    if lost:
        st.warning(
            f"Not shown, since the loss was no longer finite before step {step}: {listed(lost)}.",
            icon=":material/trending_up:",
        )
