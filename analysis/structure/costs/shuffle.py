"""Grouped 1×1 convolutions and a channel shuffle (ShuffleNet, Zhang et al., 2018, Section 3.2).

Three residual units of c channels with a bottleneck of m: ResNet's takes h·w·(2cm + 9m²)
multiply-adds, ResNeXt's h·w·(2cm + 9m²/g), ShuffleNet's h·w·(2cm/g + 9m). The shuffle moves
channels from group to group and costs no multiply-adds.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis import amounts
from analysis.structure.costs.decision import Decision, Formula
from analysis.structure.costs.settings import BadSizes, one_of, whole
from analysis.structure.costs.terms import Side, Term, convolution, free


@dataclass(frozen=True)
class Shuffle(Decision):
    """The second stage of ShuffleNet with 3 groups: 240 channels, 60 inside, on 28×28."""

    groups: int = one_of("Groups g", 3, (1, 2, 3, 4, 6, 8, 12, 16), seen=True)
    channels: int = whole("Channels c in and out", 240, 1536, seen=True)
    neck: int = whole("Bottleneck channels m", 60, 384, seen=True)
    size: int = whole("Height and width", 28, 256)

    name = "Shuffle"
    question = "What do groups save, once the 1×1 convolutions cost the most?"
    idea = (
        "When the 3×3 convolution is depthwise, nearly all work is in the 1×1 convolutions. In "
        "groups they cost g times less; a shuffle lets the groups exchange channels."
    )
    source = (
        "The sizes at the start are those of ShuffleNet's second stage with g = 3; no biases are "
        "counted, as in the paper's formulas."
    )

    def check(self) -> None:
        """The groups divide both widths."""
        for label, width in (("channels c", self.channels), ("bottleneck channels m", self.neck)):
            if width % self.groups:
                lower = width // self.groups * self.groups
                near = [str(w) for w in (lower, lower + self.groups) if w]
                raise BadSizes(
                    f"{self.groups} groups do not divide the {width} {label}, and every group "
                    f"needs as many. Take {' or '.join(near)} of them, or other groups."
                )

    def before(self) -> Side:
        """ResNet's unit: (channels, size, size) to the same shape."""
        terms = (
            convolution("1×1", 1, self.channels, self.neck, self.size),
            convolution("3×3", 3, self.neck, self.neck, self.size),
            convolution("1×1", 1, self.neck, self.channels, self.size),
        )
        return self._side("ResNet unit", terms)

    def after(self) -> Side:
        """ShuffleNet's unit: grouped 1×1, shuffle, depthwise 3×3, grouped 1×1."""
        m = self.neck
        terms = (
            convolution("1×1", 1, self.channels, self.neck, self.size, self.groups),
            free("channel shuffle", "channel shuffle", (m, self.size, self.size)),
            convolution("3×3", 3, m, m, self.size, groups=m),
            convolution("1×1", 1, self.neck, self.channels, self.size, self.groups),
        )
        return self._side("ShuffleNet unit", terms)

    def others(self) -> tuple[Side, ...]:
        """ResNeXt's unit, which groups the 3×3 convolution only."""
        terms = (
            convolution("1×1", 1, self.channels, self.neck, self.size),
            convolution("3×3", 3, self.neck, self.neck, self.size, self.groups),
            convolution("1×1", 1, self.neck, self.channels, self.size),
        )
        return (self._side("ResNeXt unit", terms),)

    def _side(self, name: str, terms: tuple[Term, ...]) -> Side:
        return Side(name, terms, (self.channels, self.size, self.size))

    def formulas(self) -> tuple[Formula, ...]:
        c, m, g = self.channels, self.neck, self.groups
        laws = (
            ("2 × c × m + 9 × m²", f"2 × {c} × {m} + 9 × {m} × {m}"),
            ("2 × c × m / g + 9 × m", f"2 × {c} × {m} / {g} + 9 × {m}"),
            ("2 × c × m + 9 × m² / g", f"2 × {c} × {m} + 9 × {m} × {m} / {g}"),
        )
        return tuple(
            Formula(f"weights of the {side.name}", rule, numbers, amounts.exact(side.params))
            for side, (rule, numbers) in zip(self.sides(), laws, strict=True)
        )

    def remarks(self) -> tuple[str, ...]:
        unit = self.after()
        pointwise = sum(term.macs for term in unit.terms if term.kind.startswith("1×1"))
        return (
            f"The two 1×1 convolutions take {amounts.percent(pointwise / unit.macs)} of the "
            "multiply-adds of the ShuffleNet unit. The shuffle takes none: it only moves values.",
        )
