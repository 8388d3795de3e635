"""Layers and blocks in the few words that papers use in their tables: "3×3, 64"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from analysis.structure.depths import WEIGHTED
from analysis.structure.nesting import Fork, Part, Step, operations
from analysis.structure.operations import Operation, Shape

_ACTIVATIONS = frozenset(
    ("ReLU", "ReLU6", "leaky ReLU", "PReLU", "ELU", "GELU", "SiLU", "hard swish", "tanh", "sigmoid")
)
_POOLS = {
    "max pooling": "max pool",
    "average pooling": "average pool",
    "global average pooling": "global average pool",
    "global max pooling": "global max pool",
    "adaptive average pooling": "adaptive average pool",
    "adaptive max pooling": "adaptive max pool",
}


@dataclass(frozen=True)
class Layer:
    """One line of a cell; `stride` stands apart, since tables leave it out inside of a block."""

    text: str
    stride: int = 1
    pools: bool = False

    @property
    def joins(self) -> bool:
        """Whether it is a fork, all of whose branches stand in this line."""
        return " | " in self.text or " + " in self.text

    @property
    def full(self) -> str:
        """The text with its stride, such as "7×7, 64, stride 2"."""
        return f"{self.text}, stride {self.stride}" if self.stride > 1 else self.text


Notation = Callable[[Operation], Layer | None]


def plain(op: Operation) -> Layer | None:
    """The notation of most papers, such as "3×3, 64" or "FC-4096"; None for what they leave out.

    They leave out normalisation, except for AlexNet's, and activation functions.
    """
    stride = max(op.stride or (1,))
    if op.kind in WEIGHTED and op.kernel is not None:
        return Layer(_convolution(op), stride)
    if op.kind in WEIGHTED:
        on_a_map = len(op.output_shape) > 1
        return Layer(f"1×1, {max(op.output_shape)}" if on_a_map else f"FC-{op.output_shape[-1]}")
    if op.kind == "local response norm":
        return Layer("LRN")
    if op.kind not in _POOLS or op.input_shapes[0] == op.output_shape != _one(op.output_shape):
        return None if op.kind not in _POOLS or op.kernel is None else _pool(op, stride)
    return _pool(op, stride)


def vgg(op: Operation) -> Layer | None:
    """The notation of the VGG paper: "conv3-64" and "maxpool"."""
    layer = plain(op)
    if layer is not None and op.kind == "convolution" and op.kernel:
        return replace(layer, text=f"conv{op.kernel[0]}-{op.output_shape[0]}")
    return replace(layer, text="maxpool", stride=1) if layer and layer.pools else layer


def _one(shape: Shape) -> Shape:
    return (shape[0], *(1 for _ in shape[1:]))


def _pool(op: Operation, stride: int) -> Layer:
    name = _POOLS[op.kind]
    if op.kernel is None:
        return Layer(name, pools=not name.startswith("global"))
    return Layer(f"{sides(op.kernel)} {name}", stride, pools=True)


def _convolution(op: Operation) -> str:
    kernel, channels = sides(op.kernel or ()), op.output_shape[0]
    if op.groups > 1 and op.groups == op.input_shapes[0][0]:
        return f"{kernel} depthwise"
    groups = f", {op.groups} groups" if op.groups > 1 else ""
    return f"{kernel}, {channels}{groups}"


def sides(shape: Shape) -> str:
    """A window as tables write it: "3×3"."""
    return "×".join(str(side) for side in shape)


def layers(part: Part, notation: Notation) -> tuple[Layer, ...]:
    """What a table says of a step or a fork.

    Of a fork that adds or concatenates, the branches that hand the value on, as it is or through
    a bare convolution, are left out. If one branch is left, its layers are the fork's; otherwise
    all branches stand in one line. A gate over the whole map is given as "SE [16, 256]", with
    the widths of its layers.
    """
    if isinstance(part, Step):
        layer = notation(part.op)
        return () if layer is None else (layer,)
    gates = [branch for branch in part.branches if _is_gate(part, branch)]
    if gates:
        others = [branch for branch in part.branches if branch not in gates]
        squeezed = (Layer(f"SE [{', '.join(_widths(gate))}]") for gate in gates)
        return (*_all(others, notation), *squeezed)
    branches = [_all([branch], notation) for branch in main_branches(part)]
    if len(branches) == 1:
        return branches[0]
    branches, pools = _pooled_alike([branch for branch in branches if branch])
    sign = " + " if part.op.kind == "addition" else " | "
    texts = dict.fromkeys(_line(branch) for branch in branches if branch)
    return (*([Layer(sign.join(texts))] if texts else []), *pools)


def _pooled_alike(
    branches: Sequence[Sequence[Layer]],
) -> tuple[list[Sequence[Layer]], tuple[Layer, ...]]:
    """Without the pooling in which every branch ends, as if it came after the join."""
    ends = {branch[-1] for branch in branches}
    if len(branches) < 2 or len(ends) > 1 or not all(end.pools for end in ends):
        return list(branches), ()
    return [branch[:-1] for branch in branches], tuple(ends)


def main_branches(fork: Fork) -> list[tuple[Part, ...]]:
    """The branches of a fork without its shortcuts; nested forks of the same kind are opened."""
    branches = list(_opened(fork))
    longest = max(_weighted(branch) for branch in branches)
    return [b for b in branches if not longest or not _is_shortcut(fork, b, longest)]


def _opened(fork: Fork) -> Iterator[tuple[Part, ...]]:
    for branch in fork.branches:
        inner = branch[0] if len(branch) == 1 else None
        if isinstance(inner, Fork) and inner.op.kind == fork.op.kind == "addition":
            yield from _opened(inner)
        else:
            yield branch


def _is_shortcut(fork: Fork, branch: tuple[Part, ...], longest: int) -> bool:
    if not branch:
        return True
    bare = all(op.kind not in _ACTIVATIONS for op in operations(branch))
    return fork.op.kind == "addition" and bare and _weighted(branch) < longest


def _is_gate(fork: Fork, branch: tuple[Part, ...]) -> bool:
    if fork.op.kind != "multiplication" or not branch:
        return False
    field = branch[-1].op.receptive_field
    return field is not None and not field.is_local and _weighted(branch) > 0


def _widths(branch: tuple[Part, ...]) -> list[str]:
    return [str(max(op.output_shape)) for op in operations(branch) if op.kind in WEIGHTED]


def _weighted(branch: tuple[Part, ...]) -> int:
    return sum(op.kind in WEIGHTED for op in operations(branch))


def _all(branches: Sequence[tuple[Part, ...]], notation: Notation) -> tuple[Layer, ...]:
    return tuple(layer for b in branches for part in b for layer in layers(part, notation))


def _line(branch: Sequence[Layer]) -> str:
    """A branch in one line: "1×1, 96 → 3×3, 128"; equal neighbours are counted."""
    texts = []
    for layer, run in groupby(branch):
        times = len(list(run))
        text = f"({layer.full})" if layer.joins else _short(layer)
        texts += [f"{text} × {times}"] if layer.joins and times > 1 else [text] * times
    return " → ".join(texts)


def _short(layer: Layer) -> str:
    return f"{layer.text} /{layer.stride}" if layer.stride > 1 else layer.text
