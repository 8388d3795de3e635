"""Several looks at one picture: where they are cut out, and what they are called in the lectures.

The lectures count images: 1 is the centre, 2 adds its mirror image, 10 are the four corners and
the centre with their mirror images. Ten come from Krizhevsky, Sutskever and Hinton (2012), section
4.1: patches of 224 × 224 pixels out of 256 × 256, the predictions averaged after the softmax.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image

from analysis.vision import sight
from analysis.vision.preprocess import centre_crop, normalised, offset, resized
from analysis.vision.voices import Voice
from cnn_models.spec import Preprocessing

_PAPER = (256, 224)  # pixels of the picture and of the patches out of it


@dataclass(frozen=True)
class Protocol:
    """One way to look at a picture; `images` is what the lectures count."""

    label: str
    images: int
    sentence: str


PROTOCOLS = {
    "one": Protocol("1 image", 1, "The centre of the picture, once. The lectures call it 1 image."),
    "flip": Protocol(
        "2 images",
        2,
        "The centre and its mirror image. The lectures call it flip augmentation, 2 images.",
    ),
    "ten": Protocol(
        "10 images",
        10,
        "Four corners and the centre, each with its mirror image. The lectures call it crop and "
        "flip augmentation, 10 images; it is how AlexNet was tested.",
    ),
}


@dataclass(frozen=True)
class Window:
    """A square that is cut out: its top left pixel and its side; `mirrored` left to right."""

    name: str
    top: int
    left: int
    side: int
    mirrored: bool = False

    @property
    def label(self) -> str:
        return f"{self.name}, mirrored" if self.mirrored else self.name


@dataclass(frozen=True, eq=False)
class Looks:
    """`picture` (H, W, 3) uint8 is what the `windows` are cut from.

    `tensor` is (N, C, side, side), the input of the network for each window, and `patches` are
    the same N as pictures, (side, side, 3) uint8 or (side, side) from 0 to 1. `note` says where
    the picture was resized otherwise than by the owner of the weights.
    """

    picture: np.ndarray
    windows: tuple[Window, ...]
    tensor: torch.Tensor
    patches: tuple[np.ndarray, ...]
    note: str = ""


class CannotLook(ValueError):
    """A protocol that makes no sense for a network; the message says why, and what works."""


def windows(protocol: str, height: int, width: int, side: int) -> tuple[Window, ...]:
    """The squares of a protocol on a picture of `height` × `width` pixels.

    Corners are those of the middle square, as in the paper, and not of a longer picture.

    Args:
        protocol: a key of `PROTOCOLS`.
        height: of the picture.
        width: of the picture.
        side: of the squares, at most the shorter side of the picture.

    Raises:
        ValueError: if the protocol is not known or the squares do not fit.
    """
    if protocol not in PROTOCOLS:
        raise ValueError(f"There is no protocol {protocol!r}; there are {', '.join(PROTOCOLS)}.")
    short = min(height, width)
    if side > short:
        raise ValueError(f"A square of {side} pixels does not fit into {height} × {width}.")
    centre = Window("centre", offset(height, side), offset(width, side), side)
    if protocol == "one":
        return (centre,)
    plain = (*_corners(height, width, side), centre) if protocol == "ten" else (centre,)
    return (*plain, *(replace(window, mirrored=True) for window in plain))


def _corners(height: int, width: int, side: int) -> tuple[Window, ...]:
    short = min(height, width)
    top, left = offset(height, short), offset(width, short)
    far = short - side
    return tuple(
        Window(f"{row} {column}", top + down, left + right, side)
        for row, down in (("top", 0), ("bottom", far))
        for column, right in (("left", 0), ("right", far))
    )


def looks(image: Image.Image, speaker: Voice, protocol: str) -> Looks:
    """What `speaker` is given of a picture under a protocol.

    Raises:
        CannotLook: if the protocol makes no sense for the network.
        analysis.vision.images.BadImage: if a digit is wanted and nothing is written there.
    """
    if speaker.reads_ink:
        return _of_ink(image, speaker, protocol)
    recipe, note = _with_margin(speaker.preprocessing, protocol)
    picture = resized(image, recipe)
    if min(picture.size) < recipe.crop:  # an owner who resizes to less than is cut out
        width, height = (max(length, recipe.crop) for length in picture.size)
        picture = centre_crop(picture, width, height)
    pixels = np.asarray(picture)
    cut = windows(protocol, picture.height, picture.width, recipe.crop)
    patches = tuple(patch(pixels, window) for window in cut)
    return Looks(pixels, cut, normalised(np.stack(patches), recipe), patches, note)


def _of_ink(image: Image.Image, speaker: Voice, protocol: str) -> Looks:
    if protocol != "one":
        raise CannotLook(
            "A digit in the mirror is another sign, and a corner of it is no digit: this network "
            "learned from whole digits in the middle of the picture. Take 1 image."
        )
    seen = sight.sight(image, speaker)
    height, width = seen.tensor.shape[-2:]
    picture = np.repeat(np.rint(255 * seen.picture).astype(np.uint8)[..., None], 3, axis=2)
    return Looks(picture, windows("one", height, width, height), seen.tensor, (seen.picture,))


def _with_margin(recipe: Preprocessing, protocol: str) -> tuple[Preprocessing, str]:
    """The owner's recipe, or a larger picture where corners would be the centre once more."""
    if protocol != "ten" or recipe.resize > recipe.crop:
        return recipe, ""
    larger = round(recipe.crop * _PAPER[0] / _PAPER[1])
    note = (
        f"The owner of the weights resizes to {recipe.resize} pixels, which leaves no room for "
        f"corners. Here it is {larger}: the paper's ratio of {_PAPER[0]} to {_PAPER[1]}."
    )
    return replace(recipe, resize=larger), note


def patch(pixels: np.ndarray, window: Window) -> np.ndarray:
    """What a window shows of a picture (H, W, …): (side, side, …)."""
    rows, columns = (slice(at, at + window.side) for at in (window.top, window.left))
    inside = pixels[rows, columns]
    return inside[:, ::-1] if window.mirrored else inside
