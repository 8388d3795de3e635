"""The windows of a protocol, drawn on the picture that they are cut from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from analysis.charts.palette import FAMILY_COLOURS
from analysis.vision.predicting.crops import Window

_SHOWN = 360  # pixels of the shorter side, at least
_COLOURS = tuple(FAMILY_COLOURS[name] for name in ("alexnet", "inception", "vgg", "densenet"))
_CENTRE = FAMILY_COLOURS["resnet"]


def drawn(picture: np.ndarray, windows: Sequence[Window]) -> np.ndarray:
    """(H, W, 3) uint8 enlarged by whole pixels, with a frame for each place; mirrors have none."""
    times = max(1, -(-_SHOWN // min(picture.shape[:2])))
    image = Image.fromarray(picture.repeat(times, axis=0).repeat(times, axis=1))
    draw = ImageDraw.Draw(image)
    places = [window for window in windows if not window.mirrored]
    for number, window in enumerate(places):
        colour = _CENTRE if window.name == "centre" else _COLOURS[number % len(_COLOURS)]
        left, top = window.left * times, window.top * times
        side = window.side * times
        draw.rectangle((left, top, left + side - 1, top + side - 1), outline=colour, width=4)
    return np.asarray(image)
