"""Width, depth or resolution: one small network made larger in one direction, then in two.

The question of Tan and Le (ICML 2019), Figures 3 and 4, asked of WRN-10-1 on digits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from analysis.amounts import listed, short
from analysis.experiments.runs import Run
from analysis.experiments.studies.spread import amount, best, spread
from analysis.experiments.studies.study import CONFIG, Study, arm


class Design(NamedTuple):
    """A network of the grid: WRN-depth-width on images of side × side pixels."""

    depth: int
    width: int
    side: int

    @property
    def label(self) -> str:
        return f"WRN-{self.depth}-{self.width} at {self.side} px"


class Point(NamedTuple):
    """A design as it is drawn: accuracies are 0..1, the mean and the range over the seeds."""

    label: str
    grown: str  # in which directions: "depth and width"
    cost: int
    accuracy: float
    low: float
    high: float


BASE = Design(10, 1, 8)
GRID = tuple(
    sorted(
        (Design(depth, width, side) for side in (8, 16) for depth in (10, 22) for width in (1, 2)),
        key=lambda design: sum(own > base for own, base in zip(design, BASE, strict=True)),
    )
)


def _run(design: Design) -> Run:
    run = arm(
        design.label,
        "wide",
        replace(CONFIG, epochs=10),
        depth=design.depth,
        width=design.width,
    )
    return replace(run, side=design.side)


def grown(design: Design) -> str:
    """In which directions a design is larger than the base: "depth and width"."""
    pairs = zip(("depth", "width", "resolution"), design, BASE, strict=True)
    return listed([name for name, own, base in pairs if own > base] or ["nothing"])


def points(rows: pd.DataFrame, cost: str) -> list[Point]:
    """Every design with its cost, "parameters" or "multiply_adds", and its test accuracy."""
    found = []
    for design in GRID:
        error = spread(rows, design.label, "test_error")
        found.append(
            Point(
                design.label,
                grown(design),
                amount(rows, design.label, cost),
                1 - error.mean,
                1 - error.high,
                1 - error.low,
            )
        )
    return found


def verdict(rows: pd.DataFrame) -> str:
    """The three ways of spending one budget, and the best of all designs."""
    singles = [d for d in GRID if " and " not in grown(d) and d != BASE]
    ranked = sorted(singles, key=lambda d: spread(rows, d.label, "test_error").mean)
    ways = [
        f"more {grown(d)} {spread(rows, d.label, 'test_error')} at {_macs(rows, d)}" for d in ranked
    ]
    top = next(d for d in GRID if d.label == best(rows))
    return (
        f"The base, {BASE.label}, has a test error of {spread(rows, BASE.label, 'test_error')} at "
        f"{_macs(rows, BASE)} multiply-adds. With three to four times as many: "
        f"{'; '.join(ways)}. The lowest of all is {top.label}, "
        f"{spread(rows, top.label, 'test_error')} at {_macs(rows, top)}."
    )


def _macs(rows: pd.DataFrame, design: Design) -> str:
    return short(amount(rows, design.label, "multiply_adds"))


STUDY = Study(
    name="scaling",
    title="Width, depth and resolution",
    question="With more multiply-adds to spend: width, depth or resolution?",
    arms=tuple(map(_run, GRID)),
    verdict=verdict,
    quick=tuple(d.label for d in GRID if " and " not in grown(d)),
    quick_epochs=8,
)
