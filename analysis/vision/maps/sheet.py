"""A grid of pictures as one PNG, with the names of rows and columns, for a slide."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from analysis.vision.maps.grid import Place

_CELL = 224  # pixels
_GAP = 12
_HEAD = 28  # a line of letters
_LETTERS = 18
_INK, _PAPER, _EMPTY = "#1b2033", "#ffffff", "#e3e6ef"


def sheet(
    pictures: Mapping[Place, np.ndarray],
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    below: Sequence[str] = (),
) -> bytes:
    """The grid as a PNG.

    Args:
        pictures: (H, W, 3) uint8 by row and column; a place without one is left grey.
        rows: what stands over each row, by its key, from the top.
        columns: what stands over each column, by its key, from the left.
        below: lines under the grid, such as what the colours mean.
    """
    width = _GAP + len(columns) * (_CELL + _GAP)
    height = _GAP + _HEAD + len(rows) * (_CELL + _HEAD + _GAP) + len(below) * _HEAD
    image = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(image)
    for at, label in enumerate(columns.values()):
        _write(draw, (_left(at), _GAP), label, _CELL)
    for down, (row, label) in enumerate(rows.items()):
        top = _GAP + _HEAD + down * (_CELL + _HEAD + _GAP)
        _write(draw, (_GAP, top), label, width - 2 * _GAP)
        for at, column in enumerate(columns):
            box = (_left(at), top + _HEAD, _left(at) + _CELL, top + _HEAD + _CELL)
            if (row, column) in pictures:
                image.paste(_of_cell_size(pictures[row, column]), box)
            else:
                draw.rectangle(box, fill=_EMPTY)
    for line, words in enumerate(below):
        top = height - _GAP - (len(below) - line) * _HEAD + 4
        _write(draw, (_GAP, top), words, width - 2 * _GAP)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _left(column: int) -> int:
    return _GAP + column * (_CELL + _GAP)


def _of_cell_size(picture: np.ndarray) -> Image.Image:
    """Pixels stay squares where the picture is small."""
    small = min(picture.shape[:2]) < _CELL
    how = Image.Resampling.NEAREST if small else Image.Resampling.LANCZOS
    return Image.fromarray(picture).resize((_CELL, _CELL), how)


def _write(draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, most: int) -> None:
    """The words in one line of at most `most` pixels, cut off with dots where they are longer."""
    font, shown = ImageFont.load_default(_LETTERS), words
    while len(shown) > 1 and draw.textlength(shown, font) > most:
        shown = f"{shown[:-2]}…"
    draw.text(at, shown, _INK, font)
