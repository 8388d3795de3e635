"""Three fully connected layers against global average pooling (Lin et al., 2014; VGG, ResNet).

Before: the whole map is flattened into two hidden layers and the classes, as in AlexNet and VGG.
After: each channel is averaged, and one linear layer reads the means.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis import amounts
from analysis.structure.costs.decision import Decision, DeckNote, Formula
from analysis.structure.costs.settings import whole
from analysis.structure.costs.terms import GLOBAL_POOLING, Side, Term, free, linear

_PRINTED = ("102,760,448", "16,777,216", "4,096,000")


@dataclass(frozen=True)
class Head(Decision):
    """The head of VGG-16: 512×7×7 into 4096, 4096 and 1000 units."""

    channels: int = whole("Channels of the last map", 512, 2048, 8, seen=True)
    size: int = whole("Height and width of the map", 7, 64, seen=True)
    hidden: int = whole("Units of each hidden layer", 4096, 8192, 64, seen=True)
    classes: int = whole("Classes", 1000, 20_000, 10)

    name = "Head"
    question = "What does global average pooling save at the end of a network?"
    idea = (
        "A fully connected layer has a weight for every value of the map. The mean of each channel "
        "leaves one value a channel to read, and has no weights."
    )
    source = "The sizes at the start are VGG-16's; the biases are not counted, as in the lecture."
    cost = "params"

    def before(self) -> Side:
        """Two hidden layers: (channels, size, size) to (classes,)."""
        shape = (self.channels, self.size, self.size)
        terms = (
            linear(f"fc6, {'×'.join(map(str, shape))} → {self.hidden}", shape, self.hidden),
            linear(f"fc7, {self.hidden} → {self.hidden}", (self.hidden,), self.hidden),
            linear(f"fc8, {self.hidden} → {self.classes}", (self.hidden,), self.classes),
        )
        return Side("fully connected head", terms, (self.classes,))

    def after(self) -> Side:
        """The mean of each channel, then one layer: to (classes,)."""
        terms: tuple[Term, ...] = (
            free(f"mean of each of {self.channels} channels", GLOBAL_POOLING, (self.channels,)),
            linear(f"linear, {self.channels} → {self.classes}", (self.channels,), self.classes),
        )
        return Side("pooled head", terms, (self.classes,))

    def formulas(self) -> tuple[Formula, ...]:
        c, s, h, n = self.channels, self.size, self.hidden, self.classes
        return (
            Formula(
                "weights of the three layers",
                "C × H × W × F + F² + F × classes",
                f"{c} × {s} × {s} × {h} + {h} × {h} + {h} × {n}",
                amounts.exact(self.before().params),
            ),
            Formula(
                "weights after the pooling",
                "C × classes",
                f"{c} × {n}",
                amounts.exact(self.after().params),
            ),
        )

    def remarks(self) -> tuple[str, ...]:
        first, whole_head = self.before().terms[0], self.before()
        values = self.channels * self.size**2
        return (
            f"The first layer alone has {amounts.percent(first.params / whole_head.params)} of the "
            f"weights of its head: it reads all {amounts.exact(values)} values of the map, and "
            "fixes the size of the image. The mean takes a map of any size.",
        )

    @classmethod
    def deck_notes(cls) -> tuple[DeckNote, ...]:
        return tuple(
            DeckNote(
                printed,
                "English deck, VGG",
                f"weights, {term.label}",
                amounts.exact(term.params),
                "It holds." if printed == amounts.exact(term.params) else "It does not hold.",
            )
            for printed, term in zip(_PRINTED, cls().before().terms, strict=True)
        )
