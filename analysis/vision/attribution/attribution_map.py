"""What a method answers, or why it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from torch import Tensor


@dataclass(frozen=True, eq=False)
class AttributionMap:
    """How much each pixel speaks for the class, (H, W) float32.

    `signed` maps are negative where a pixel speaks against it. `delta` is the completeness error,
    the sum of the map minus the change of the score that it should add up to; None for methods
    that promise no sum. `layer` names the layer that a CAM method used. `note` is a sentence for
    the user, or empty.
    """

    values: np.ndarray
    method: str
    signed: bool
    delta: float | None = None
    layer: str | None = None
    note: str = ""


class MethodRefused(ValueError):
    """The method would give a wrong map for this network; the message says why and what works."""


def summed(parts: Tensor) -> np.ndarray:
    """(1, C, H, W) on any device -> (H, W) float32, the sum over the channels."""
    return parts[0].detach().sum(dim=0).float().cpu().numpy()


def strongest(gradient: Tensor) -> np.ndarray:
    """(1, C, H, W) on any device -> (H, W) float32, the largest magnitude of the channels."""
    return gradient[0].detach().abs().amax(dim=0).float().cpu().numpy()
