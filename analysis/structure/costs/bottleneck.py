"""ResNet's bottleneck against its basic block (He et al., 2016, Figure 5).

Before: two 3×3 convolutions on all channels. After: a 1×1 convolution reduces the channels, the 3×3
works on few, a 1×1 restores them. Beside it stands the basic block that costs as much, which has to
be far narrower.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

from analysis import amounts
from analysis.structure.costs.decision import Decision, Formula
from analysis.structure.costs.settings import whole
from analysis.structure.costs.terms import Side, convolution


@dataclass(frozen=True)
class Bottleneck(Decision):
    """The first stage of ResNet-50: 256 channels, 64 inside, on 56×56."""

    width: int = whole("Channels in and out", 256, 2048, 8, seen=True)
    neck: int = whole("Channels of the 3×3", 64, 2048, 8, seen=True)
    size: int = whole("Height and width", 56, 256, seen=True)

    name = "Bottleneck"
    question = "What does a residual bottleneck save?"
    idea = (
        "Two 3×3 convolutions on all channels are expensive. A bottleneck reduces the channels by "
        "a 1×1 convolution, looks at the neighbours there, and restores the channels."
    )
    source = (
        "The sizes at the start are those of the first stage of ResNet-50; convolutions have no "
        "biases there, and the shortcut costs nothing where the shapes agree."
    )

    def before(self) -> Side:
        """The basic block, as wide as the bottleneck's input and output."""
        return self._basic(self.width, f"basic block ({self.width} wide)")

    def after(self) -> Side:
        """1×1, 3×3, 1×1: (width, size, size) to the same shape."""
        terms = (
            convolution("1×1", 1, self.width, self.neck, self.size),
            convolution("3×3", 3, self.neck, self.neck, self.size),
            convolution("1×1", 1, self.neck, self.width, self.size),
        )
        return Side(f"bottleneck ({self.neck} inside)", terms, terms[-1].output_shape)

    def others(self) -> tuple[Side, ...]:
        """The basic block that costs as much as the bottleneck, to the nearest whole width."""
        return (self._basic(self.equal, f"basic block ({self.equal} wide)"),)

    @property
    def equal(self) -> int:
        """Width of the basic block, with 2 · 9 · w² weights, that costs most nearly as much."""
        near = int(sqrt(self.after().params / 18))
        return min((max(1, near), near + 1), key=lambda w: abs(18 * w * w - self.after().params))

    def _basic(self, width: int, name: str) -> Side:
        first = convolution("first 3×3", 3, width, width, self.size)
        second = convolution("second 3×3", 3, width, width, self.size)
        return Side(name, (first, second), second.output_shape)

    def formulas(self) -> tuple[Formula, ...]:
        w, n = self.width, self.neck
        return (
            Formula(
                "weights of the basic block",
                "2 × 9 × W²",
                f"2 × 9 × {w} × {w}",
                amounts.exact(self.before().params),
            ),
            Formula(
                "weights of the bottleneck",
                "2 × W × B + 9 × B²",
                f"2 × {w} × {n} + 9 × {n} × {n}",
                amounts.exact(self.after().params),
            ),
        )

    def remarks(self) -> tuple[str, ...]:
        return (self._equal_cost(), *self._widening())

    def _equal_cost(self) -> str:
        same, wide = amounts.exact(self.others()[0].params), self.equal >= self.width
        return (
            f"For the cost of the bottleneck a basic block can be {'' if wide else 'only '}"
            f"{self.equal} channels wide ({same} weights against "
            f"{amounts.exact(self.after().params)}); the bottleneck passes on {self.width}."
        )

    def _widening(self) -> Iterator[str]:
        if self.neck >= self.width:
            yield (
                f"With {self.neck} channels inside and {self.width} outside, the block is no "
                "bottleneck: its 1×1 convolutions do not reduce the channels."
            )
