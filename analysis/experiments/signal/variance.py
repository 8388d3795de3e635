"""The variance of what each of many layers puts out, by the rule that the weights start with.

All layers are linear, with as many outputs as inputs, n, and a function f after each. For weights
of mean 0 and inputs that do not depend on them, a unit's value before f has variance

    q(l + 1) = n · Var(w) · E[f(x)²],    x of variance q(l)

so that with f = ReLU, which halves the mean square, He's 2 / n keeps q and Xavier's 1 / n halves it
in each layer (He et al. 2015, equations 6 to 10). Here that formula stands beside what is measured
in networks that are really drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from analysis.amounts import listed, scientific
from analysis.experiments.signal.chosen import where
from analysis.experiments.signal.starts import STARTS, Start
from analysis.progress import Report, silent

_AT_ONCE = 8  # networks that are drawn together
_NODES = 101  # of the quadrature that takes the mean over a normal distribution


class Function(NamedTuple):
    """What follows each layer; `mean_square(q)` is E[f(x)²] for normal x of variance q."""

    label: str
    of: Callable[[Tensor], Tensor]
    mean_square: Callable[[float], float]


def _mean_square_of_tanh(q: float) -> float:
    x, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    return float((weights * np.tanh(np.sqrt(q) * x) ** 2).sum() / weights.sum())


FUNCTIONS: Mapping[str, Function] = {
    "relu": Function("ReLU", torch.relu, lambda q: q / 2),
    "tanh": Function("tanh", torch.tanh, _mean_square_of_tanh),
    "none": Function("none", lambda x: x, lambda q: q),
}


@dataclass(frozen=True)
class Plan:
    """How many networks of which size are drawn, and what they are given.

    Attributes:
        layers: of each network.
        width: inputs and outputs of each layer.
        draws: networks for each rule and seed.
        images: inputs of each network, normal noise of variance 1.
        functions: names in `FUNCTIONS`.
    """

    layers: int = 30
    width: int = 256
    draws: int = 16
    images: int = 8
    functions: tuple[str, ...] = tuple(FUNCTIONS)


FULL = Plan(draws=40)


def measure(plan: Plan, seed: int, report: Report = silent) -> pd.DataFrame:
    """One row a rule, function and layer: start, function, seed, layer, mean, low, high, formula.

    `mean`, `low` and `high` are over the networks; all are relative to the variance of the input.
    A variance below the smallest float64 is 0.
    """
    pairs = [(name, function) for name in STARTS for function in plan.functions]
    rows = []
    for place, (name, function) in enumerate(pairs):
        found = np.vstack(
            [
                variances(STARTS[name], FUNCTIONS[function], plan, seed, first)
                for first in _firsts(plan, place, len(pairs), report)
            ]
        )  # (draws, layers)
        expected = predicted(STARTS[name], FUNCTIONS[function], plan.layers, plan.width)
        for layer in range(plan.layers):
            own = found[:, layer]
            spread = (own.mean(), own.min(), own.max(), expected[layer])
            rows.append((name, function, seed, layer + 1, *spread))
    columns = ["start", "function", "seed", "layer", "mean", "low", "high", "formula"]
    return pd.DataFrame(rows, columns=columns)


def _firsts(plan: Plan, place: int, places: int, report: Report) -> Iterator[int]:
    """The first of each few networks that are drawn together."""
    for first in range(0, plan.draws, _AT_ONCE):
        report(place * plan.draws + first, places * plan.draws)
        yield first


def variances(start: Start, function: Function, plan: Plan, seed: int, first: int) -> np.ndarray:
    """Variance behind each layer of up to 8 networks from number `first`: (networks, layers)."""
    generator = torch.Generator().manual_seed(1_000_003 * seed + first)
    count, n = min(_AT_ONCE, plan.draws - first), plan.width
    x = torch.randn(count, n, plan.images, generator=generator)
    variances = []
    for _ in range(plan.layers):
        values = start.draw(count, n, n, generator=generator) @ x  # (networks, n, images)
        variances.append(values.double().square().mean((1, 2)))
        x = function.of(values)
    return torch.stack(variances, 1).numpy()


def predicted(start: Start, function: Function, layers: int, width: int) -> np.ndarray:
    """The variance behind each layer by the formula: (layers,) float64."""
    found, incoming = [], 1.0  # the mean square of what a layer is given
    for _ in range(layers):
        q = width * start.variance(width, width) * incoming
        found.append(q)
        incoming = function.mean_square(q)
    return np.array(found)


def over_seeds(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of all seeds as one: the mean of the means, the lowest and the highest network."""
    groups = rows.groupby(["start", "function", "layer"], sort=False)
    found = groups.agg(mean=("mean", "mean"), low=("low", "min"), high=("high", "max"))
    return found.assign(formula=groups["formula"].first()).reset_index()


def sentence(rows: pd.DataFrame, function: str) -> str:
    """What became of the signal by each rule, from the first layer to the last.

    `rows` is what `over_seeds` gives.
    """
    own = where(rows, function=function).query("mean > 0")
    last = int(own["layer"].to_numpy().max())
    ends, firsts = (_of_layer(own, layer) for layer in (last, 1))
    ratios = {name: end["mean"] / firsts[name]["mean"] for name, end in ends.items()}
    rules = [name for name in ratios if name != "he_root"]  # which keeps tanh's only by saturation
    best = min(rules, key=lambda name: abs(np.log(ratios[name])))
    low, high = (ends[best][side] / firsts[best]["mean"] for side in ("low", "high"))
    formula = ends[best]["formula"] / firsts[best]["formula"]
    others = [
        f"{STARTS[name].label} by {scientific(ratio)}"
        for name, ratio in ratios.items()
        if name != best
    ]
    return (
        f"From layer 1 to layer {last} **{STARTS[best].label}** multiplies the variance by "
        f"**{ratios[best]:.2f}** on average, in single networks by {low:.2f} to {high:.2f}; by the "
        f"formula it is {formula:.3g}. "
        f"The others: {listed(others)}. With zeros nothing gets through."
    )


def _of_layer(rows: pd.DataFrame, layer: int) -> dict[str, dict[str, float]]:
    """The row of each rule, by its name."""
    found = where(rows, layer=layer).set_index("start").drop(columns="function")
    return {str(name): row for name, row in found.to_dict("index").items()}
