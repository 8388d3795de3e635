"""A dense block: growth rate, bottleneck and compression (DenseNet, Huang et al., 2017, Section 3).

Layer i of a block reads all k0 + i·k maps before it and adds k of its own. Before: each layer is
one 3×3 convolution. After (B): a 1×1 convolution to 4k maps comes first. With compression (BC) the
1×1 convolution of the transition behind the block keeps only a share θ of the maps.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.structure.costs.decision import Decision, Formula
from analysis.structure.costs.settings import BadSizes, one_of, whole
from analysis.structure.costs.terms import Side, Term, convolution


@dataclass(frozen=True)
class DenseBlock(Decision):
    """The third block of DenseNet-121: 256 maps in, 24 layers that add 32 each, on 14×14."""

    growth: int = whole("Growth rate k", 32, 256, 4, seen=True)
    layers: int = whole("Layers", 24, 128, seen=True)
    inputs: int = whole("Input channels k0", 256, 2048, 8)
    neck: int = one_of("Bottleneck, in growth rates", 4, (1, 2, 3, 4, 6, 8))
    theta: float = one_of(
        "Compression θ", 0.5, (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0), seen=True
    )
    size: int = whole("Height and width", 14, 256)

    name = "Dense block"
    question = "What do bottleneck and compression save in a dense block?"
    idea = (
        "Every layer reads all maps before it, so the input grows from layer to layer. A 1×1 "
        "convolution to 4k maps bounds what the 3×3 reads; a transition drops a share of the maps."
    )
    source = (
        "The sizes at the start are those of the third block of DenseNet-121, with the 1×1 "
        "convolution of the transition behind it; no biases are counted, as there are none."
    )

    def check(self) -> None:
        """The transition keeps at least one map."""
        if self._kept(self.theta) < 1:
            raise BadSizes(
                f"θ = {self.theta:g} of {self.made} maps leaves none; take a larger θ or more maps."
            )

    @property
    def made(self) -> int:
        """Maps at the end of the block."""
        return self.inputs + self.layers * self.growth

    @property
    def narrow(self) -> int:
        """Maps between the two convolutions of a layer with a bottleneck."""
        return self.neck * self.growth

    def before(self) -> Side:
        """A 3×3 convolution a layer, and a transition that keeps all maps."""
        return self._side("block without bottlenecks", (self._plain(),), 1.0)

    def after(self) -> Side:
        """1×1 and 3×3 a layer (B), and a transition that keeps a share θ of the maps (C)."""
        return self._side("block with bottlenecks and compression", self._necked(), self.theta)

    def others(self) -> tuple[Side, ...]:
        """1×1 and 3×3 a layer (B), and a transition that keeps all maps."""
        return (self._side("block with bottlenecks only", self._necked(), 1.0),)

    def _plain(self) -> Term:
        return self._of_all_maps(3, self.growth)

    def _necked(self) -> tuple[Term, Term]:
        return self._of_all_maps(1, self.narrow), self._behind_the_neck()

    def _of_all_maps(self, kernel: int, outputs: int) -> Term:
        """In each layer a convolution of all maps so far; as one term, since there are many."""
        k0, k, layers = self.inputs, self.growth, self.layers
        read = layers * k0 + k * layers * (layers - 1) // 2
        maps = f"({layers} × {k0} + {k} × {layers} × {layers - 1} / 2)"
        return Term(
            f"{kernel}×{kernel}, {self._read} → {outputs}, {self._times}",
            f"{kernel}×{kernel} convolution",
            "C_out × K × K × (L × k0 + k × L × (L − 1) / 2)",
            f"{outputs} × {kernel} × {kernel} × {maps}",
            outputs * kernel * kernel * read,
            (self.size, self.size),
            (layers * outputs, self.size, self.size),
        )

    def _behind_the_neck(self) -> Term:
        return Term(
            f"3×3, {self.narrow} → {self.growth}, {self._times}",
            "3×3 convolution",
            "L × C_out × K × K × C_in",
            f"{self.layers} × {self.growth} × 3 × 3 × {self.narrow}",
            self.layers * self.growth * 9 * self.narrow,
            (self.size, self.size),
            (self.layers * self.growth, self.size, self.size),
        )

    @property
    def _read(self) -> str:
        last = self.made - self.growth
        return str(self.inputs) if last == self.inputs else f"{self.inputs} to {last}"

    @property
    def _times(self) -> str:
        return f"{self.layers} layers" if self.layers > 1 else "1 layer"

    def _side(self, name: str, layers: tuple[Term, ...], theta: float) -> Side:
        kept = self._kept(theta)
        transition = convolution("1×1 transition", 1, self.made, kept, self.size)
        return Side(name, (*layers, transition), transition.output_shape)

    def _kept(self, theta: float) -> int:
        """⌊θ · maps⌋ in tenths, as 0.7 × 90 in floating point is less than 63."""
        return round(10 * theta) * self.made // 10

    def formulas(self) -> tuple[Formula, ...]:
        return (
            Formula(
                "maps at the end of the block",
                "k0 + L × k",
                f"{self.inputs} + {self.layers} × {self.growth}",
                str(self.made),
            ),
        )

    @property
    def break_even(self) -> float:
        """Maps that a layer has to read for its bottleneck to save anything."""
        # 9·c·k = c·n + 9·n·k with n maps in the bottleneck, which are at most 8k.
        return 9 * self.growth * self.narrow / (9 * self.growth - self.narrow)

    def remarks(self) -> tuple[str, ...]:
        """From where on the bottleneck pays."""
        first = max(0, int((self.break_even - self.inputs) // self.growth) + 1)
        where = (
            f"from layer {first + 1} on"
            if first < self.layers
            else f"in none of the {self.layers} layers"
        )
        return (
            f"A bottleneck of {self.narrow} maps saves weights only in a layer that reads more "
            f"than {self.break_even:.0f}: here {where}, as the layers read {self._read} maps.",
        )
