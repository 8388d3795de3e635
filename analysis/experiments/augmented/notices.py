"""What to notice about the pictures that an augmentation makes, in the numbers just shown."""

from __future__ import annotations

import numpy as np

from analysis.amounts import listed, percent
from analysis.experiments import augment
from analysis.experiments.augmented import making
from analysis.experiments.augmented.counting import Sizes
from analysis.experiments.augmented.making import Made
from analysis.experiments.augmented.ways import WAYS
from analysis.experiments.lighting import STRENGTH
from analysis.structure import lecture
from analysis.structure.graph import Graph
from analysis.structure.lecture import Check


def headline(way: str, sizes: Sizes) -> str:
    """The number, and the sum that gives it."""
    count = WAYS[way].count(sizes)
    if count.number is None:
        return f"**No end of pictures from one** ({count.arithmetic})"
    return f"**{count.number:,} pictures from one** = {count.arithmetic}"


def of_flip(made: Made) -> str:
    """On the mirror image."""
    same = np.array_equal(made.pictures[0], made.pictures[1])
    found = (
        "Here both are the same, because the picture is symmetric."
        if same
        else "Here the two differ."
    )
    return (
        f"{found} A mirrored flower is a flower; a mirrored digit or letter may be another one, or "
        "none. So an augmentation is right only where it changes no class."
    )


def of_crop(sizes: Sizes, different: int | None) -> str:
    """On the windows; `different` is how many of them were found to differ, None if not counted."""
    window, frame, places = sizes.window, sizes.frame, sizes.places
    out_of = f"{sizes.whole} + {sizes.margin} + {sizes.margin} = {frame}" if sizes.margin else frame
    neighbour = (window - 1) / window
    parts = [
        f"A window of {window} pixels fits at {frame} − {window} + 1 = {places} places along a "
        f"side of {out_of} pixels.",
    ]
    if different is not None:
        number = WAYS["crop"].count(sizes).number
        parts.append(f"Of the {number:,} pictures that it gives here, **{different:,} differ**.")
    parts.append(
        f"Two neighbours share {percent(neighbour)} of their pixels, so the network does not "
        "learn as much from them as from as many new pictures."
    )
    return " ".join(parts)


def of_ten(sizes: Sizes) -> str:
    """On ten-crop, which belongs to the test."""
    share = sizes.window**2 / sizes.frame**2
    return (
        "Above: four corners and the centre. Below: their mirror images. The network answers to "
        f"each, and the average of the ten answers counts. One window has {percent(share)} of the "
        "picture, the ten together have all of it. It costs ten times the work, and is done at "
        "test time only."
    )


def of_colour(frame: np.ndarray, made: Made) -> str:
    """On the light: how far it moved the colours, and along what."""
    spread = [255 * float(value) for value in making.axes(frame).spread]
    steps = made.pictures[1:].astype(float) - made.pictures[0]
    farthest = np.abs(steps.mean(axis=(1, 2))).max()
    return (
        "All pixels of a picture move by one step in red, green and blue; the first picture is the "
        "one that was given. The step goes along the three axes in which the colours vary, here of "
        f"this picture: their spread is {listed(f'{value:.0f}' for value in spread)} of 255. A "
        f"typical step is {STRENGTH:.0%} of that, and the largest mean change shown is "
        f"{farthest:.0f} of 255. In training the axes are those of all training images."
    )


def of_cutout(sizes: Sizes, made: Made) -> str:
    """On the hole: its size, and how much of the picture it hides."""
    side = augment.hole_side(sizes.window)
    changed = (made.pictures[1:] != made.pictures[0]).any(axis=3).mean(axis=(1, 2))
    return (
        f"A square of {side} × {side} pixels is covered with the mean colour. Its centre can be "
        f"any of the {sizes.window} × {sizes.window} pixels, so a part of it may lie outside: at "
        f"most {percent(side**2 / sizes.window**2)} of the picture is covered, and "
        f"{percent(_mean_cover(sizes.window, side))} on average. In the pictures shown it is "
        f"{percent(changed.min())} to {percent(changed.max())}. The network cannot lean on one "
        "part of an object alone."
    )


def _mean_cover(window: int, side: int) -> float:
    """Share of a picture that a hole covers, on average over all places of its centre."""
    starts = np.arange(window) - side // 2
    covered = np.minimum(starts + side, window) - np.maximum(starts, 0)
    return float((covered.mean() / window) ** 2)


def of_together(sizes: Sizes) -> str:
    """On all at once."""
    crops, holes = 2 * sizes.places**2, sizes.window**2
    return (
        f"Each of the {crops:,} windows can have each of the {holes:,} holes, which makes "
        f"{crops * holes:,}, and each of those in any light: the network hardly ever sees the same "
        "picture twice. Still all of them show one object before one background. New photographs "
        "are worth more."
    )


def of_claim(way: str) -> tuple[str, Check] | None:
    """What the decks say of this way and what becomes of it; None where they do not count it."""
    name = WAYS[way].claim
    claim = next((c for c in lecture.collection().claims if c.id == name), None)
    if claim is None:
        return None
    check = lecture.check(claim, _no_network)
    said = f"The lectures: “{claim.as_stated}”. Verdict: **{check.verdict.value}**. {check.reason}"
    return said, check


def _no_network(key: str) -> Graph:
    raise KeyError(key)
