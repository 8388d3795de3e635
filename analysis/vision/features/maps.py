"""The maps that a layer makes of one image, the strongest first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from analysis.vision.device import device_of
from analysis.vision.probe import Shared, probe
from analysis.vision.route import Route, Walk

ORDERS = {"mean": "mean", "maximum": "maximum"}
SHOWN = 24  # maps in a grid
_SIDE = 112  # values of a map's side that are kept; a tile on the screen has no more pixels
NOT_FINITE = "The values of this layer are not finite numbers; the weights or the input are broken."


@dataclass(frozen=True, eq=False)
class Maps:
    """Of one layer and one image.

    `means` and `maxima` are (C,) over the places of each map, `size` is (height, width) of a map.
    `channels` are those with the largest mean or maximum (`order`), largest first, and `shown`
    their maps (n, h, w) in float32: as they are, or averaged to a side of 112 at most.
    `least` and `most` are the smallest and the largest value of all maps.
    """

    order: str
    means: np.ndarray
    maxima: np.ndarray
    size: tuple[int, int]
    channels: tuple[int, ...]
    shown: np.ndarray
    least: float
    most: float

    @property
    def values(self) -> np.ndarray:
        """What the channels are sorted by, (C,)."""
        return self.means if self.order == "mean" else self.maxima

    @property
    def is_signed(self) -> bool:
        return self.least < 0

    @property
    def silent(self) -> int:
        """How many maps are zero everywhere, as behind a ReLU that lets nothing through."""
        return int(((self.means == 0) & (self.maxima == 0)).sum())


def strongest(
    model: nn.Module | Shared, way: Route, x: Tensor, order: str = "mean", count: int = SHOWN
) -> Maps:
    """The maps of the layer at the end of `way`, sorted; ties stay in the channels' order.

    Args:
        model: on any device; in evaluation mode meanwhile and afterwards as it was.
        way: to an operation that gives (N, C, H, W).
        x: one image, (1, C, H, W).
        order: a key of `ORDERS`.
        count: how many maps to keep.

    Raises:
        ValueError: if the order is none, the layer has no maps or its values are not finite.
    """
    if order not in ORDERS:
        raise ValueError(f"There is no order {order!r}; choose {' or '.join(ORDERS)}.")
    with probe(model) as network, torch.no_grad():
        values = arrived(network, way, x)[0]  # (C, H, W)
        if not bool(torch.isfinite(values).all()):
            raise ValueError(NOT_FINITE)
        means, maxima = values.mean((1, 2)), values.amax((1, 2))
        by = means if order == "mean" else maxima
        channels = by.cpu().argsort(descending=True, stable=True)[:count]
        return Maps(
            order,
            means.cpu().numpy(),
            maxima.cpu().numpy(),
            (values.shape[1], values.shape[2]),
            tuple(channels.tolist()),
            reduced(values[channels.to(values.device)]).cpu().numpy(),
            float(values.min()),
            float(values.max()),
        )


def arrived(network: nn.Module, way: Route, x: Tensor) -> Tensor:
    """The layer's values for images (N, C, H, W): (N, C', H', W'). Call it inside a probe.

    Raises:
        ValueError: if the layer gives something else than maps.
    """
    values = Walk(network, way).arrive(x.to(device_of(network)))
    if values.ndim != 4:
        raise ValueError(
            f"This layer gives {tuple(values.shape[1:])} for an image and no maps of "
            "(channels, height, width); choose one before the maps are flattened."
        )
    return values.float()


def reduced(maps: Tensor) -> Tensor:
    """(n, H, W) averaged to a side of 112 at most."""
    height, width = maps.shape[-2:]
    small = (min(height, _SIDE), min(width, _SIDE))
    return maps if small == (height, width) else F.adaptive_avg_pool2d(maps[None], small)[0]
