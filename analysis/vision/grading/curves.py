"""Insertion and deletion: whether the pixels that a map names make the answer, and break it.

Petsiuk, Das, Saenko 2018 (RISE, arXiv:1806.07421): pixels are put into an empty picture, or taken
out of the full one, the most important first, and the probability of the class is followed. A
good map gives a large area under insertion and a small one under deletion.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from analysis.vision.batches import at_once
from analysis.vision.device import device_of
from analysis.vision.probe import Shared, probe

STEPS = 16
FILLINGS = MappingProxyType(
    {
        "absent": "the same picture without its object",
        "blurred": "the blurred picture",
        "grey": "grey, the value 0 of the input",
    }
)
"""What stands where a pixel is taken away.

Grey pixels in the shape of a star are still a star, so a deletion that is exactly right can look
wrong (Rong et al. 2022, ROAD, arXiv:2202.00449); Shapes knows what is behind its objects.
"""

_LARGEST_BATCH = 256
_BLUR = 1 / 8  # of the picture's side: the standard deviation


class Curves(NamedTuple):
    """What M orders of pixels do: `shares` (S + 1,) of the pixels are put in, or taken out.

    `insertion` and `deletion` are (M, S + 1) probabilities of the class.
    """

    shares: np.ndarray
    insertion: np.ndarray
    deletion: np.ndarray

    @property
    def areas(self) -> tuple[np.ndarray, np.ndarray]:
        """Area under each curve of insertion and of deletion, (M,) each, 0..1."""
        return _area(self.insertion, self.shares), _area(self.deletion, self.shares)


def _area(heights: np.ndarray, places: np.ndarray) -> np.ndarray:
    return np.trapezoid(heights, places, axis=-1)


def order(values: np.ndarray, seed: int = 0) -> np.ndarray:
    """Numbers of the pixels, (H·W,), the largest value first; ties in a seeded random order."""
    ties = np.random.default_rng(seed).random(values.size)
    return np.lexsort((ties, -values.ravel()))


def filling(name: str, x: Tensor, absent: Tensor) -> Tensor:
    """What replaces the pixels of `x` (1, C, H, W): one of `FILLINGS`, of the same shape.

    Raises:
        ValueError: for another name.
    """
    if name == "absent":
        return absent
    if name == "blurred":
        return _blurred(x)
    if name == "grey":
        return torch.zeros_like(x)
    raise ValueError(f"There is no filling {name!r}; take {', '.join(FILLINGS)}.")


def _blurred(x: Tensor) -> Tensor:
    from scipy import ndimage

    wide = _BLUR * min(x.shape[2:])
    found = ndimage.gaussian_filter(x.numpy(), (0, 0, wide, wide), mode="nearest")
    return torch.from_numpy(found)


def insertion_deletion(
    model: nn.Module | Shared,
    x: Tensor,
    orders: np.ndarray,
    target: int,
    baseline: Tensor,
    steps: int = STEPS,
) -> Curves:
    """Follow the probability of a class while pixels come or go, in batches.

    Args:
        model: a classifier; a `Shared` one is locked meanwhile.
        x: the picture, (1, C, H, W).
        orders: (M, H·W) numbers of its pixels by rows, the most important first.
        target: index of the class.
        baseline: (1, C, H, W): what stands where no pixel of `x` does.
        steps: how many times pixels are moved, about equally many each time.

    Raises:
        ValueError: if `orders` do not hold the pixels of `x`, or `steps` is not 1 to H·W.
    """
    pixels = x.shape[2] * x.shape[3]
    if orders.ndim != 2 or orders.shape[1] != pixels:
        raise ValueError(f"Orders are (M, {pixels}) for this picture, not {orders.shape}.")
    if not 1 <= steps <= pixels:
        raise ValueError(f"steps is {steps}; it may be from 1 to {pixels}, the pixels there are.")
    moved = np.rint(np.linspace(0, pixels, steps + 1)).astype(int)  # (S + 1,)
    ranks = np.argsort(orders, axis=1)  # (M, P): when is each pixel moved?
    chosen = torch.from_numpy(ranks[:, None, :] < moved[:, None])  # (M, S + 1, P)
    chosen = chosen.reshape(-1, 1, *x.shape[2:])  # (M · (S + 1), 1, H, W)
    with probe(model) as network, torch.no_grad():
        put = _probabilities(network, x, baseline, chosen, target)
        taken = _probabilities(network, baseline, x, chosen, target)
    shape = (len(orders), steps + 1)
    return Curves(moved / pixels, put.reshape(shape), taken.reshape(shape))


def _probabilities(
    network: nn.Module, seen: Tensor, else_seen: Tensor, chosen: Tensor, target: int
) -> np.ndarray:
    """Probability of the class for each choice of pixels of `seen`, (K, 1, H, W) to (K,)."""
    device, parts = device_of(network), []
    seen, else_seen = seen.to(device), else_seen.to(device)
    for some in chosen.split(at_once(seen, _LARGEST_BATCH)):
        scores = network(torch.where(some.to(device), seen, else_seen))
        parts.append(scores.float().softmax(dim=1)[:, target].cpu())
    return torch.cat(parts).numpy()
