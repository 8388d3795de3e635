"""Depthwise separable convolution: filter each channel, then mix (MobileNet, Howard et al., 2017).

Before: one K×K convolution from M to N channels, M·N·K² weights. After: a K×K filter for each of
the M channels, then a 1×1 convolution, M·K² + M·N weights: a share of 1/N + 1/K².
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis import amounts
from analysis.structure.costs.decision import Decision, DeckNote, Formula
from analysis.structure.costs.settings import one_of, whole
from analysis.structure.costs.terms import Side, convolution

_DECK = "Korean deck, MobileNet"


@dataclass(frozen=True)
class Separable(Decision):
    """The lecture's case: 3×3 from 3 to 3 channels, without biases."""

    inputs: int = whole("Input channels M", 3, 1024, seen=True)
    outputs: int = whole("Output channels N", 3, 1024, seen=True)
    kernel: int = one_of("Kernel K", 3, (1, 3, 5, 7, 9, 11), seen=True)
    size: int = whole("Height and width", 224, 512)

    name = "Separable"
    question = "What does a depthwise separable convolution save?"
    idea = (
        "A convolution filters and mixes channels in one step. In two steps, one filter for each "
        "channel and then a 1×1 convolution, it needs far fewer weights."
    )
    source = (
        "The sizes at the start are the lecture's 81 against 36 weights, with the map of an image "
        "of 224 pixels; no biases are counted."
    )
    cost = "params"

    def before(self) -> Side:
        """One convolution: (inputs, size, size) to (outputs, size, size)."""
        term = convolution(
            self._window,
            self.kernel,
            self.inputs,
            self.outputs,
            self.size,
        )
        return Side("ordinary convolution", (term,), term.output_shape)

    def after(self) -> Side:
        """A filter a channel, then a 1×1 convolution; the same shapes."""
        filters = convolution(
            self._window,
            self.kernel,
            self.inputs,
            self.inputs,
            self.size,
            self.inputs,
        )
        mixed = convolution("1×1", 1, self.inputs, self.outputs, self.size)
        return Side("separable convolution", (filters, mixed), mixed.output_shape)

    @property
    def _window(self) -> str:
        return f"{self.kernel}×{self.kernel}"

    def formulas(self) -> tuple[Formula, ...]:
        share = self.after().params / self.before().params
        return (
            Formula(
                "share that is left",
                "1 / N + 1 / K²",
                f"1 / {self.outputs} + 1 / {self.kernel**2}",
                f"{share:.4g}",
            ),
        )

    def remarks(self) -> tuple[str, ...]:
        if self.kernel == 1:
            return ("A 1×1 convolution has nothing to separate: the filters only add weights.",)
        most = self.kernel**2
        return (
            f"With many output channels 1/N vanishes: a {self._window} window can save a factor "
            f"of at most {most}, and here, with N = {self.outputs}, it saves "
            f"{self.before().params / self.after().params:.3g}.",
        )

    @classmethod
    def deck_notes(cls) -> tuple[DeckNote, ...]:
        case = cls()
        return tuple(
            DeckNote(
                printed,
                _DECK,
                f"weights, {side.name}",
                amounts.exact(side.params),
                "It holds." if int(printed) == side.params else "It does not hold.",
            )
            for printed, side in (("81", case.before()), ("36", case.after()))
        )
