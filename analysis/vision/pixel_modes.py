"""From whatever a picture file stores for a pixel to eight bits of red, green and blue."""

from __future__ import annotations

import numpy as np
from PIL import Image


def to_eight_bits(image: Image.Image, side: int) -> tuple[Image.Image, list[str]]:
    """Bring a picture to mode L, RGB or RGBA, and note what that changed.

    Sixteen bits are divided by 257. Numbers of 32 bits have no agreed range: 0..1, 0..255 and
    0..65535 are taken as such, anything else is stretched from its darkest to its lightest pixel.
    A picture that is much longer than `side` comes back smaller, though not below it, because
    whole blocks of pixels are averaged before the steps that take memory.
    """
    if image.mode.startswith("I;16"):
        grey = _averaged(image.convert("I"), side)
        return _grey(np.asarray(grey) / np.float32(257)), ["16-bit grey brought to 8 bits"]
    if image.mode in ("I", "F"):
        return _from_32_bits(_averaged(image, side))
    if image.has_transparency_data:
        return _averaged(image.convert("RGBA"), side), []
    if image.mode in ("CMYK", "LAB"):
        return _averaged(image, side).convert("RGB"), [f"{image.mode} colours turned into RGB"]
    if image.mode in ("L", "RGB"):
        return _averaged(image, side), []
    return _averaged(image.convert("L" if image.mode == "1" else "RGB"), side), []


def _averaged(image: Image.Image, side: int) -> Image.Image:
    factor = max(image.size) // side
    return image.reduce(factor) if factor > 1 else image.copy()


def flatten(image: Image.Image) -> tuple[Image.Image, list[str]]:
    """Bring mode L, RGB or RGBA to RGB, on white where transparent, and note if anything was."""
    if image.mode != "RGBA":
        return image.convert("RGB"), []
    lowest, _ = image.getchannel("A").getextrema()
    paper = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(paper, image).convert("RGB")
    return flat, ["transparent parts shown on white"] if lowest != 255 else []


def _grey(values: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))


def _from_32_bits(image: Image.Image) -> tuple[Image.Image, list[str]]:
    values = np.asarray(image, dtype=np.float64)
    finite = np.isfinite(values)
    if not finite.any():
        raise ValueError("no pixel of this picture is a number")
    low, high = float(values[finite].min()), float(values[finite].max())
    values = np.where(finite, values, low)
    if low >= 0 and high <= 1 and image.mode == "F":
        return _grey(values * 255), ["32-bit grey brought to 8 bits"]
    if low >= 0 and high <= 255:
        return _grey(values), ["32-bit grey brought to 8 bits"]
    if low >= 0 and high <= 65535:
        return _grey(values / 257), ["32-bit grey brought to 8 bits"]
    stretched = (values - low) * (255 / (high - low) if high > low else 0)
    return _grey(stretched), ["32-bit grey stretched from its darkest to its lightest pixel"]
