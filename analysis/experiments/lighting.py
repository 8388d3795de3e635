"""Colour augmentation of AlexNet: other light, along the axes in which the colours vary.

Krizhevsky, Sutskever and Hinton (2012), section 4.1: the colours of all training pixels have three
principal axes. To every picture the sum over the axes of α · s · axis is added, the same for all
its pixels, where α is drawn anew from a normal distribution of standard deviation 0.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

STRENGTH = 0.1  # standard deviation of α
_MOST = 1000  # images whose colours are looked at


class Axes(NamedTuple):
    """Principal axes of colour: `spread` (C,) in units of 0..1, widest first; `axes` (C, C) rows.

    `spread` is the standard deviation along an axis, the square root of the eigenvalue that the
    paper writes. With the eigenvalue the step would be 255 times as large for pixels from 0 to
    255 as for the same pixels from 0 to 1.
    """

    spread: Tensor
    axes: Tensor


def colour_axes(images: Tensor) -> Axes:
    """The axes of the colours of images (N, C, H, W), uint8 or 0..1, of the first 1000 of them."""
    colours = _unit(images[:_MOST]).transpose(0, 1).flatten(1).double()  # (C, pixels)
    covariance = torch.cov(colours, correction=0).reshape(len(colours), len(colours))
    values, vectors = torch.linalg.eigh(covariance)  # ascending
    spread = values.flip(0).clamp(min=0).sqrt()
    axes = vectors.flip(1).T
    largest = axes.gather(1, axes.abs().argmax(1, keepdim=True))  # the sign is free: make it +
    return Axes(spread.float(), (axes * largest.sign()).float())


def lighting(train: Tensor) -> Callable[[Tensor, torch.Generator], Tensor]:
    """The augmentation whose axes are those of the training images (N, C, H, W)."""
    found = colour_axes(train)

    def relit(images: Tensor, generator: torch.Generator) -> Tensor:
        amounts = STRENGTH * torch.randn(len(images), len(found.spread), generator=generator)
        steps = ((amounts * found.spread) @ found.axes)[:, :, None, None].to(images.device)
        moved = (_unit(images) + steps).clamp(0, 1)
        return moved if images.is_floating_point() else (moved * 255).round().to(images.dtype)

    return relit


def _unit(images: Tensor) -> Tensor:
    """Values from 0 to 1 in float32."""
    return images if images.is_floating_point() else images.float() / 255
