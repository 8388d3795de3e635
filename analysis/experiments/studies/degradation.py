"""Degradation: He, Zhang, Ren, Sun (CVPR 2016), Figures 1 and 6, on digits.

A plain network of 56 layers ends with a higher training error than one of 20, so that it is not
overfitting; with shortcuts, the deeper network learns.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.experiments.studies.spread import compared, spread, wins
from analysis.experiments.studies.study import CONFIG, Study, arm

# Smaller batches than elsewhere make more steps, which the deepest network needs.
LONG = replace(CONFIG, epochs=24, batch_size=32, learning_rate=0.1, warmup=3)
PLAIN20, PLAIN56, RES20, RES56 = "plain-20", "plain-56", "ResNet-20", "ResNet-56"


def verdict(rows: pd.DataFrame) -> str:
    """What 36 layers more do to a plain and to a residual network."""
    lower, of = wins(rows, PLAIN20, PLAIN56, "train_error")
    ruled_out = (
        " The deeper plain network fails on the very images that it learns from, so that this is "
        "not overfitting."
        if lower == of
        else ""
    )
    return (
        f"{compared(rows, PLAIN20, PLAIN56, 'train_error')}{ruled_out} From 20 to 56 layers it "
        f"{_change(rows, PLAIN20, PLAIN56)} without shortcuts, and with them it "
        f"{_change(rows, RES20, RES56)}, to {spread(rows, RES56, 'train_error')}. "
        f"{compared(rows, RES56, RES20, 'test_error')}"
    )


def _change(rows: pd.DataFrame, shallow: str, deep: str) -> str:
    """How the mean training error moves, in points."""
    one, two = (spread(rows, run, "train_error").mean for run in (shallow, deep))
    return f"{'rises' if two > one else 'falls'} by {100 * abs(two - one):.1f} points"


STUDY = Study(
    name="degradation",
    title="Plain and residual networks",
    question="Does a deeper network fit the images that it learns from?",
    arms=(
        arm(PLAIN20, "plain", LONG, depth=20),
        arm(PLAIN56, "plain", LONG, depth=56),
        arm(RES20, "residual", LONG, depth=20),
        arm(RES56, "residual", LONG, depth=56),
    ),
    verdict=verdict,
    quick_epochs=6,
)
