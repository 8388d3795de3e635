"""What the owner of a set of weights does to a picture before the network sees it.

The steps and their rounding are those of torchvision's `Resize`, `CenterCrop`, `ToTensor` and
`Normalize`, of which torchvision, timm and Hugging Face evaluate their weights with the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from cnn_models.spec import Preprocessing

_FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
_LONGEST = 16  # a picture more than so many times longer than wide loses its far ends first


@dataclass(frozen=True, eq=False)
class Prepared:
    """The network's input, and the stages before it.

    `tensor` is (1, 3, crop, crop) float32, normalised; `resized` (H, W, 3) and `cropped`
    (crop, crop, 3) are uint8 RGB to show; `normalised` is (3, crop, crop), what `tensor` holds.
    """

    tensor: torch.Tensor
    resized: np.ndarray
    cropped: np.ndarray

    @property
    def normalised(self) -> np.ndarray:
        return self.tensor[0].numpy()


def prepare(image: Image.Image, preprocessing: Preprocessing) -> Prepared:
    """Resize the shorter side, cut out the centre, scale to 0..1, subtract mean, divide by std.

    Args:
        image: any mode and size with at least one pixel.
        preprocessing: the owner's recipe, from `cnn_models.spec(key).weights`.

    Raises:
        ValueError: if the recipe names an interpolation that is not known here.
    """
    picture = resized(image, preprocessing)
    cropped = np.asarray(centre_crop(picture, preprocessing.crop))  # (crop, crop, 3)
    return Prepared(normalised(cropped[None], preprocessing), np.asarray(picture), cropped)


def resized(image: Image.Image, preprocessing: Preprocessing) -> Image.Image:
    """The picture in RGB with its shorter side at the owner's size.

    Raises:
        ValueError: if the recipe names an interpolation that is not known here.
    """
    if preprocessing.interpolation not in _FILTERS:
        raise ValueError(
            f"Interpolation {preprocessing.interpolation!r} is not known; "
            f"known are {', '.join(_FILTERS)}."
        )
    return _resize(_without_far_ends(image.convert("RGB")), preprocessing)


def normalised(pixels: np.ndarray, preprocessing: Preprocessing) -> torch.Tensor:
    """(N, H, W, 3) uint8 to (N, 3, H, W) float32: 0..1, less the mean, over the std."""
    scaled = torch.from_numpy(pixels.copy()).permute(0, 3, 1, 2).float() / 255
    mean = torch.tensor(preprocessing.mean)[:, None, None]
    std = torch.tensor(preprocessing.std)[:, None, None]
    return (scaled - mean) / std


def _without_far_ends(image: Image.Image) -> Image.Image:
    """Keep the middle of a picture that would be resized to millions of pixels never looked at."""
    longest = _LONGEST * min(image.size)
    return centre_crop(image, min(image.width, longest), min(image.height, longest))


def _resize(image: Image.Image, preprocessing: Preprocessing) -> Image.Image:
    shorter, longer = min(image.size), max(image.size)
    if shorter == preprocessing.resize:
        return image
    new_longer = int(preprocessing.resize * longer / shorter)  # torchvision cuts, not rounds
    upright = image.width <= image.height
    size = (preprocessing.resize, new_longer) if upright else (new_longer, preprocessing.resize)
    return image.resize(size, _FILTERS[preprocessing.interpolation])


def centre_crop(image: Image.Image, width: int, height: int | None = None) -> Image.Image:
    """The middle, with black around it where the picture is smaller than the cut."""
    height = width if height is None else height
    left, top = offset(image.width, width), offset(image.height, height)
    return image.crop((left, top, left + width, top + height))


def offset(have: int, wanted: int) -> int:
    """Where the cut begins: halves go to the even number, missing pixels to the end."""
    return round((have - wanted) / 2) if have >= wanted else -((wanted - have) // 2)
