"""Inception: wide windows straight on the input, or behind 1×1 bottlenecks (Szegedy, 2015).

Before: 1×1, 3×3 and 5×5 convolutions and a pooling, side by side on the same input. The pooling
keeps all channels, so the output can only grow. After: a 1×1 convolution narrows the input of the
wide windows and the output of the pooling.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis import amounts
from analysis.structure.costs.decision import Decision, DeckNote, Formula
from analysis.structure.costs.readings import near_misses
from analysis.structure.costs.settings import whole
from analysis.structure.costs.terms import Side, Term, convolution, free

_DECK = "English deck, GoogLeNet"


@dataclass(frozen=True)
class Inception(Decision):
    """The block of the lecture: 28×28×256 in; all convolutions without biases."""

    size: int = whole("Height and width", 28, 256)
    inputs: int = whole("Input channels", 256, 2048, 8, seen=True)
    one: int = whole("1×1 channels", 128, 1024, 8)
    three: int = whole("3×3 channels", 192, 1024, 8, seen=True)
    five: int = whole("5×5 channels", 96, 1024, 8)
    three_reduce: int = whole("Bottleneck before 3×3", 64, 1024, 8, seen=True)
    five_reduce: int = whole("Bottleneck before 5×5", 64, 1024, 8)
    pool_proj: int = whole("Bottleneck after the pooling", 64, 1024, 8)

    name = "Inception"
    question = "What do 1×1 bottlenecks save in an Inception module?"
    idea = (
        "Every window looks at all input channels, so wide windows on a deep input are expensive. "
        "A 1×1 convolution first reduces the channels."
    )
    source = "The sizes at the start are the lecture's; no biases are counted, as there."

    def before(self) -> Side:
        """The naive module: (inputs, size, size) to (one + three + five + inputs, size, size)."""
        terms = (
            convolution("1×1", 1, self.inputs, self.one, self.size),
            convolution("3×3", 3, self.inputs, self.three, self.size),
            convolution("5×5", 5, self.inputs, self.five, self.size),
            self._pooling(),
        )
        return self._side("naive module", terms, self.inputs)

    def after(self) -> Side:
        """The module with bottlenecks: to (one + three + five + pool_proj, size, size)."""
        terms = (
            convolution("1×1", 1, self.inputs, self.one, self.size),
            convolution("1×1 before 3×3", 1, self.inputs, self.three_reduce, self.size),
            convolution("3×3", 3, self.three_reduce, self.three, self.size),
            convolution("1×1 before 5×5", 1, self.inputs, self.five_reduce, self.size),
            convolution("5×5", 5, self.five_reduce, self.five, self.size),
            self._pooling(),
            convolution("1×1 after the pooling", 1, self.inputs, self.pool_proj, self.size),
        )
        return self._side("module with bottlenecks", terms, self.pool_proj)

    def _pooling(self) -> Term:
        shape = (self.inputs, self.size, self.size)
        return free(f"3×3 max pooling, {self.inputs}", "max pooling", shape)

    def _side(self, name: str, terms: tuple[Term, ...], pooled: int) -> Side:
        channels = self.one + self.three + self.five + pooled
        return Side(name, terms, (channels, self.size, self.size))

    def formulas(self) -> tuple[Formula, ...]:
        parts = (self.one, self.three, self.five)
        return tuple(
            Formula(
                f"values out of the {side.name}",
                "H × W × sum of the branches' channels",
                f"{self.size} × {self.size} × ({' + '.join(map(str, (*parts, pooled)))})",
                amounts.exact(side.values),
            )
            for side, pooled in ((self.before(), self.inputs), (self.after(), self.pool_proj))
        )

    def remarks(self) -> tuple[str, ...]:
        return (self._growth(), *self._widening())

    def _growth(self) -> str:
        naive, narrow = self.before().output_shape[0], self.after().output_shape[0]
        return (
            f"The pooling keeps its {self.inputs} channels, so {naive} come out of the naive "
            f"module; with the 1×1 after the pooling, {narrow} do."
        )

    def _widening(self) -> Iterator[str]:
        for width, window in ((self.three_reduce, "3×3"), (self.five_reduce, "5×5")):
            if width >= self.inputs:
                yield (
                    f"The {width} channels before the {window} are no fewer than the input's "
                    f"{self.inputs}: this 1×1 is allowed, but it adds work and saves none."
                )

    @classmethod
    def deck_notes(cls) -> tuple[DeckNote, ...]:
        naive, narrow = cls().before(), cls().after()
        return (
            _note("529k", "slide of the naive module", "values out of the naive module", naive),
            _note("854M", "slide of the naive module", "multiply-adds, naive", naive),
            _note("845M", "comparison slide", "multiply-adds, naive", naive),
            _note("358M", "comparison slide", "multiply-adds, with bottlenecks", narrow),
        )


def _note(printed: str, slide: str, quantity: str, side: Side) -> DeckNote:
    cost = "values" if quantity.startswith("values") else "macs"
    computed = side.values if cost == "values" else side.macs
    reading = near_misses(printed, side, cost)
    return DeckNote(printed, f"{_DECK}, {slide}", quantity, amounts.exact(computed), reading)
