"""Which pixels one value of a map answers to: the gradient of that value, and its window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from analysis.structure.window_on_input import Window
from analysis.vision.device import device_of
from analysis.vision.features.maps import NOT_FINITE, arrived
from analysis.vision.probe import Shared, probe
from analysis.vision.route import Route


@dataclass(frozen=True, eq=False)
class Response:
    """One value of a layer for one image, and how it follows the pixels.

    `place` is (row, column) on the map, from 0; `gradient` is (C, H, W), by the network's input.
    """

    channel: int
    place: tuple[int, int]
    value: float
    gradient: np.ndarray

    @property
    def magnitude(self) -> np.ndarray:
        """(H, W): the absolute gradient, summed over a pixel's colours."""
        return np.abs(self.gradient).sum(0)


def respond(
    model: nn.Module | Shared,
    way: Route,
    x: Tensor,
    channel: int,
    place: tuple[int, int] | None = None,
) -> Response:
    """One value of the layer at the end of `way`, with its gradient.

    The network is in evaluation mode meanwhile and afterwards as it was; `x` is not touched.

    Args:
        model: on any device.
        way: to an operation that gives (N, C, H, W).
        x: one image, (1, C, H, W).
        channel: which map, from 0.
        place: where on it, from 0; where it is largest when left out (the first such place).

    Raises:
        ValueError: if there is no such channel or place, or a number is not finite.
    """
    with probe(model) as network:
        for parameter in network.parameters():
            parameter.requires_grad_(False)
        image = x.detach().to(device_of(network)).clone().requires_grad_()
        values = arrived(network, way, image)[0]  # (C', h, w)
        if not 0 <= channel < len(values):
            raise ValueError(
                f"There is no channel {channel}; this layer has 0 to {len(values) - 1}."
            )
        chosen = values[channel]
        row, column = _place(chosen, place)
        value = chosen[row, column]
        (gradient,) = torch.autograd.grad(value, image)
    if not bool(torch.isfinite(gradient).all() & torch.isfinite(value)):
        raise ValueError(NOT_FINITE)
    return Response(
        channel, (row, column), float(value.detach()), gradient[0].float().cpu().numpy()
    )


def _place(chosen: Tensor, place: tuple[int, int] | None) -> tuple[int, int]:
    height, width = chosen.shape
    if place is None:
        at = int(chosen.detach().argmax())
        return at // width, at % width
    if not (0 <= place[0] < height and 0 <= place[1] < width):
        raise ValueError(f"There is no place {place} on a map of {height} × {width}.")
    return place


def share_inside(magnitude: np.ndarray, window: Window) -> float | None:
    """How much of a gradient's magnitude (H, W) lies in a window; None if the gradient is zero."""
    total = magnitude.sum(dtype=np.float64)
    if not total:
        return None
    inside = window.clipped
    rows, columns = (slice(f, e) for f, e in zip(inside.first, inside.end, strict=True))
    return float(magnitude[rows, columns].sum(dtype=np.float64) / total)
