"""Which block trains best: shortcuts, their order, width, dropout, dense layers and gates.

Each study changes one thing of a small network on digits and keeps everything else.
"""

from __future__ import annotations

import pandas as pd

from analysis.experiments.studies.spread import Error, amount, compared, cost, spread
from analysis.experiments.studies.study import Study, arm


def _best_of(rows: pd.DataFrame, labels: tuple[str, ...], quantity: Error = "test_error") -> str:
    """The first of the labels against each other, in as many sentences."""
    first, *others = labels
    return " ".join(compared(rows, other, first, quantity) for other in others)


def _of_shortcuts(rows: pd.DataFrame) -> str:
    a, b, c = SHORTCUTS.labels
    ranges = [spread(rows, label, "test_error") for label in (a, b, c)]
    overlap = max(r.low for r in ranges) <= min(r.high for r in ranges)
    said = (
        "The ranges of all three overlap: which option a network takes matters little, as the "
        "paper finds."
        if overlap
        else "The ranges do not all overlap here."
    )
    params = {label: amount(rows, label, "parameters") for label in (a, b, c)}
    return (
        f"{_best_of(rows, (a, b, c))} {said} Option B has {params[b] - params[a]:,} parameters "
        f"more than option A, option C {params[c] - params[a]:,}."
    )


SHORTCUTS = Study(
    name="shortcuts",
    title="Shortcut options",
    question="Which shortcut trains best: A, B or C?",
    arms=tuple(arm(f"option {kind}", "residual", depth=20, shortcut=kind) for kind in "ABC"),
    verdict=_of_shortcuts,
)

ORIGINAL, FULL = "original order", "full pre-activation"
ORDER = Study(
    name="order",
    title="Order inside of the block",
    question="Does it help to normalise before each convolution?",
    arms=(arm(ORIGINAL, "residual", depth=38), arm(FULL, "preact", depth=38)),
    verdict=lambda rows: (
        f"{compared(rows, FULL, ORIGINAL, 'train_error')} "
        f"{compared(rows, FULL, ORIGINAL, 'test_error')} Both have 38 layers."
    ),
    quick_epochs=8,
)


DEEP, WIDE = "WRN-22-1", "WRN-10-2"


def _of_width(rows: pd.DataFrame) -> str:
    return (
        f"{compared(rows, WIDE, DEEP, 'test_error')} The wide one has {cost(rows, WIDE)}, the deep "
        f"one {cost(rows, DEEP)}."
    )


WIDTH = Study(
    name="width",
    title="Width against depth",
    question="With about the same parameters: is it better to be wide or to be deep?",
    arms=(arm(DEEP, "wide", depth=22, width=1), arm(WIDE, "wide", depth=10, width=2)),
    verdict=_of_width,
)

DRY, DROPPING = "no dropout", "dropout 30%"
DROPOUT = Study(
    name="dropout",
    title="Dropout inside of the block",
    question="Does dropout between the two convolutions of a block help?",
    arms=(
        arm(DRY, "wide", depth=16, width=2),
        arm(DROPPING, "wide", depth=16, width=2, dropout=0.3),
    ),
    verdict=lambda rows: (
        f"{compared(rows, DRY, DROPPING, 'train_error')} "
        f"{compared(rows, DROPPING, DRY, 'test_error')} Dropout makes it harder to learn the "
        "training images; whether that pays is seen on the test images alone."
    ),
)

DENSE_RUNS = {f"DenseNet, k = {growth}": growth for growth in (4, 8, 12)}


def _of_growth(rows: pd.DataFrame) -> str:
    small, _, large = DENSE_RUNS
    return (
        f"{compared(rows, large, small, 'test_error')} "
        f"{compared(rows, large, 'ResNet-20', 'test_error')} DenseNet with k = 12 has "
        f"{cost(rows, large)}, ResNet-20 {cost(rows, 'ResNet-20')}."
    )


GROWTH = Study(
    name="growth",
    title="Growth rate",
    question="How many maps should each layer of a DenseNet add?",
    arms=(
        *(arm(label, "dense", growth=growth, layers=6) for label, growth in DENSE_RUNS.items()),
        arm("ResNet-20", "residual", depth=20),
    ),
    verdict=_of_growth,
)

WITHOUT, WITH = "ResNet-20", "SE-ResNet-20"


def _of_gates(rows: pd.DataFrame) -> str:
    params, macs = (
        amount(rows, WITH, name) / amount(rows, WITHOUT, name) - 1
        for name in ("parameters", "multiply_adds")
    )
    return (
        f"{compared(rows, WITH, WITHOUT, 'test_error')} "
        f"{compared(rows, WITH, WITHOUT, 'train_error')} The gates add "
        f"{params:.2%} parameters and {macs:.2%} multiply-adds."
    )


GATES = Study(
    name="gates",
    title="Squeeze and excitation",
    question="Do gates on the channels help at nearly the same cost?",
    arms=(arm(WITHOUT, "residual", depth=20), arm(WITH, "gated", depth=20)),
    verdict=_of_gates,
)
