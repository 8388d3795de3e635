"""The filters of the layer that reads the image, as they are in the weights.

With three colours a filter is itself a small picture. What can be told from its numbers: whether
it looks at brightness or at colour, whether it has a direction, and whether neighbouring weights
are alike, which those that nobody trained are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, fx, nn

from analysis.vision.device import device_of
from analysis.vision.probe import Shared, probe
from analysis.vision.route import Route, Walk

SHOWN = 128  # filters in a grid; AlexNet has 96
_RANDOM = 512  # filters of noise to compare with


def filters(model: nn.Module | Shared, way: Route) -> np.ndarray:
    """The weights of the convolution at the end of `way`: (filters, channels, rows, columns).

    It may be a module or a function that is handed its weights.

    Raises:
        ValueError: if the operation is no convolution over images.
    """
    with probe(model) as network, torch.no_grad():
        reader = _Reader(network, way)
        reader.arrive(torch.zeros(1, *way.input_shape, device=device_of(network)))
        weight = reader.weight
    if weight is None or weight.ndim != 4:
        raise ValueError("This layer has no filters; choose a convolution.")
    return weight.detach().float().cpu().numpy().copy()


class _Reader(Walk):
    """Keeps the weights of the last step."""

    weight: Tensor | None = None

    def run_node(self, n: fx.Node) -> Any:
        if n.name == self.way.node:
            if n.op == "call_module":
                self.weight = getattr(self.fetch_attr(str(n.target)), "weight", None)
            else:
                args, named = self.fetch_args_kwargs_from_env(n)
                self.weight = named.get("weight", args[1] if len(args) > 1 else None)
        return super().run_node(n)


@dataclass(frozen=True, eq=False)
class Facts:
    """Of a bank of filters, one number from 0 to 1 (`likeness` from -1) for each filter.

    `grey` is the share of a filter's energy that all colours have in common: 1 for a filter that
    sees brightness only, a third on average for noise on three colours. `direction` is the
    coherence of the structure tensor: 1 for a straight edge, near 0 for a blob. `likeness` is the
    correlation of neighbouring weights: near 1 for a smooth filter, 0 on average for noise.
    """

    grey: np.ndarray
    direction: np.ndarray
    likeness: np.ndarray


def facts(weights: np.ndarray) -> Facts:
    """What can be told from filters (n, C, h, w); a filter of one weight has no direction."""
    weights = weights.astype(np.float64)
    return Facts(_grey(weights), _direction(weights), _likeness(weights))


def of_noise(shape: tuple[int, ...], seed: int = 0) -> Facts:
    """The same of 512 filters (C, h, w) of normal noise, to compare with."""
    return facts(np.random.default_rng(seed).standard_normal((_RANDOM, *shape)))


def _grey(weights: np.ndarray) -> np.ndarray:
    common = weights.mean(1) ** 2 * weights.shape[1]  # energy of the mean, in every colour
    return _ratio(common.sum((1, 2)), (weights**2).sum((1, 2, 3)), 1.0)


def _direction(weights: np.ndarray) -> np.ndarray:
    """(λ₁ - λ₂) / (λ₁ + λ₂) of the summed outer products of the gradient (Bigün, Granlund 1987)."""
    if min(weights.shape[2:]) < 2:
        return np.zeros(len(weights))
    across = np.diff(weights, axis=3)
    across = across[:, :, 1:] + across[:, :, :-1]
    along = np.diff(weights, axis=2)
    along = along[..., 1:] + along[..., :-1]
    xx, yy, xy = (np.sum(a * b, (1, 2, 3)) for a, b in _pairs(across, along))
    return _ratio(np.hypot(xx - yy, 2 * xy), xx + yy, 0.0)


def _pairs(a: np.ndarray, b: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    return (a, a), (b, b), (a, b)


def _likeness(weights: np.ndarray) -> np.ndarray:
    """Correlation of weights that stand beside or above each other."""
    left, right = weights[..., :-1], weights[..., 1:]
    upper, lower = weights[:, :, :-1], weights[:, :, 1:]
    products = _sum(left * right) + _sum(upper * lower)
    first, second = _sum(left**2) + _sum(upper**2), _sum(right**2) + _sum(lower**2)
    return _ratio(products, np.sqrt(first * second), 0.0)


def _sum(values: np.ndarray) -> np.ndarray:
    return values.sum((1, 2, 3))


def _ratio(part: np.ndarray, whole: np.ndarray, where_nothing: float) -> np.ndarray:
    return np.divide(part, whole, out=np.full_like(part, where_nothing), where=whole > 0)
