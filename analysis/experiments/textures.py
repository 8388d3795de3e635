"""Procedural textures, colours and distractors: all of a Shapes picture but its object.

Every function draws from the generator it is given and from nothing else.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIZE = 64  # pixels along each side of a picture
OVERSAMPLING = 4  # edges are drawn this many times finer, then averaged

Pattern = NDArray[np.float32]
_Y, _X = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)


def clouds(rng: np.random.Generator, cells: int | None = None) -> Pattern:
    """Smooth noise: random values on a coarse grid, interpolated. (SIZE, SIZE), 0..1."""
    n = cells or int(rng.integers(3, 12))
    coarse = Image.fromarray(rng.random((n, n), dtype=np.float32))
    smooth = np.asarray(coarse.resize((SIZE, SIZE), Image.Resampling.BICUBIC))
    return np.clip(smooth, 0, 1)


def _ramp(rng: np.random.Generator) -> Pattern:
    """Distance in pixels along a random direction."""
    angle = rng.uniform(0, 2 * np.pi)
    return np.float32(np.cos(angle)) * _X + np.float32(np.sin(angle)) * _Y


def _wave(phase: NDArray[np.float32]) -> Pattern:
    return np.float32(0.5) * (np.sin(phase) + np.float32(1))


def gradient(rng: np.random.Generator) -> Pattern:
    """One colour fading into the other. (SIZE, SIZE), 0..1."""
    ramp = _ramp(rng)
    low, high = ramp.min(), ramp.max()
    return (ramp - low) / (high - low)


def stripes(rng: np.random.Generator) -> Pattern:
    """Straight bands, 4 to 16 pixels apart. (SIZE, SIZE), 0..1."""
    period = rng.uniform(4, 16)
    return _wave(_ramp(rng) * np.float32(2 * np.pi / period))


def waves(rng: np.random.Generator) -> Pattern:
    """Bands bent by noise, like the grain of wood. (SIZE, SIZE), 0..1."""
    bend: Pattern = np.float32(rng.uniform(4, 14)) * clouds(rng, cells=4)
    period = rng.uniform(5, 14)
    phase: Pattern = (_ramp(rng) + bend) * np.float32(2 * np.pi / period)
    return _wave(phase)


def checks(rng: np.random.Generator) -> Pattern:
    """Weave a check with cells of 3 to 6 pixels. (SIZE, SIZE), 0..1."""
    scale = np.float32(np.pi / rng.uniform(3, 6))
    angle = rng.uniform(0, np.pi / 2)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    weave = np.sin((c * _X + s * _Y) * scale) * np.sin((c * _Y - s * _X) * scale)
    return np.float32(0.5) * (weave + np.float32(1))


def speckle(rng: np.random.Generator) -> Pattern:
    """Coarse grains of about 2 pixels. (SIZE, SIZE), 0..1."""
    return clouds(rng, cells=32)


PATTERNS: tuple[Callable[[np.random.Generator], Pattern], ...] = (
    clouds,
    gradient,
    stripes,
    waves,
    checks,
    speckle,
)


def pattern(rng: np.random.Generator) -> Pattern:
    """One of the patterns, each as likely as the others. (SIZE, SIZE), 0..1."""
    return PATTERNS[rng.integers(len(PATTERNS))](rng)


def colour(rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw a colour of any hue, pale or strong, never near black. (3,), 0..1."""
    hue, saturation, value = rng.random(), rng.uniform(0.1, 0.9), rng.uniform(0.25, 1)
    return np.array(colorsys.hsv_to_rgb(hue, saturation, value), dtype=np.float32)


def colour_pair(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Draw a colour and a second one some way from it to any other: a texture's two. (3,), 0..1."""
    first, other = colour(rng), colour(rng)
    step: NDArray[np.float32] = np.float32(rng.uniform(0.2, 0.8)) * (other - first)
    return first, first + step


def paint(first: NDArray, second: NDArray, amount: Pattern) -> NDArray[np.float32]:
    """Mix two colours by a pattern: 0 is all the first, 1 all the second. (SIZE, SIZE, 3)."""
    return first + amount[..., None] * (second - first)


def contrasting(
    rng: np.random.Generator, first: NDArray, second: NDArray, distance: float
) -> NDArray[np.float32]:
    """Draw a colour at least `distance` (in RGB, 0..1) from every mixture of two colours. (3,)."""
    step = second - first
    length = max(float(step @ step), 1e-9)
    while True:
        candidate = colour(rng)
        nearest = first + np.clip((candidate - first) @ step / length, 0, 1) * step
        if np.linalg.norm(candidate - nearest) >= distance:
            return candidate


def scatter(rng: np.random.Generator, picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lay 0 to 6 distractors on a picture: thin lines, dots and scraps, too small to be an object.

    Takes and returns (SIZE, SIZE, 3), 0..1.
    """
    fine = (SIZE * OVERSAMPLING, SIZE * OVERSAMPLING)
    canvas = Image.fromarray((picture * 255).astype(np.uint8))
    canvas = canvas.resize(fine, Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(canvas)
    for _ in range(rng.integers(0, 7)):
        ink = (int(rng.integers(256)), int(rng.integers(256)), int(rng.integers(256)))
        _DISTRACTORS[rng.integers(len(_DISTRACTORS))](rng, draw, ink)
    return np.asarray(canvas.reduce(OVERSAMPLING), dtype=np.float32) / np.float32(255)


def _line(rng: np.random.Generator, draw: ImageDraw.ImageDraw, ink: tuple[int, int, int]) -> None:
    points = rng.uniform(0, SIZE * OVERSAMPLING, 4).tolist()
    draw.line(points, fill=ink, width=int(rng.uniform(0.7, 1.8) * OVERSAMPLING))


def _dot(rng: np.random.Generator, draw: ImageDraw.ImageDraw, ink: tuple[int, int, int]) -> None:
    radius = rng.uniform(0.8, 2.2) * OVERSAMPLING
    x, y = rng.uniform(0, SIZE * OVERSAMPLING, 2)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)


def _scrap(rng: np.random.Generator, draw: ImageDraw.ImageDraw, ink: tuple[int, int, int]) -> None:
    """Draw an irregular four-sided scrap, at most 7 pixels wide."""
    centre = rng.uniform(0, SIZE * OVERSAMPLING, 2)
    corners = centre + rng.uniform(-3.5, 3.5, (4, 2)) * OVERSAMPLING
    draw.polygon(corners.ravel().tolist(), fill=ink)


_DISTRACTORS = (_line, _dot, _scrap)
