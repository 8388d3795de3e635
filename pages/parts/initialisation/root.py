"""Whether the variance has a square root."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis.charts import starts as drawing
from analysis.experiments.signal import root, variance
from analysis.experiments.signal.root import CLAIMS, RULES
from analysis.experiments.signal.variance import Plan
from pages.parts import measured, segments
from pages.parts.work import result

_LABELS = {name: rule.label for name, rule in RULES.items()}
_PLAN = Plan(draws=8, functions=("relu",))


def draw() -> None:
    """Draw the variance of drawn weights between the two formulas."""
    rule = segments.choose("rule", _LABELS, "he", "Rule")
    rows = root.sampled(rule)
    grown = result(
        ("signal with a root", _PLAN),
        "Drawing networks of 30 layers",
        lambda report: variance.measure(_PLAN, 0, report),
    )
    measured.figure(
        drawing.roots(rows, RULES[rule].inside),
        "variance of the weights",
        f"Variance of weights drawn by {_LABELS[rule]}'s rule for {len(rows)} numbers of inputs",
    )
    if isinstance(grown, pd.DataFrame):
        st.markdown(root.sentence(rows, rule, grown))
    st.caption(
        f"One deck writes W ~ N(0, Var(W)) with Var(W) = √({RULES[rule].inside}): claim "
        f"{CLAIMS[rule]} on the page Lecture check. The dots are weights that PyTorch draws for "
        f"{root.OUTPUTS} units, mean over the seeds 0, 1 and 2."
    )
