"""Fire: squeeze the channels before the 3×3 kernels (SqueezeNet, Iandola et al., 2016, Section 5).

A Fire module that expands to e maps first squeezes its input to SR·e, and makes a share of the e
maps with 1×1 kernels instead of 3×3 ones. Before: one 3×3 convolution to as many maps.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis import amounts
from analysis.structure.costs.decision import Decision, Formula
from analysis.structure.costs.settings import one_of, whole
from analysis.structure.costs.terms import Side, convolution


@dataclass(frozen=True)
class Fire(Decision):
    """fire2 of SqueezeNet: 96 maps in, 16 squeezed, 64 + 64 out, on 54×54."""

    ratio: float = one_of(
        "Squeeze ratio SR",
        0.125,
        (0.0625, 0.125, 0.25, 0.375, 0.5, 0.75, 1.0),
        seen=True,
    )
    share: float = one_of("Share of 3×3 kernels", 0.5, (0.25, 0.5, 0.75), seen=True)
    inputs: int = whole("Input channels", 96, 2048, 8)
    expand: int = whole("Output channels e", 128, 1024, 16, seen=True)
    size: int = whole("Height and width", 54, 256)

    name = "Fire"
    question = "What does squeezing before the 3×3 kernels save?"
    idea = (
        "The cost of a 3×3 kernel grows with the channels that it reads. A Fire module lets it "
        "read a few squeezed maps, and replaces a share of the kernels by 1×1 ones."
    )
    source = (
        "The sizes at the start are those of fire2 in SqueezeNet. Its convolutions have biases, "
        "which are not counted here."
    )
    cost = "params"

    @property
    def squeezed(self) -> int:
        """Maps between squeeze and expand, as the paper rounds: down, and at least 1."""
        return max(1, int(self.ratio * self.expand))

    @property
    def wide(self) -> int:
        """Maps that 3×3 kernels make."""
        return max(1, int(self.share * self.expand))

    def before(self) -> Side:
        """One 3×3 convolution: (inputs, size, size) to (expand, size, size)."""
        term = convolution("3×3", 3, self.inputs, self.expand, self.size)
        return Side("3×3 convolution", (term,), term.output_shape)

    def after(self) -> Side:
        """The Fire module, to the same shape."""
        terms = (
            convolution("1×1 squeeze", 1, self.inputs, self.squeezed, self.size),
            convolution("1×1 expand", 1, self.squeezed, self.expand - self.wide, self.size),
            convolution("3×3 expand", 3, self.squeezed, self.wide, self.size),
        )
        return Side("Fire module", terms, (self.expand, self.size, self.size))

    def formulas(self) -> tuple[Formula, ...]:
        s, few, wide = self.squeezed, self.expand - self.wide, self.wide
        return (
            Formula("squeezed maps s", "SR × e", f"{self.ratio:g} × {self.expand}", str(s)),
            Formula(
                "weights of the Fire module",
                "s × (C_in + e_1×1 + 9 × e_3×3)",
                f"{s} × ({self.inputs} + {few} + 9 × {wide})",
                amounts.exact(self.after().params),
            ),
        )

    def remarks(self) -> tuple[str, ...]:
        """Every weight of the module reads or makes a squeezed map."""
        sentence = (
            f"Every weight reads or makes one of the {self.squeezed} squeezed maps, so the cost "
            "grows in proportion to the squeeze ratio."
        )
        if self.squeezed < self.inputs:
            return (sentence,)
        return (
            sentence,
            f"{self.squeezed} squeezed maps are no fewer than the {self.inputs} that come in: "
            "nothing is squeezed.",
        )
