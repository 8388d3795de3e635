"""A photographed handwritten digit, brought to what LeNet saw.

LeNet-5 was trained on MNIST: ink 1 on paper 0, the digit scaled to a box of 20 pixels with its
proportions kept, its centre of mass in the middle of the picture, on a 32 × 32 input (LeCun et
al. 1998, sections II.B and III.A). A network can only read what looks like what it learned from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from scipy import ndimage

from analysis.vision import paper
from analysis.vision.images import BadImage

if TYPE_CHECKING:
    import torch

SIDE = 32  # input of LeNet-5
BOX = 20  # longer side of the digit in it
WORK_SIDE = 400  # longest side of the photograph while the ink is looked for
FAINT = 0.1  # ink below this share of the strongest does not widen the digit's box

_BLANK = (
    "Nothing on this picture stands out from the paper; "
    "write one large digit with a dark pen on plain paper."
)


class NoInk(BadImage):
    """There is nothing written on the picture."""


@dataclass(frozen=True, eq=False)
class Step:
    """One stage on the way from the photograph to the network: (H, W) float32 in 0..1."""

    name: str
    sentence: str
    values: np.ndarray


@dataclass(frozen=True, eq=False)
class DigitSteps:
    """The stages in order; the last is what the network gets."""

    steps: tuple[Step, ...]

    @property
    def ink(self) -> np.ndarray:
        """(32, 32) float32, paper 0 to ink 1."""
        return self.steps[-1].values

    @property
    def tensor(self) -> torch.Tensor:
        """(1, 32, 32) float32, paper 0 to ink 1."""
        import torch  # here, so that the page appears before torch is loaded

        return torch.from_numpy(self.ink.copy())[None]


def normalise_digit(image: Image.Image) -> DigitSteps:
    """Bring a photograph of one handwritten digit to the 32 × 32 ink that LeNet expects.

    Args:
        image: any size; the digit dark on light paper, or light on a dark board.

    Raises:
        NoInk: if nothing stands out from the paper.
    """
    grey = _grey(image)
    if np.ptp(grey) < paper.MIN_CONTRAST:
        raise NoInk(_BLANK)
    evened, negative = paper.even_light(grey)
    ink = paper.separate(evened)
    if ink is None:
        raise NoInk(_BLANK)
    digit = paper.main_ink(ink)
    cropped = _crop_to_ink(paper.thicken(digit))
    turned = "Light writing on a dark ground is inverted first. " if negative else ""
    return DigitSteps(
        (
            Step("Grey", "Colour says nothing about a digit.", grey),
            Step(
                "Even light",
                f"{turned}Dividing by the paper's brightness leaves ink.",
                np.clip(evened, 0, 1),
            ),
            Step("Ink", "Otsu's threshold separates pen from paper, with soft edges.", ink),
            Step(
                "Digit",
                "The main strokes stay; small specks and anything touching the edge are removed.",
                digit,
            ),
            Step(
                "Cropped",
                "Thin strokes are widened to those of the training digits; the margin is cut off.",
                cropped,
            ),
            Step(
                "What the network gets",
                f"Longer side {BOX} pixels, centre of mass in the middle of {SIDE} × {SIDE}.",
                place_ink(cropped),
            ),
        )
    )


def _grey(image: Image.Image) -> np.ndarray:
    """(H, W) float32 in 0..1, at most 400 pixels long, the camera's grain smoothed."""
    grey = image.convert("L")
    grey.thumbnail((WORK_SIDE, WORK_SIDE))
    values = np.asarray(grey, dtype=np.float32) / 255
    return ndimage.gaussian_filter(values, 1) if max(values.shape) == WORK_SIDE else values


def place_ink(ink: np.ndarray) -> np.ndarray:
    """Ink of any size at the size and place that LeNet expects.

    The ink is cropped to its box, the longer side of the box is scaled to 20 pixels, and the
    centre of mass comes to the centre of the result, to the nearest pixel.

    Args:
        ink: (H, W), 0 = paper to 1 = ink, such as one of scikit-learn's 8 × 8 digits over 16.

    Returns:
        (32, 32) float32 in 0..1.

    Raises:
        NoInk: if `ink` is zero everywhere.
        ValueError: if `ink` is not a picture of finite numbers with two dimensions.
    """
    ink = np.asarray(ink, dtype=np.float32)
    if ink.ndim != 2 or ink.size == 0 or not np.isfinite(ink).all():
        raise ValueError(f"Ink is an (H, W) array of finite numbers, not of shape {ink.shape}.")
    scaled = _scale_to_box(_crop_to_ink(np.clip(ink, 0, 1)))  # (h, w), longer side 20
    top, left = _corner(scaled)
    placed = np.zeros((SIDE, SIDE), dtype=np.float32)
    height, width = scaled.shape
    placed[top : top + height, left : left + width] = scaled
    return placed


def _crop_to_ink(ink: np.ndarray) -> np.ndarray:
    """Keep the smallest rectangle that holds all ink but the faintest."""
    inked = ink > FAINT * ink.max()
    if not inked.any():
        raise NoInk("There is no ink on this picture; write one digit with a dark pen.")
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _scale_to_box(ink: np.ndarray) -> np.ndarray:
    height, width = ink.shape
    scale = BOX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))  # PIL says width first
    # Pillow's bicubic filter widens with the reduction, so a large photograph does not alias.
    resized = Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC)
    return np.clip(np.asarray(resized, dtype=np.float32), 0, 1)


def _corner(ink: np.ndarray) -> tuple[int, int]:
    """Row and column of the top left corner that bring the centre of mass to the centre."""
    mass = ink.sum()
    rows, columns = np.indices(ink.shape)
    centre = ((rows * ink).sum() / mass, (columns * ink).sum() / mass)
    wanted = [round((SIDE - 1) / 2 - c) for c in centre]
    # A digit with all its weight at one end would stick out: it stops at the border.
    top, left = (min(max(0, w), SIDE - length) for w, length in zip(wanted, ink.shape, strict=True))
    return top, left
