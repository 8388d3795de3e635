"""Units that start alike stay alike: the reason why weights do not start at zero.

A hidden layer of eight units learns the digits from four starts. Units with equal weights get
equal gradients, and so equal steps: they remain copies of each other to the last bit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from analysis.experiments.signal.small_digits import digits
from analysis.experiments.signal.starts import STARTS
from analysis.experiments.training import TrainingConfig, accuracy, fit

UNITS, PIXELS = 8, 64
CONSTANT = 0.1
BEGINNINGS: Mapping[str, str] = {
    "zeros": "all zero",
    "hidden": "hidden layer zero, output random",
    "constant": f"all {CONSTANT}",
    "he": "random (He)",
}


@dataclass(frozen=True)
class Units:
    """The hidden layer after training: weights (units, 8, 8), the accuracy, 0..1, and the seed."""

    weights: np.ndarray
    accuracy: float
    seed: int

    @property
    def different(self) -> int:
        """How many of the units differ in at least one bit."""
        return len(np.unique(self.weights.reshape(len(self.weights), -1), axis=0))

    @property
    def moved(self) -> bool:
        """Whether any weight is not zero."""
        return bool(self.weights.any())


def network(beginning: str, seed: int) -> nn.Module:
    """Eight hidden units with tanh over the 64 pixels, ten outputs; takes (N, 3, 8, 8)."""
    generator = torch.Generator().manual_seed(seed)
    hidden, out = nn.Linear(PIXELS, UNITS), nn.Linear(UNITS, 10)
    for layer in (hidden, out):
        rule = "he" if beginning == "hidden" and layer is out else beginning
        if rule == "constant":
            nn.init.constant_(layer.weight, CONSTANT)
        else:
            start = STARTS["zeros" if rule == "hidden" else rule]
            layer.weight.data.copy_(start.draw(*layer.weight.shape, generator=generator))
        nn.init.zeros_(layer.bias)
    return nn.Sequential(OneChannel(), nn.Flatten(), hidden, nn.Tanh(), out)


class OneChannel(nn.Module):
    """The first of three equal channels."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, :1].contiguous()


def trained(beginning: str, seed: int = 0, epochs: int = 10) -> Units:
    """The hidden units after so many epochs on the digits."""
    data, model = digits(8, seed), network(beginning, seed)
    config = TrainingConfig(epochs, 64, 0.05, weight_decay=0, warmup=0, seed=seed)
    fit(model, data, config)
    weights = model[2].weight.detach().reshape(UNITS, 8, 8).numpy()  # type: ignore[index]  # a Sequential
    return Units(weights, accuracy(model, data.test), seed)


def sentence(found: Mapping[str, Units]) -> str:
    """How many units are left that differ, for each start, and what the network can do."""
    parts = [
        f"from **{BEGINNINGS[name]}** {_different(units)} ({100 * units.accuracy:.0f}% right)"
        for name, units in found.items()
    ]
    return f"Of {UNITS} hidden units, {'; '.join(parts)}."


def _different(units: Units) -> str:
    if not units.moved:
        return "all are still zero"
    if units.different == 1:
        return "all are the same to the last bit"
    if units.different == UNITS:
        return "no two are the same"
    return f"only {units.different} are different"
