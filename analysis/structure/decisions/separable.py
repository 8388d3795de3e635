"""Standard convolutions made depthwise separable, and separable ones made standard."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from torch import nn

from analysis.amounts import counted, listed
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import alike, is_spatial, leave_out, named, replace
from analysis.structure.notation import sides
from analysis.structure.operations import Operation

STANDARD, SEPARABLE = "standard", "separable"
_TEXTS = ("standard convolutions", "depthwise, then pointwise")
# What may stand between the depthwise and the pointwise convolution, and goes with them.
_BETWEEN = frozenset({"batch norm", "ReLU", "ReLU6", "SiLU", "hard swish", "ELU"})


def _offer(network: Network) -> Offer | None:
    if _pairs(network):
        present = SEPARABLE
        sentence = (
            "Each depthwise convolution and the 1×1 convolution behind it become one standard "
            "convolution. The norm and the activation between the two go, a gate there stays."
        )
    elif _dense(network):
        present = STANDARD
        sentence = (
            "Each convolution that looks at more than one pixel becomes a depthwise one and a 1×1 "
            "convolution, with nothing between them. Those that read the image itself or have "
            "groups stay."
        )
    else:
        return None
    return Offer("separable", "Convolutions", (STANDARD, SEPARABLE), _TEXTS, present, sentence)


def _dense(network: Network) -> dict[str, nn.Conv2d]:
    image = network.spec.input_shape[0]
    return named(
        network.model,
        nn.Conv2d,
        lambda conv: is_spatial(conv) and conv.groups == 1 and conv.in_channels > image,
    )


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    return _separated(network) if value == SEPARABLE else _joined(network)


def _separated(network: Network) -> tuple[nn.Module, str]:
    convs = _dense(network)
    number = len(named(network.model, nn.Conv2d))
    for name, conv in convs.items():
        inputs, outputs = conv.in_channels, conv.out_channels
        layers = OrderedDict[str, nn.Module](
            depthwise=alike(conv, inputs, inputs, groups=inputs, bias=False),
            pointwise=nn.Conv2d(inputs, outputs, 1, bias=conv.bias is not None),
        )
        replace(network.model, name, nn.Sequential(layers))
    kernels = _kernels(convs.values())
    what = f"Split: {len(convs)} of the {number} convolutions of {network.name} ({kernels})."
    return network.model, what


def _joined(network: Network) -> tuple[nn.Module, str]:
    model, pairs = network.model, _pairs(network)
    convs = named(model, nn.Conv2d)
    kernels = _kernels(convs[pair.depthwise] for pair in pairs)
    for pair in pairs:
        window, mixing = convs[pair.depthwise], convs[pair.pointwise]
        bias = mixing.bias is not None
        joined = alike(window, mixing.in_channels, mixing.out_channels, bias=bias)
        replace(model, pair.pointwise, joined)
        for name in (pair.depthwise, *pair.between):
            leave_out(model, name)
    number = counted(len(pairs), "depthwise convolution")
    what = f"Joined with the 1×1 convolution behind: {number} of {network.name} ({kernels})."
    return model, what


def _kernels(convs: Iterable[nn.Conv2d]) -> str:
    counts = Counter(sides(conv.kernel_size) for conv in convs)
    if len(counts) == 1:
        return next(iter(counts))
    return listed(f"{number} of {kernel}" for kernel, number in counts.most_common())


@dataclass(frozen=True)
class _Pair:
    """Names of a depthwise convolution, of what lies between, and of the 1×1 behind it."""

    depthwise: str
    between: tuple[str, ...]
    pointwise: str


def _pairs(network: Network) -> list[_Pair]:
    if not named(network.model, nn.Conv2d, lambda conv: is_spatial(conv) and conv.groups > 1):
        return []
    readers: dict[str, list[Operation]] = {}
    for op in network.graph.operations:
        for name in op.inputs:
            readers.setdefault(name, []).append(op)
    found = (_pair(op, readers) for op in network.graph.operations if _is_depthwise(op))
    return [pair for pair in found if pair is not None]


def _is_depthwise(op: Operation) -> bool:
    return op.kind == "convolution" and op.groups == op.input_shapes[0][0] and _side(op) > 1


def _side(op: Operation) -> int:
    return max(op.kernel or (0,))


def _pair(depthwise: Operation, readers: Mapping[str, Sequence[Operation]]) -> _Pair | None:
    """Follow the map to the 1×1 convolution, past the mean that a gate takes of it."""
    op, between = depthwise, []
    while True:
        shape = op.output_shape
        maps = [r for r in readers.get(op.name, ()) if r.output_shape[1:] == shape[1:]]
        if len(maps) != 1:
            return None
        op = maps[0]
        if op.kind == "convolution":
            mixes = _side(op) == 1 and op.groups == 1
            return _Pair(depthwise.name, tuple(between), op.name) if mixes else None
        if op.kind in _BETWEEN:
            between.append(op.name)
        elif op.kind != "multiplication":  # by a gate
            return None


SEPARABLE_CONVOLUTION = Decision(
    absent="has no convolution to split or to join: all that look at more than one pixel read the "
    "image or have groups",
    example="vgg16",
    offer=_offer,
    change=_change,
)
