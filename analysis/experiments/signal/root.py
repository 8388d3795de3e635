"""Whether the variance of a rule has a square root, as one deck prints it, or none.

The deck writes W ~ N(0, Var(W)), Var(W) = √(2 / n_in). Weights are drawn here by torch's own
implementation of the rules, which is none of this project's code, and their variance is compared
with both readings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from analysis.amounts import scientific

INPUTS = (16, 64, 256, 1024, 4096)
OUTPUTS = 256
CLAIMS: Mapping[str, str] = {"xavier": "c192", "he": "c193"}  # in assets/lecture_claims.json


class Rule(NamedTuple):
    """A rule as torch has it, and what stands under the deck's root."""

    label: str
    inside: str
    value: Callable[[int, int], float]
    fill: Callable[[Tensor, torch.Generator], Tensor]


RULES: Mapping[str, Rule] = {
    "he": Rule(
        "He",
        "2 / n_in",
        lambda n_in, _: 2 / n_in,
        lambda w, g: nn.init.kaiming_normal_(w, nonlinearity="relu", generator=g),
    ),
    "xavier": Rule(
        "Xavier",
        "2 / (n_in + n_out)",
        lambda n_in, n_out: 2 / (n_in + n_out),
        lambda w, g: nn.init.xavier_normal_(w, generator=g),
    ),
}


def sampled(rule: str, seeds: tuple[int, ...] = (0, 1, 2)) -> pd.DataFrame:
    """One row a number of inputs: inputs, outputs, mean, low, high, plain, root.

    `mean`, `low` and `high` are the variances of the weights over the seeds, `plain` is the
    formula without a root and `root` with it.
    """
    rows = []
    for inputs in INPUTS:
        found = []
        for seed in seeds:
            generator = torch.Generator().manual_seed(seed)
            weights = RULES[rule].fill(torch.empty(OUTPUTS, inputs), generator)
            found.append(float(weights.double().var()))
        plain = RULES[rule].value(inputs, OUTPUTS)
        rows.append(
            (inputs, OUTPUTS, np.mean(found), min(found), max(found), plain, math.sqrt(plain))
        )
    columns = ["inputs", "outputs", "mean", "low", "high", "plain", "root"]
    return pd.DataFrame(rows, columns=columns)


def sentence(rows: pd.DataFrame, rule: str, variances: pd.DataFrame) -> str:
    """Which formula the samples follow, and what the other one would do to a deep network.

    `variances` is what `variance.measure` gives, for ReLU among others.
    """
    without = (rows["mean"] / rows["plain"] - 1).abs().max()
    times = (rows["root"] / rows["mean"]).max()
    widest = int(rows["inputs"].iloc[-1])
    own = variances.query("function == 'relu' and start == 'he_root'")
    grown, layers = own["mean"].iloc[-1] / own["mean"].iloc[0], int(own["layer"].iloc[-1])
    return (
        f"The weights that are drawn follow **{RULES[rule].inside}** to within "
        f"{100 * without:.1f}%. With the root the variance would be {times:.0f} times as large at "
        f"{widest:,} inputs. So the root belongs to the **standard deviation**. Taken as a "
        f"variance, √(2 / n_in) would multiply the signal's variance by "
        f"{scientific(grown)} over {layers} layers with ReLU."
    )
