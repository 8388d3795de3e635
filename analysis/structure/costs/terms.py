"""What one layer costs, as a product with the numbers put in, and the sums over a block of them.

Weights only: the lectures and the papers leave biases and batch normalisation out of these sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from analysis.structure.operations import Shape

GLOBAL_POOLING = "global average pooling"
LINEAR = "linear"


@dataclass(frozen=True)
class Cost:
    """A quantity that a sum is made for, under the name of the field of `Term` that holds it."""

    name: str
    label: str
    unit: str  # in the plural, as a sentence quotes it


COSTS = {
    "params": Cost("params", "Parameters", "parameters"),
    "macs": Cost("macs", "Multiply-adds", "multiply-adds"),
}


@dataclass(frozen=True)
class Term:
    """One layer: `params` weights, each of them used once at every one of `places`.

    `kind` is what the layers of one colour have in common, such as "3×3 convolution"; `label`
    tells this one from the others. `rule` gives the weights in letters, `numbers` is the same with
    numbers put in and comes to `params`. `places` is (H, W) for a convolution and () for what is
    worked out once an image. Shapes are (C, H, W), or (C,) once the map is gone.
    """

    label: str
    kind: str
    rule: str
    numbers: str
    params: int
    places: Shape
    output_shape: Shape

    @property
    def macs(self) -> int:
        """Multiply-adds for one image."""
        return self.params * prod(self.places)

    @property
    def values(self) -> int:
        """Values of the output."""
        return prod(self.output_shape)

    def amount(self, cost: str) -> int:
        """Its `params` or `macs`."""
        return {"params": self.params, "macs": self.macs}[cost]

    def rule_of(self, cost: str) -> str:
        """How `cost` follows, in letters; empty for a layer that costs nothing."""
        factors = ("H × W",) if cost == "macs" and self.places else ()
        return _times(*factors, self.rule) if self.params else ""

    def numbers_of(self, cost: str) -> str:
        """The arithmetic that comes to `amount(cost)`: plain numbers with ×, +, − and /."""
        factors = map(str, self.places if cost == "macs" else ())
        return _times(*factors, self.numbers) if self.params else "0"


@dataclass(frozen=True)
class Side:
    """One of the ways to build a block: its layers, and the shape that comes out."""

    name: str
    terms: tuple[Term, ...]
    output_shape: Shape

    @property
    def params(self) -> int:
        """Weights of all terms."""
        return sum(term.params for term in self.terms)

    @property
    def macs(self) -> int:
        """Multiply-adds of all terms for one image."""
        return sum(term.macs for term in self.terms)

    @property
    def values(self) -> int:
        """Values of the output."""
        return prod(self.output_shape)

    def amount(self, cost: str) -> int:
        """Its `params` or `macs`."""
        return sum(term.amount(cost) for term in self.terms)


def convolution(
    label: str, kernel: int, inputs: int, outputs: int, size: int, groups: int = 1
) -> Term:
    """A K×K convolution that keeps the map of `size` × `size`, in `groups` that divide both widths.

    Its widths and groups are put behind the `label`. A group for every channel is called depthwise.
    """
    kind, rule = f"{kernel}×{kernel} convolution", "C_out × K × K × C_in"
    numbers, widths = _times(outputs, kernel, kernel, inputs), f"{inputs} → {outputs}"
    if groups > 1:
        rule, numbers = f"{rule} / groups", f"{numbers} / {groups}"
        if groups == inputs == outputs:
            kind, widths = f"depthwise {kind}", f"{groups} channels"
        else:
            kind, widths = f"{kind} in groups", f"{widths}, {groups} groups"
    weights = outputs * kernel * kernel * inputs // groups
    shape = (outputs, size, size)
    return Term(f"{label}, {widths}", kind, rule, numbers, weights, (size, size), shape)


def linear(label: str, inputs: Sequence[int], outputs: int) -> Term:
    """A fully connected layer that reads all values of a map (C, H, W), or of a vector (C,)."""
    rule = "outputs × C × H × W" if len(inputs) > 1 else "outputs × inputs"
    numbers, weights = _times(outputs, *inputs), outputs * prod(inputs)
    return Term(label, LINEAR, rule, numbers, weights, (), (outputs,))


def free(label: str, kind: str, output_shape: Shape) -> Term:
    """A layer without weights and without multiply-adds, such as pooling or a channel shuffle."""
    return Term(label, kind, "", "", 0, (), output_shape)


def _times(*factors: object) -> str:
    return " × ".join(map(str, factors))
