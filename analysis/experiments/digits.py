"""Handwritten digits that come with scikit-learn, as LeNet-5 sees them: ink on a 32 × 32 field.

The 1797 digits of 8 × 8 pixels (E. Alpaydin and C. Kaynak, UCI 1998) go through `place_ink`, as
does a digit photographed on paper, so that what was learned here can be read there.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn

from analysis.experiments.data import Data, Split
from analysis.vision.digit import place_ink

CLASSES: tuple[str, ...] = tuple("0123456789")
LEARNED, HELD = 1198, 599  # images to learn from, and held out


def digits(seed: int = 0) -> Data:
    """Two thirds to learn from (1198), a third held out (599), every class in proportion.

    Images are (N, 1, 32, 32) float32, 0 paper to 1 ink; training batches are varied by
    `vary_ink`. The seed decides which third is held out.
    """
    ink, labels = _drawn()
    rows = np.arange(len(labels))
    learn, held = train_test_split(rows, test_size=1 / 3, stratify=labels, random_state=seed)
    train, test = (_split(ink, labels, np.asarray(part)) for part in (learn, held))
    return Data(train, test, augment=vary_ink, classes=CLASSES)


@cache
def _drawn() -> tuple[np.ndarray, np.ndarray]:
    """All digits on their field, (1797, 1, 32, 32), and their labels; drawn once, 7 MB."""
    pixels, labels = (np.asarray(part) for part in load_digits(return_X_y=True))
    return np.stack([place_ink(row.reshape(8, 8) / 16) for row in pixels])[:, None], labels


def _split(ink: np.ndarray, labels: np.ndarray, rows: np.ndarray) -> Split:
    return Split(torch.from_numpy(ink[rows]), torch.from_numpy(labels[rows].astype(np.int64)))


def vary_ink(images: Tensor, generator: torch.Generator) -> Tensor:
    """Write every digit anew: another slant, size and place, another pen, another paper.

    Takes and returns (N, 1, 32, 32), 0..1.
    """
    return _repaper(_repen(_move(images, generator), generator), generator)


def _uniform(low: float, high: float, count: int, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def _move(images: Tensor, generator: torch.Generator) -> Tensor:
    """Turn up to 14°, shear up to 0.25, scale by 0.8 to 1.2 each way, shift up to 2.5 pixels."""
    n = len(images)
    angle = _uniform(-14, 14, n, generator) * (math.pi / 180)
    shear = _uniform(-0.25, 0.25, n, generator)
    wide, high = (1 / _uniform(0.8, 1.2, n, generator) for _ in range(2))
    right, down = (_uniform(-2.5, 2.5, n, generator) / 16 for _ in range(2))
    c, s = angle.cos(), angle.sin()
    across = torch.stack([wide * c, wide * (shear * c - s), right], dim=1)  # (N, 3)
    along = torch.stack([high * s, high * (shear * s + c), down], dim=1)
    places = nn.functional.affine_grid(
        torch.stack([across, along], dim=1), list(images.shape), align_corners=False
    )
    return nn.functional.grid_sample(images, places, align_corners=False)


def _repen(images: Tensor, generator: torch.Generator) -> Tensor:
    """Make strokes thicker or thinner by up to a pixel, and their edges softer or sharper."""
    amount = _uniform(-0.8, 1, len(images), generator).view(-1, 1, 1, 1)
    thick = nn.functional.max_pool2d(images, 3, stride=1, padding=1)
    thin = -nn.functional.max_pool2d(-images, 3, stride=1, padding=1)
    images = images + amount.clamp(min=0) * (thick - images) - amount.clamp(max=0) * (thin - images)
    gain = _uniform(0.8, 4, len(images), generator).view(-1, 1, 1, 1)
    return ((images - 0.4) * gain + 0.4).clamp(0, 1)


def _repaper(images: Tensor, generator: torch.Generator) -> Tensor:
    """Paler or darker ink, and a little noise."""
    darkness = _uniform(0.7, 1, len(images), generator).view(-1, 1, 1, 1)
    noise = 0.04 * torch.randn(images.shape, generator=generator)
    return (images * darkness + noise).clamp(0, 1)
