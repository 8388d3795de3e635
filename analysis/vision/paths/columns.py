"""FractalNet's columns, each predicting alone: Larsson, Maire, Shakhnarovich, ICLR 2017.

Drop-path trains each column to predict without the others (Section 3), so that any of them can be
taken out of the network and used as a plain network of its own depth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor, nn

from analysis.amounts import counted, listed, percent
from analysis.progress import Report, silent
from analysis.vision.paths.judged import SEED, Pictures, share_right
from analysis.vision.paths.part import Part
from analysis.vision.prediction import predict
from analysis.vision.probe import Shared, probe
from cnn_models.families.fractalnet import FractalNet


def columns_of(network: nn.Module) -> tuple[int, ...]:
    """The numbers of the columns that can predict alone; empty for any other network.

    A FractalNet with one column is a plain network and has nothing to be taken apart.
    """
    if not isinstance(network, FractalNet) or network.columns < 2:
        return ()
    return tuple(range(1, network.columns + 1))


@contextmanager
def column_alone(model: nn.Module | Shared, column: int | None) -> Iterator[FractalNet]:
    """Lend a FractalNet of which only `column` predicts, None for all; then as it was before.

    Raises:
        ValueError: if it is no FractalNet, or has no such column.
    """
    with probe(model) as network:
        if not isinstance(network, FractalNet):
            raise ValueError("Only a FractalNet has columns; choose one, such as FractalNet-20.")
        before = network.column
        try:
            network.use_column(column)
            yield network
        finally:
            network.column = before


def predictions(model: nn.Module | Shared, x: Tensor) -> tuple[Part, ...]:
    """What each column says of one input (1, C, H, W), the shallowest first, then all together."""
    found = []
    for column in (*_columns(model), None):
        with column_alone(model, column) as network:
            shares = predict(network, x)[0]
            found.append(Part(_label(column), _where(network, column), shares, column is None))
    return tuple(found)


def accuracies(
    model: nn.Module | Shared, seen: Pictures, report: Report = silent
) -> tuple[float, ...]:
    """Share of the pictures that each column gets right alone, and last all together."""
    which = (*_columns(model), None)
    report(0, len(which))
    found = []
    for column in which:
        with column_alone(model, column) as network:
            found.append(share_right(network, seen))
        report(len(found), len(which))
    return tuple(found)


def _columns(model: nn.Module | Shared) -> tuple[int, ...]:
    return columns_of(model.model if isinstance(model, Shared) else model)


def _label(column: int | None) -> str:
    return "All columns" if column is None else f"Column {column}"


def _where(network: FractalNet, column: int | None) -> str:
    blocks = len(network.blocks)
    steps = 2 ** ((network.columns if column is None else column) - 1)
    deep = counted(blocks * steps, "convolution")
    return f"up to {deep} in a row" if column is None else f"{deep} in a row"


def notice(parts: Sequence[Part], shares: Sequence[float], count: int) -> str:
    """How often each column and all together are right, in a sentence."""
    pairs = list(zip(parts, shares, strict=True))
    alone = [f"{percent(s)} by {part.label.lower()}" for part, s in pairs if not part.whole]
    together = next(share for part, share in pairs if part.whole)
    best = max(share for part, share in pairs if not part.whole)
    verdict = "more than any of them" if together > best else "no more than the best of them"
    return (
        f"Right of the first {count} test pictures of Shapes (seed {SEED}): {listed(alone)} alone, "
        f"and {percent(together)} by all columns together, {verdict}."
    )
