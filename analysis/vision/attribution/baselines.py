"""Pictures without content, with which a method compares the picture it explains.

There is no neutral picture: each choice here hides another kind of content, so a map shows its
baseline too (Sturmfels, Lundberg, Lee 2020, doi:10.23915/distill.00022).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from cnn_models.spec import Preprocessing

ValueRange = tuple[tuple[float, ...], tuple[float, ...]]
_BLUR = 8  # the blur's standard deviation is the shorter side divided by this


class Baseline(NamedTuple):
    """What the menu calls it, what it is, and how it is made of (1, C, H, W), a range, a seed."""

    label: str
    sentence: str
    make: Callable[[Tensor, Tensor, Tensor, int], Tensor]


def value_range(preprocessing: Preprocessing) -> ValueRange:
    """The values that black and white have after normalising, for `Options.value_range`."""
    pairs = list(zip(preprocessing.mean, preprocessing.std, strict=True))
    return tuple(-mean / std for mean, std in pairs), tuple((1 - m) / std for m, std in pairs)


def baseline(name: str, image: Tensor, limits: ValueRange | None, seed: int) -> Tensor:
    """The baseline `name` for `image` (1, C, H, W), of the same shape and on the same device.

    Args:
        name: a key of `BASELINES`.
        image: the picture, normalised.
        limits: black and white; None takes the smallest and largest value of each channel.
        seed: of the noise.
    """
    image = image.detach()
    if limits is None:
        low, high = (edge(dim=(2, 3), keepdim=True) for edge in (image.amin, image.amax))
    else:
        low, high = (image.new_tensor(side)[None, :, None, None] for side in limits)
    return BASELINES[name].make(image, low, high, seed)


def _blurred(image: Tensor, _low: Tensor, _high: Tensor, _seed: int) -> Tensor:
    sigma = max(min(image.shape[2:]) / _BLUR, 0.5)
    for axis in (2, 3):
        reach = min(int(3 * sigma), image.shape[axis] - 1)
        distance = torch.arange(-reach, reach + 1, device=image.device, dtype=image.dtype)
        kernel = torch.exp(-(distance**2) / (2 * sigma**2))
        kernel = (kernel / kernel.sum()).reshape(1, 1, -1, 1).transpose(2, axis)
        padding = (0, 0, reach, reach) if axis == 2 else (reach, reach, 0, 0)
        flat = image.transpose(0, 1)  # (C, 1, H, W): every channel alone
        image = functional.conv2d(functional.pad(flat, padding, "replicate"), kernel)
        image = image.transpose(0, 1)
    return image


def _noise(image: Tensor, low: Tensor, high: Tensor, seed: int) -> Tensor:
    drawn = torch.rand(image.shape, generator=torch.Generator().manual_seed(seed))
    return low + (high - low) * drawn.to(image)


BASELINES = MappingProxyType(
    {
        "zero": Baseline(
            "Zero",
            "zero in the network's own values: the mean colour for weights that subtract it, and "
            "paper without ink for digits",
            lambda image, _low, _high, _seed: torch.zeros_like(image),
        ),
        "black": Baseline(
            "Black",
            "black, the lowest value of each channel",
            lambda image, low, _high, _seed: low.expand_as(image).clone(),
        ),
        "white": Baseline(
            "White",
            "white, the highest value of each channel",
            lambda image, _low, high, _seed: high.expand_as(image).clone(),
        ),
        "blurred": Baseline("Blurred", "the picture itself, blurred", _blurred),
        "noise": Baseline("Noise", "seeded noise, any value of the range alike", _noise),
    }
)
