"""One traced graph, from which the tables, diagrams and formulas of a network are read.

>>> from analysis.structure import graph
>>> g = graph.trace(model, (3, 224, 224))
>>> g.totals().params, g.receptive_field().size
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.structure import tracing
from analysis.structure.operations import Operation, ReceptiveField, Shape, Totals
from analysis.structure.refusals import BadInput, NotTraceable
from analysis.structure.table import layer_table

if TYPE_CHECKING:
    import pandas as pd
    from torch import nn

__all__ = [
    "BadInput",
    "Graph",
    "NoReceptiveField",
    "NotTraceable",
    "Operation",
    "ReceptiveField",
    "Totals",
    "UnknownOperation",
    "trace",
]


class NoReceptiveField(LookupError):
    """No window on the input can be given."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"What {name} sees of the input is not known: either the input has no spatial axes, "
            "or a step before it, such as upsampling, gives its values different windows."
        )


class UnknownOperation(LookupError):
    """No operation of the graph has this name; the message names those that come close."""

    def __init__(self, name: str, known: list[str]) -> None:
        close = difflib.get_close_matches(name, known, n=3) or known[:3]
        super().__init__(f"There is no operation called {name!r}. Try {' or '.join(close)}.")


@dataclass(frozen=True)
class Graph:
    """The operations of one forward pass, in order; `name` is the network's class."""

    name: str
    input_shape: Shape
    operations: tuple[Operation, ...]

    def totals(self) -> Totals:
        """Trainable parameters, multiply-adds, and values and bytes written, for one image."""
        return Totals(
            params=sum(op.params for op in self.operations),
            macs=sum(op.macs for op in self.operations),
            activations=sum(op.activations for op in self.operations),
            activation_bytes=sum(op.activation_bytes for op in self.operations),
        )

    def table(self) -> pd.DataFrame:
        """One row an operation; see `layer_table` for the columns."""
        return layer_table(self.operations)

    def operation(self, name: str) -> Operation:
        """The operation called `name`.

        Raises:
            UnknownOperation: if there is none.
        """
        if name not in self._by_name:
            raise UnknownOperation(name, list(self._by_name))
        return self._by_name[name]

    def receptive_field(self, name: str | None = None) -> ReceptiveField:
        """The receptive field of one operation, or of the last map that still has windows.

        Without a name: the last operation before only global values are left, such as the last
        block of a ResNet or the last pooling of VGG.

        Raises:
            UnknownOperation: if there is no operation called `name`.
            NoReceptiveField: if no rule says what it sees, or the input has no spatial axes.
        """
        if name is not None:
            field = self.operation(name).receptive_field
            if field is None:
                raise NoReceptiveField(name)
            return field
        known = [op.receptive_field for op in self.operations if op.receptive_field is not None]
        if not known:
            raise NoReceptiveField(self.name)
        return next((field for field in reversed(known) if field.is_local), known[-1])

    @cached_property
    def _by_name(self) -> dict[str, Operation]:
        return {op.name: op for op in self.operations}


def trace(model: nn.Module, input_shape: Shape) -> Graph:
    """The graph of `model` in evaluation mode for one image of shape (channels, height, width).

    No weight memory is allocated and `model` is only read, on whichever device it lies.

    Raises:
        NotTraceable: if the forward pass is no fixed graph of one image.
        BadInput: if the network cannot take this shape; the message names the operation.
    """
    operations = tracing.record(model, input_shape)
    return Graph(type(model).__name__, tuple(input_shape), operations)
