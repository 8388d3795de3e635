"""The ink on a photographed piece of paper: even the light, tell ink from paper, keep the digit.

All arrays are (H, W) float32. The steps are those of document scanning: a background estimate,
Otsu's threshold (1979), connected components, and a stroke of even width.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

MIN_CONTRAST = 0.05  # mean ink against mean paper
MIN_SPREADS = 4  # the same in standard deviations of the paper; noise cut in two has 2.6
STROKE = 0.12  # width of a training digit's stroke, as a share of its longer side
SCAN = 32  # up to this many pixels a picture is no photograph but a digit of a data set
_DARKEST = 0.05  # paper is taken to be no darker, or deep shadow would be amplified forever
_COARSE = 48  # longest side at which the light is estimated; light varies slowly
_EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=int)


def even_light(grey: np.ndarray) -> tuple[np.ndarray, bool]:
    """Divide a picture by the brightness of its paper.

    First by the smooth surface that the lamp makes, then by the bright majority around each
    pixel, which follows shadows. White chalk on a board is turned into its negative before.

    Args:
        grey: 0 = black to 1 = white.

    Returns:
        The ink, 0 = as bright as the paper to 1 = black, a little below 0 where the paper's grain
        is brighter; and whether the picture was turned into its negative.
    """
    if max(grey.shape) <= SCAN:
        return _against_border(grey)
    difference = grey - _over_neighbourhood(grey, 50)
    # The third power: a few pixels that differ much outweigh many that differ little.
    negative = bool((difference**3).sum() > 0)
    page = 1 - grey if negative else grey
    page = page / np.maximum(_surface(page), _DARKEST)
    paper = np.maximum(_over_neighbourhood(page, 80), _DARKEST)
    return (1 - page / paper).astype(np.float32), negative


def _against_border(grey: np.ndarray) -> tuple[np.ndarray, bool]:
    """Take the median of the outermost pixels for the paper; a picture this small has no lamp."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    difference = float(np.median(border)) - grey
    negative = bool(difference.sum() < 0)
    return -difference if negative else difference, negative


def _surface(page: np.ndarray) -> np.ndarray:
    """Fit a surface of second order to the paper, leaving out in turn what is darker than it."""
    coarse = _coarse(page)
    terms, wanted = _powers(coarse.shape), coarse.ravel()
    error = np.zeros(wanted.size)
    coefficients = np.zeros(6)
    for _ in range(8):
        used = error >= -np.median(np.abs(error))
        coefficients, *_ = np.linalg.lstsq(terms[used], wanted[used])
        error = wanted - terms @ coefficients
    return (_powers(page.shape) @ coefficients).reshape(page.shape).astype(np.float32)


def _powers(shape: tuple[int, ...]) -> np.ndarray:
    """1, x, y, x², xy, y² of each pixel, x and y from -1 to 1: (H·W, 6)."""
    y, x = np.meshgrid(*(np.linspace(-1, 1, length) for length in shape), indexing="ij")
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)


def _coarse(values: np.ndarray) -> np.ndarray:
    """At most 48 pixels long, each the mean of those it replaces."""
    height, width = values.shape
    scale = min(1, _COARSE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(Image.fromarray(values).resize(size, Image.Resampling.BOX))


def _over_neighbourhood(values: np.ndarray, percentile: int) -> np.ndarray:
    """A percentile over about half the picture around each pixel, smooth, in the same shape."""
    coarse = _coarse(values)
    reach = max(3, max(coarse.shape) // 2)
    level = ndimage.percentile_filter(coarse, percentile, size=reach, mode="nearest")
    level = ndimage.gaussian_filter(level, reach / 6, mode="nearest")
    size = values.shape[::-1]
    return np.asarray(Image.fromarray(level).resize(size, Image.Resampling.BILINEAR))


def separate(ink: np.ndarray) -> np.ndarray | None:
    """Threshold after Otsu, with soft edges, or None where nothing stands out from the paper.

    Returns:
        0 where it is paper, 1 where it is ink, between the two along the edge of a stroke.
    """
    threshold = _otsu(ink)
    above = ink > threshold
    if not above.any() or above.all():
        return None
    paper, pen = float(ink[~above].mean()), float(ink[above].mean())
    if pen - paper < max(MIN_CONTRAST, MIN_SPREADS * float(ink[~above].std())):
        return None
    low = paper + 0.3 * (threshold - paper)  # blurred strokes keep most of their shades
    return np.clip((ink - low) / (pen - low), 0, 1).astype(np.float32)


def _otsu(values: np.ndarray) -> float:
    """Find the threshold that leaves the greatest variance between the two sides."""
    counts, edges = np.histogram(values, bins=256)
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1]
    above = values.size - below
    sums = np.cumsum(counts * centres)
    with_both = (below > 0) & (above > 0)
    below, above = np.where(with_both, below, 1), np.where(with_both, above, 1)
    gap = sums[:-1] / below - (sums[-1] - sums[:-1]) / above
    between = np.where(with_both, below * above * gap**2, 0)
    best = np.flatnonzero(between == between.max())  # a plateau where no pixel lies between
    return float(edges[1:][best].mean())


def main_ink(ink: np.ndarray) -> np.ndarray:
    """Keep the digit: the largest connected stroke, and what stands close enough to belong to it.

    Small specks are removed, and anything that touches the border (a table's edge, a shadow, a
    ruled line), unless nothing else on the picture is large enough to be a digit.
    """
    labels = np.empty(ink.shape, dtype=np.int32)
    ndimage.label(ink > 0.5, structure=_EIGHT_NEIGHBOURS, output=labels)
    boxes = ndimage.find_objects(labels)
    areas = np.bincount(labels.ravel())[1:]
    candidates = _candidates(boxes, ink.shape)
    main = max(candidates, key=lambda i: areas[i])
    kept = [
        i + 1
        for i in candidates
        if i == main or (areas[i] > 0.08 * areas[main] and _near(boxes[i], boxes[main]))
    ]
    digit = np.isin(labels, kept)
    # soft edges lie just outside the labelled pixels
    return np.where(ndimage.binary_dilation(digit, _EIGHT_NEIGHBOURS, iterations=2), ink, 0)


def _candidates(boxes: list[tuple[slice, ...]], shape: tuple[int, ...]) -> list[int]:
    """List the pieces that keep off the border if one is at least an eighth of the picture."""
    inside = [i for i, box in enumerate(boxes) if not _touches_border(box, shape)]
    if any(max(s.stop - s.start for s in boxes[i]) >= max(shape) / 8 for i in inside):
        return inside
    return list(range(len(boxes)))


def _touches_border(box: tuple[slice, ...], shape: tuple[int, ...]) -> bool:
    return any(s.start == 0 or s.stop == length for s, length in zip(box, shape, strict=True))


def _near(box: tuple[slice, ...], main: tuple[slice, ...]) -> bool:
    """Tell whether two boxes come closer than a sixth of the main one's longer side."""
    reach = max(s.stop - s.start for s in main) / 6
    return all(
        a.start - reach <= b.stop and b.start - reach <= a.stop
        for a, b in zip(box, main, strict=True)
    )


def thicken(ink: np.ndarray) -> np.ndarray:
    """Widen thin strokes to the width that training digits have at the size of this one.

    A ballpoint's line is a hundredth of the digit's height and would fade to nothing at 20 pixels.
    """
    solid = ink > 0.5
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    # In a stroke of width w the distance to its edge is w / 4 on average.
    width = 4 * float(_distance_to_paper(np.pad(solid, 1)).sum() / solid.sum())
    grow = (STROKE * longer - width) / 2
    if grow <= 0:
        return ink
    room = int(np.ceil(grow)) + 1
    ink, solid = np.pad(ink, room), np.pad(solid, room)
    widened = np.clip(grow + 1 - _distance_to_paper(~solid), 0, 1)
    return np.maximum(ink, widened).astype(np.float32)


def _distance_to_paper(solid: np.ndarray) -> np.ndarray:
    """From each pixel that is set to the nearest that is not, in pixels."""
    distance = np.empty(solid.shape, dtype=np.float64)
    ndimage.distance_transform_edt(solid, distances=distance)
    return distance
