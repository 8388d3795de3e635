"""Make the sample pictures of the Predict page: `python -m analysis.experiments.sample_images`.

Six Shapes of the test split, three made "photographs" of a handwritten digit on paper, and the two
photographs that come with scikit-learn. assets/samples/ORIGIN.md says where each is from.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from sklearn.datasets import load_sample_image

from analysis.experiments.shapes import CLASSES, Shapes

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
SHAPES_SEED = 7  # the networks that ship learned and were judged on seed 0
SHAPES_CHOSEN = (4, 16, 18, 29, 35, 47)
WIDTH, HEIGHT = 900, 700  # pixels of a made photograph
OVERSAMPLING = 2

# The strokes of each digit as the points "x,y" that the pen passes: x to the right, y downwards,
# in tenths of the digit's height.
DIGITS: dict[int, tuple[str, ...]] = {
    3: (
        "1.0,1.7 2.3,0.4 4.4,0.2 5.6,1.7 4.9,3.6 3.0,4.5 4.0,4.6 5.8,5.5 6.1,7.6 4.8,9.5 2.6,9.9 "
        "0.7,8.6",
    ),
    5: (
        "1.6,0.5 1.4,2.2 1.2,4.3 2.9,3.7 5.0,4.2 6.1,6.2 5.4,8.6 3.3,9.9 0.7,9.0",
        "1.6,0.5 3.6,0.4 5.9,0.1",
    ),
    8: (
        "4.9,1.4 3.3,0.2 1.5,1.1 1.6,3.0 3.3,4.6 5.2,6.2 5.4,8.4 3.6,9.9 1.5,9.2 1.1,7.2 2.7,5.2 "
        "4.7,3.4 5.3,1.9 4.5,0.9",
    ),
}


def photograph(digit: int, seed: int) -> Image.Image:
    """Make a picture, 900 x 700 pixels, of a digit that a pen wrote on paper in uneven light."""
    rng = np.random.default_rng(seed)
    ink = _ink(_perspective(_placed(DIGITS[digit], rng), rng), rng)[..., None]
    pen = np.array([(0.10, 0.13, 0.32), (0.12, 0.12, 0.13)][seed % 2])
    paper = np.array((0.93, 0.91, 0.86)) + 0.02 * _grain(rng)[..., None]
    seen = (paper * (1 - ink) + pen * ink) * _light(rng)[..., None]  # (700, 900, 3)
    seen = seen + rng.normal(0, 0.012, seen.shape)
    picture = Image.fromarray((np.clip(seen, 0, 1) * 255).astype(np.uint8))
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def _placed(strokes: tuple[str, ...], rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Bring the strokes to pixels: slightly turned, 350 to 450 pixels high, near the middle."""
    angle, scale = rng.uniform(-0.12, 0.12), rng.uniform(35, 45)
    turn = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    centre = np.array((WIDTH / 2, HEIGHT / 2)) + rng.uniform(-60, 60, 2)
    return [(_smooth(_points(stroke)) - (3.2, 5)) * scale @ turn + centre for stroke in strokes]


def _points(stroke: str) -> NDArray[np.float64]:
    return np.array([point.split(",") for point in stroke.split()], dtype=np.float64)


def _smooth(points: NDArray[np.float64], steps: int = 40) -> NDArray[np.float64]:
    """Draw a Catmull-Rom spline through the points. (n, 2) to ((n - 1) * steps, 2)."""
    p = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = [
        b + t / 2 * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
        for a, b, c, d in zip(p[:-3], p[1:-2], p[2:-1], p[3:], strict=True)
    ]
    return np.concatenate(pieces)


def _perspective(
    strokes: list[NDArray[np.float64]], rng: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Tilt the paper: what is farther from the camera is drawn smaller, by up to a tenth."""
    tilt = rng.uniform(-1, 1, 2) * 0.1 / np.array((WIDTH, HEIGHT))
    middle = np.array((WIDTH / 2, HEIGHT / 2))
    return [(s - middle) / (1 + (s - middle) @ tilt)[:, None] + middle for s in strokes]


def _ink(strokes: list[NDArray[np.float64]], rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the strokes with a felt pen whose pressure wavers. (700, 900), 0..1."""
    canvas = Image.new("L", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING))
    draw = ImageDraw.Draw(canvas)
    thickness = rng.uniform(11, 15)
    for stroke in strokes:
        phase, along = rng.uniform(0, 6), np.linspace(0, 5, len(stroke))
        radii = thickness * (1 + 0.12 * np.sin(along + phase)) * OVERSAMPLING
        for (x, y), r in zip(stroke * OVERSAMPLING, radii, strict=True):
            draw.ellipse((x - r, y - r, x + r, y + r), fill=255)
    coverage = np.asarray(canvas.reduce(OVERSAMPLING), dtype=np.float64) / 255
    return coverage * (0.93 + 0.04 * _grain(rng))  # a pen does not cover the fibres evenly


def _grain(rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw paper fibres: noise at three scales. (700, 900), about -1..1."""
    layers = [
        Image.fromarray(rng.normal(0, 0.4, (n * 7, n * 9)).astype(np.float32)).resize(
            (WIDTH, HEIGHT), Image.Resampling.BICUBIC
        )
        for n in (2, 14, 60)
    ]
    return np.sum([np.asarray(layer) for layer in layers], axis=0)


def _light(rng: np.random.Generator) -> NDArray[np.float64]:
    """Lay light from one side, and the soft shadow of a hand in a corner. (700, 900), 0.45..1."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / HEIGHT
    angle = rng.uniform(0, 2 * np.pi)
    slope = 0.85 + 0.13 * (np.cos(angle) * (x - 0.64) + np.sin(angle) * (y - 0.5))
    corner_x, corner_y = rng.choice((0, WIDTH / HEIGHT)), 1.0
    distance = np.hypot(x - corner_x, y - corner_y)
    return slope - 0.3 / (1 + np.exp((distance - 0.45) * 9))


def main(folder: Path = SAMPLES) -> None:
    """Write every sample picture to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in SHAPES_CHOSEN:
        sample = Shapes(SHAPES_SEED, "test")[index]
        Image.fromarray(sample.image).save(folder / f"shape-{CLASSES[sample.label]}.png")
    for digit in DIGITS:
        photograph(digit, seed=digit).save(folder / f"digit-{digit}.jpg", quality=82)
    for name in ("china.jpg", "flower.jpg"):
        picture = Image.fromarray(load_sample_image(name))
        picture.thumbnail((512, 512), Image.Resampling.LANCZOS)
        picture.save(folder / name, quality=88)


if __name__ == "__main__":
    main()
