"""How weights can start: the rules that the lectures compare.

A rule says from which distribution a layer with n_in inputs and n_out outputs a unit draws its
weights. Biases start at 0, whichever rule it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn

Network = TypeVar("Network", bound=nn.Module)
SMALL = 0.01  # standard deviation of "small normal", as in AlexNet


@dataclass(frozen=True)
class Start:
    """A rule: `variance(n_in, n_out)` of one weight, and whether the rows are orthogonal."""

    label: str
    formula: str
    variance: Callable[[int, int], float]
    source: str
    orthogonal: bool = False

    def draw(
        self, *shape: int, places: int = 1, generator: torch.Generator | None = None
    ) -> Tensor:
        """Weights (..., outputs, n_in), every leading index drawn independently.

        A unit of a convolution hands its value to `places` places of its window, so that n_out is
        outputs times places.
        """
        outputs, n_in = shape[-2:]
        normal = torch.randn(shape, generator=generator)
        if self.orthogonal:
            return _orthogonal(normal)
        return normal.mul_(math.sqrt(self.variance(n_in, outputs * places)))


def _orthogonal(normal: Tensor) -> Tensor:
    """Rows of length 1 at right angles, or columns where there are fewer of them.

    The signs make every direction equally likely (F. Mezzadri, arXiv:math-ph/0609050).
    """
    wide = normal.shape[-2] < normal.shape[-1]
    q, r = torch.linalg.qr(normal.mT if wide else normal)
    q = q * r.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)
    return q.mT if wide else q


STARTS: Mapping[str, Start] = {
    "he": Start(
        "He", "2 / n_in", lambda n_in, _: 2 / n_in, "He et al. 2015, arXiv:1502.01852, equation 10"
    ),
    "xavier": Start(
        "Xavier",
        "2 / (n_in + n_out)",
        lambda n_in, n_out: 2 / (n_in + n_out),
        "Glorot and Bengio 2010, equation 12",
    ),
    "orthogonal": Start(
        "Orthogonal",
        "1 / n_in",
        lambda n_in, _: 1 / n_in,
        "Saxe et al. 2014, arXiv:1312.6120",
        orthogonal=True,
    ),
    "small": Start(
        "Small normal",
        f"{SMALL}²",
        lambda *_: SMALL**2,
        "Krizhevsky et al. 2012, Section 5",
    ),
    "zeros": Start("Zeros", "0", lambda *_: 0.0, "the lectures' counterexample"),
    "he_root": Start(
        "He with a root",
        "√(2 / n_in)",
        lambda n_in, _: math.sqrt(2 / n_in),
        "as one deck prints the variance",
    ),
}


def initialise(model: Network, name: str) -> Network:
    """Let all convolutions and linear layers of a network start by the rule `name`, in place.

    Raises:
        ValueError: if there is no such rule.
    """
    if name not in STARTS:
        raise ValueError(f"init is {name!r}; the rules are {', '.join(STARTS)}.")
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear) and not module.weight.is_meta:
            weight = module.weight  # (outputs, channels, height, width) or (outputs, n_in)
            drawn = STARTS[name].draw(*weight.flatten(1).shape, places=weight[0, 0].numel())
            weight.data.copy_(drawn.view_as(weight))
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return model
