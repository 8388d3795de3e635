"""Which pixels a network looked at: one map for a class, by one of four methods.

Every map answers for one score of the network (before the softmax) and has the size of the
input. Where a method needs a neutral picture to compare with it takes zero, which is the mean
colour for weights that subtract it, and paper without ink for digits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from analysis.vision.device import device_of
from analysis.vision.methods import METHODS, AttributionMap, Options
from analysis.vision.probe import Shared, probe

__all__ = ["METHODS", "AttributionMap", "attribute"]

_BATCH_VALUES = 8 * 3 * 224 * 224  # input values in one pass; VGG-16 then needs about a gigabyte
_LARGEST_BATCH = 64
_NOT_FINITE = (
    "The scores or their gradients are not finite numbers; the weights or the input are broken."
)


def attribute(
    model: nn.Module | Shared,
    x: Tensor,
    target: int,
    method: str,
    *,
    steps: int = 32,
    internal_batch: int | None = None,
    window: int | None = None,
    stride: int | None = None,
    layer: str | None = None,
) -> AttributionMap:
    """Attribute the score of one class to the pixels of one image.

    The network is in evaluation mode meanwhile and afterwards as it was, and a `Shared` one is
    locked; `x` is not touched.

    Args:
        model: a classifier, on any device.
        x: (1, C, H, W), normalised as the weights want it.
        target: index of the class.
        method: a key of `METHODS`.
        steps: points on the path of integrated gradients.
        internal_batch: images in one pass, for integrated gradients and occlusion; by default
            as many as fit a fixed budget of input values.
        window: side of occlusion's square in pixels; a seventh of the image by default.
        stride: how far it moves each time, at most `window`; half of it by default.
        layer: name of Grad-CAM's layer; the last spatial one by default.

    Raises:
        ValueError: if the method, target, layer or a number is out of range, saying what is not.
    """
    if method not in METHODS:
        raise ValueError(f"There is no method {method!r}; choose {', '.join(METHODS)}.")
    if x.ndim != 4 or x.shape[0] != 1:
        raise ValueError(f"One image (1, C, H, W) can be attributed, not {tuple(x.shape)}.")
    options = _options(x, steps, internal_batch, window, stride, layer)
    with probe(model) as network:
        image = x.detach().to(device_of(network)).clone()
        _check_target(network, image, target)
        found = METHODS[method].run(network, image.requires_grad_(), int(target), options)
    if not np.isfinite(found.values).all():
        raise ValueError(_NOT_FINITE)
    return found if found.values.any() else replace(found, note=_why_empty(found))


def _why_empty(found: AttributionMap) -> str:
    if found.layer is not None:
        return f"Nothing in layer {found.layer} speaks for this class: the map is zero everywhere."
    return "No pixel matters to this score: the map is zero everywhere."


def _options(
    x: Tensor,
    steps: int,
    internal_batch: int | None,
    window: int | None,
    stride: int | None,
    layer: str | None,
) -> Options:
    shorter = min(x.shape[2:])
    window = max(1, shorter // 7) if window is None else window
    if not 1 <= window <= shorter:
        raise ValueError(f"window is {window}; it may be from 1 to {shorter} pixels here.")
    stride = max(1, window // 2) if stride is None else stride
    if not 1 <= stride <= window:
        raise ValueError(f"stride is {stride}; from 1 to {window}, the window, leaves no gap.")
    if steps < 1:
        raise ValueError(f"steps is {steps}; integrated gradients needs at least 1.")
    affordable = max(1, min(_LARGEST_BATCH, _BATCH_VALUES // x[0].numel()))
    batch = affordable if internal_batch is None else internal_batch
    if batch < 1:
        raise ValueError(f"internal_batch is {batch}; at least 1 image goes through at a time.")
    return Options(steps, batch, window, stride, layer)


def _check_target(network: nn.Module, image: Tensor, target: int) -> None:
    with torch.no_grad():
        scores = network(image)
    if not isinstance(scores, Tensor) or scores.ndim != 2:
        raise ValueError("The network does not give one row of scores an image; use a classifier.")
    if not 0 <= target < scores.shape[1]:
        raise ValueError(
            f"There is no class {target}; this network has classes 0 to {scores.shape[1] - 1}."
        )
    if not bool(torch.isfinite(scores).all()):
        raise ValueError(_NOT_FINITE)
