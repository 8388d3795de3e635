"""The pictures themselves: what is made of one, by the same functions that training uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from analysis.experiments import augment
from analysis.experiments.augmented.counting import Sizes
from analysis.experiments.datasets import mirrored
from analysis.experiments.lighting import Axes, colour_axes, lighting
from analysis.vision.predicting import crops
from analysis.vision.predicting.crops import Window

SHOWN = 18


@dataclass(frozen=True, eq=False)
class Made:
    """Pictures (N, H, W, 3) uint8, to be shown so many in a row.

    `first_is_whole` says that the first is the picture as it was. `windows` are the places that
    they were cut from, where those have names.
    """

    pictures: np.ndarray
    columns: int
    first_is_whole: bool = False
    windows: tuple[Window, ...] = ()


def framed(image: Image.Image, sizes: Sizes) -> np.ndarray:
    """The middle square of a picture with its margin: (frame, frame, 3) uint8."""
    fitted = ImageOps.fit(image, (sizes.whole, sizes.whole), Image.Resampling.BILINEAR)
    pixels = _tensor(np.asarray(fitted.convert("RGB")))
    return _array(augment.with_margin(pixels, sizes.margin, sizes.margin))[0]


def flipped(frame: np.ndarray) -> Made:
    """The picture and its mirror image."""
    return Made(np.stack([frame, frame[:, ::-1]]), 2, first_is_whole=True)


def cropped(frame: np.ndarray, sizes: Sizes, seed: int) -> Made:
    """Windows at random, each mirrored with probability one half."""
    generator = torch.Generator().manual_seed(seed)
    copies = _tensor(frame).expand(SHOWN, -1, -1, -1)
    cut = augment.windows(copies, sizes.window, sizes.window, generator)
    return Made(_array(mirrored(cut, generator)), 6)


def ten(frame: np.ndarray, sizes: Sizes) -> Made:
    """Four corners and the centre; below each its mirror image."""
    cut = crops.windows("ten", sizes.frame, sizes.frame, sizes.window)
    return Made(np.stack([crops.patch(frame, window) for window in cut]), 5, windows=cut)


def recoloured(frame: np.ndarray, seed: int) -> Made:
    """The picture as it was, then in other lights, along the axes of its own colours."""
    vary = lighting(_tensor(frame))
    return _varied(frame, vary, seed)


def axes(frame: np.ndarray) -> Axes:
    """The axes along which the colours of a picture vary."""
    return colour_axes(_tensor(frame))


def with_holes(frame: np.ndarray, sizes: Sizes, seed: int) -> Made:
    """The middle window as it was, then with holes in it."""
    return _varied(_middle(frame, sizes), augment.cut_out, seed)


def together(frame: np.ndarray, sizes: Sizes, seed: int) -> Made:
    """Cut out, mirrored, in another light, and with a hole."""
    generator = torch.Generator().manual_seed(seed)
    copies = _tensor(frame).expand(SHOWN, -1, -1, -1)
    cut = augment.windows(copies, sizes.window, sizes.window, generator)
    vary = augment.composed("flip+colour+cutout", _tensor(frame))
    return Made(_array(vary(cut, generator)), 6)


def _varied(picture: np.ndarray, vary: augment.Vary, seed: int) -> Made:
    generator = torch.Generator().manual_seed(seed)
    copies = _tensor(picture).expand(SHOWN - 1, -1, -1, -1)
    changed = _array(vary(copies, generator))
    return Made(np.concatenate([picture[None], changed]), 6, first_is_whole=True)


def _middle(frame: np.ndarray, sizes: Sizes) -> np.ndarray:
    start = (sizes.frame - sizes.window) // 2
    inside = slice(start, start + sizes.window)
    return frame[inside, inside]


def _tensor(picture: np.ndarray) -> Tensor:
    """(H, W, 3) to (1, 3, H, W)."""
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None]


def _array(pictures: Tensor) -> np.ndarray:
    """(N, 3, H, W) to (N, H, W, 3)."""
    return pictures.permute(0, 2, 3, 1).numpy()
