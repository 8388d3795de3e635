"""Gradient ascent on the pixels: the image that excites a unit, and nothing but a seed to start.

Simonyan, Vedaldi and Zisserman (2013) climb the score of a class; Olah, Mordvintsev and Schubert
(Distill, 2017) climb any unit and show that without regularisation the image fills with a fine
pattern that no photograph has. The regularisation here is the plain one: a pull to the neutral
image, one between neighbouring pixels, and a small shift before each step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.progress import Report, silent

Objective = Callable[[Tensor], Tensor]
"""From an image (1, C, H, W) to the one number that is to grow."""
Limits = tuple[Tensor, Tensor]

_NOISE = 0.1  # standard deviation of the image to start from
_LAST_RATE = 0.2  # of the first


@dataclass(frozen=True)
class Plan:
    """How to climb; the same plan and start give the same image on the same processor.

    `rate` is the length of the first step, as a root mean square over the pixels in the units of
    the network's input; it falls to a fifth. `pull` weighs the squared distance from zero, the
    neutral image; `smooth` the squared differences of neighbouring pixels (the total variation of
    Mahendran and Vedaldi, 2015, with exponent 2); both against a gradient of length 1. `jitter` is
    how many pixels the image may be shifted, each way, before a step.
    """

    steps: int = 128
    rate: float = 0.1
    pull: float = 0.1
    smooth: float = 0.5
    jitter: int = 2
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Climb:
    """The image at the end, (1, C, H, W), and the value before each step."""

    image: Tensor
    values: tuple[float, ...]


def noise(input_shape: tuple[int, ...], seed: int, limits: Limits | None = None) -> Tensor:
    """The image to start from, (1, C, H, W): faint normal noise around the neutral image."""
    chance = torch.Generator().manual_seed(seed)
    return _kept(_NOISE * torch.randn(1, *input_shape, generator=chance), limits)


def ascend(
    objective: Objective,
    start: Tensor,
    plan: Plan,
    limits: Limits | None = None,
    report: Report = silent,
) -> Climb:
    """Follow the gradient of `objective` from `start`, (1, C, H, W), on whichever device it lies.

    Each step goes along the gradient brought to a root mean square of 1, less the pulls of `plan`,
    and then back between the lowest and highest values that a picture can have, if `limits` are
    given. Where no gradient arrives only the pulls act. torch's own random numbers are not used.

    Raises:
        ValueError: if the value or its gradient is no finite number.
    """
    chance = torch.Generator().manual_seed(plan.seed)
    image, values = start.detach().clone(), []
    for step in range(plan.steps):
        report(step, plan.steps)
        shift = _shift(plan.jitter, chance)
        value, gradient = _slope(objective, image, shift)
        values.append(value)
        rate = plan.rate * (1 - (1 - _LAST_RATE) * step / plan.steps)
        image = _kept(image + rate * (_scaled(gradient) - _pulls(image, plan)), limits)
    report(plan.steps, plan.steps)
    return Climb(image, tuple(values))


def _slope(objective: Objective, image: Tensor, shift: tuple[int, int]) -> tuple[float, Tensor]:
    """Value and gradient for the shifted image, the gradient by the image as it stands."""
    pixels = image.clone().requires_grad_()
    value = objective(pixels.roll(shift, (2, 3)))
    (gradient,) = torch.autograd.grad(value, pixels)
    if not bool(torch.isfinite(value) & torch.isfinite(gradient).all()):
        raise ValueError(
            "The value or its gradient is not a finite number; the weights are broken."
        )
    return float(value.detach()), gradient


def _shift(most: int, chance: torch.Generator) -> tuple[int, int]:
    down, right = torch.randint(-most, most + 1, (2,), generator=chance).tolist()
    return down, right


def _scaled(gradient: Tensor) -> Tensor:
    size = gradient.square().mean().sqrt()
    return gradient / size if size > 0 else gradient


def _pulls(image: Tensor, plan: Plan) -> Tensor:
    """The gradient of `pull`/2 · Σ x² + `smooth`/2 · Σ (differences of neighbours)²."""
    slope = torch.zeros_like(image)
    across, along = image.diff(dim=3), image.diff(dim=2)
    slope[..., 1:] += across
    slope[..., :-1] -= across
    slope[:, :, 1:] += along
    slope[:, :, :-1] -= along
    return plan.pull * image + plan.smooth * slope


def _kept(image: Tensor, limits: Limits | None) -> Tensor:
    if limits is None:
        return image
    low, high = (limit.to(image) for limit in limits)
    return image.clamp(low, high)
