"""What a squeeze-and-excitation gate adds (Hu et al., 2018, Section 4).

Two small fully connected layers, C to C/r and back, read one mean a channel: 2·C²/r weights in each
block, and as many multiply-adds, since they are worked out once an image and not once a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis import amounts
from analysis.structure.costs.decision import Decision, Formula
from analysis.structure.costs.settings import BadSizes, one_of, whole
from analysis.structure.costs.terms import GLOBAL_POOLING, Side, Term, convolution, free, linear

if TYPE_CHECKING:
    from analysis.structure.graph import Graph

_REDUCTIONS = (1, 2, 4, 8, 16, 32, 64)


@dataclass(frozen=True)
class SqueezeExcite(Decision):
    """The first stage of SE-ResNet-50: a bottleneck of 256 channels, 64 inside, on 56×56."""

    reduction: int = one_of("Reduction r", 16, _REDUCTIONS, seen=True)
    width: int = whole("Channels C of the block", 256, 2048, 8, seen=True)
    neck: int = whole("Channels of its 3×3", 64, 2048, 8)
    size: int = whole("Height and width", 56, 256, seen=True)

    name = "SE gate"
    question = "What does a squeeze-and-excitation gate add?"
    idea = (
        "This decision spends instead of saving: a gate looks at the mean of each channel and "
        "decides how much the channel counts. The reduction r keeps it cheap."
    )
    source = (
        "The sizes at the start are those of the first stage of SE-ResNet-50. The biases of the "
        "two small layers are not counted, as in the paper's tables."
    )
    cost = "params"
    network = "resnet50"

    def check(self) -> None:
        """At least one value is left between the two layers."""
        if self.width < self.reduction:
            raise BadSizes(
                f"A reduction of {self.reduction} leaves no value of {self.width} channels; take "
                f"a reduction of at most {self.width}, or more channels."
            )

    @property
    def squeezed(self) -> int:
        """Values between the two layers, rounded down."""
        return self.width // self.reduction

    def before(self) -> Side:
        """The bottleneck block: (width, size, size) to the same shape."""
        return Side("block without the gate", self._block(), self._shape)

    def after(self) -> Side:
        """The block with its gate."""
        gate = (
            free(f"mean of each of {self.width} channels", GLOBAL_POOLING, (self.width,)),
            linear(f"linear, {self.width} → {self.squeezed}", (self.width,), self.squeezed),
            linear(f"linear, {self.squeezed} → {self.width}", (self.squeezed,), self.width),
        )
        return Side("block with the gate", (*self._block(), *gate), self._shape)

    @property
    def _shape(self) -> tuple[int, ...]:
        return (self.width, self.size, self.size)

    def _block(self) -> tuple[Term, ...]:
        w, n = self.width, self.neck
        return (
            convolution("1×1", 1, w, n, self.size),
            convolution("3×3", 3, n, n, self.size),
            convolution("1×1", 1, n, w, self.size),
        )

    def formulas(self) -> tuple[Formula, ...]:
        added = self.after().params - self.before().params
        numbers = f"2 × {self.width} × {self.width} / {self.reduction}"
        if self.width % self.reduction:
            numbers = f"2 × {self.width} × ⌊{self.width} / {self.reduction}⌋"
        return (Formula("weights of the gate", "2 × C² / r", numbers, amounts.exact(added)),)

    def remarks(self) -> tuple[str, ...]:
        block, added = self.before(), self.after().params - self.before().params
        return (
            f"The gate's {amounts.exact(added)} weights are "
            f"{amounts.percent(added / block.params)} of the block's "
            f"{amounts.exact(block.params)}, but each is used once an image: its multiply-adds are "
            f"only {100 * added / block.macs:.2g}% of {amounts.short(block.macs)}.",
            self._against_r(block),
            f"Scaling the map takes one multiplication for each of its "
            f"{amounts.exact(block.values)} values; no sum is added up, so none are multiply-adds.",
        )

    def _against_r(self, block: Side) -> str:
        """The same share for every r that leaves a value, so that what r does can be seen."""
        shares = (
            f"{amounts.percent(2 * self.width * (self.width // r) / block.params)} for r = {r}"
            for r in _REDUCTIONS
            if r <= self.width
        )
        return f"The smaller r, the more weights, as shares of the block's: {', '.join(shares)}."

    def in_network(self, graph: Graph) -> str:
        """What a gate in every residual block of `graph` adds, read off its additions."""
        widths = [op.output_shape[0] for op in graph.operations if op.kind == "addition"]
        gates = sum(2 * width * (width // self.reduction) for width in widths)
        total = graph.totals()
        return (
            f"In the whole of ResNet-50, with r = {self.reduction} in all {len(widths)} blocks, "
            f"the gates add {amounts.short(gates)} weights to {amounts.short(total.params)} "
            f"parameters ({amounts.percent(gates / total.params)}), and {amounts.short(gates)} "
            f"multiply-adds to {amounts.short(total.macs)} ({100 * gates / total.macs:.2g}%). Most "
            f"of them stand in the last stage, where C = {max(widths)}."
        )
