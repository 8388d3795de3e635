"""ResNeXt: more paths for the same cost (Xie et al., 2017, Section 3.3, Table 2).

A block of C paths, each d channels wide, has C·(256·d + 3·3·d·d + d·256) weights. With d chosen so
that this is what ResNet's bottleneck has, more paths make the 3×3 convolution wider. Before: a
convolution as wide, without groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from analysis import amounts
from analysis.structure.costs.decision import Decision, DeckNote, Formula
from analysis.structure.costs.settings import one_of, whole
from analysis.structure.costs.terms import Side, convolution

# Table 2: the width of a path for each number of paths.
_TABLE_2 = {1: 64, 2: 40, 4: 24, 8: 14, 32: 4}


@dataclass(frozen=True)
class Cardinality(Decision):
    """The first stage of ResNeXt-50 (32×4d), on 56×56."""

    paths: int = one_of("Paths C", 32, (1, 2, 4, 8, 16, 32, 64), seen=True)
    width: int = whole("Channels in and out", 256, 2048, 8)
    neck: int = whole("ResNet's bottleneck", 64, 2048, 8, seen=True)
    size: int = whole("Height and width", 56, 256)

    name = "Cardinality"
    question = "What do many narrow paths buy for the cost of one bottleneck?"
    idea = (
        "A grouped 3×3 convolution is many narrow paths side by side, each of which reads its own "
        "channels only. What that saves pays for more channels."
    )
    source = (
        "The sizes at the start are those of the first stage of ResNeXt-50 (32×4d), beside "
        "ResNet-50; no biases are counted. The width d of a path is the one whose cost comes "
        "nearest to the bottleneck's."
    )

    @property
    def path(self) -> int:
        """Width d of a path, at least 1, with which C paths cost about what the bottleneck does."""
        return equal_cost(self.paths, self.width, self.others()[0].params)

    def before(self) -> Side:
        """The block of the same width whose 3×3 convolution is not grouped."""
        return self._block(f"ungrouped block ({self._inner} inside)", self._inner, 1)

    def after(self) -> Side:
        """C paths of d channels: 1×1, grouped 3×3, 1×1; (width, size, size) to the same shape."""
        return self._block(f"ResNeXt block ({self.paths} × {self.path}d)", self._inner, self.paths)

    def others(self) -> tuple[Side, ...]:
        """ResNet's bottleneck, whose cost is to be met."""
        return (self._block(f"ResNet bottleneck ({self.neck} inside)", self.neck, 1),)

    @property
    def _inner(self) -> int:
        return self.paths * self.path

    def _block(self, name: str, inner: int, groups: int) -> Side:
        terms = (
            convolution("1×1", 1, self.width, inner, self.size),
            convolution("3×3", 3, inner, inner, self.size, groups),
            convolution("1×1", 1, inner, self.width, self.size),
        )
        return Side(name, terms, terms[-1].output_shape)

    def formulas(self) -> tuple[Formula, ...]:
        c, w, d = self.paths, self.width, self.path
        return (
            Formula(
                "weights of the C paths",
                "C × (W × d + 3 × 3 × d × d + d × W)",
                f"{c} × ({w} × {d} + 3 × 3 × {d} × {d} + {d} × {w})",
                amounts.exact(self.after().params),
            ),
        )

    def remarks(self) -> tuple[str, ...]:
        same, many = self.others()[0], self.after()
        wider = f"{self._inner} channels wide instead of {self.neck}"
        return (
            f"{amounts.exact(many.params)} weights in {self.paths} × {self.path}d are "
            f"{many.params / same.params:.3g} times the {amounts.exact(same.params)} of ResNet's "
            f"bottleneck, and the 3×3 convolution is {wider}.",
        )

    @classmethod
    def deck_notes(cls) -> tuple[DeckNote, ...]:
        """Table 2 of the paper, whose widths of a path are found again."""
        return tuple(_note(cls(paths=paths), printed) for paths, printed in _TABLE_2.items())


def block_weights(paths: int, path: int, width: int) -> int:
    """Section 3.3: C · (W·d + 3·3·d·d + d·W) for C paths of d channels, W channels in and out."""
    return paths * (2 * width * path + 9 * path * path)


def equal_cost(paths: int, width: int, weights: int) -> int:
    """The d, at least 1, with which `block_weights` comes nearest to a number of weights."""
    root = int((sqrt(width**2 + 9 * weights / paths) - width) / 9)
    near = (max(1, root), root + 1)
    return min(near, key=lambda d: abs(block_weights(paths, d, width) - weights))


def _note(case: Cardinality, printed: int) -> DeckNote:
    weights = amounts.exact(case.after().params)
    return DeckNote(
        f"d = {printed}",
        "ResNeXt paper, Table 2",
        f"width of a path, C = {case.paths}",
        f"d = {case.path}, {weights} weights",
        "It holds." if case.path == printed else "It does not hold.",
    )
