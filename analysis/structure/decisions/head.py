"""What follows the last map: fully connected layers, or global average pooling."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from torch import nn

from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import leave_out, replace
from analysis.structure.notation import sides
from analysis.structure.operations import Operation, Shape
from cnn_models.families.sppnet import PyramidPooling

POOLED, FLAT, HIDDEN = "pooled", "flat", "hidden"
UNITS = (4096, 4096)  # of AlexNet and VGG
_BEGINS = (nn.AdaptiveAvgPool2d, PyramidPooling, nn.Flatten, nn.Linear)


@dataclass(frozen=True)
class _Head:
    """What stands behind the last map, by the names that its parts have in the network.

    `pooling` and `flatten` are None where there is no such layer, `readers` are the layers behind.
    `shape` is that of the map that fully connected layers read, or would read, and `units` are
    the widths of hidden layers.
    """

    pooling: str | None
    flatten: str | None
    readers: tuple[str, ...]
    present: Value
    shape: Shape
    units: tuple[int, ...]
    classes: int


def _head(network: Network) -> _Head | None:
    """The head; None where the network does not end in linear layers."""
    parts = dict(network.model.named_children())
    begins = next((i for i, part in enumerate(parts.values()) if isinstance(part, _BEGINS)), None)
    operations = network.graph.operations
    if begins is None or operations[-1].kind != "linear":
        return None
    tail = dict(list(parts.items())[begins:])
    pooling = _first(tail, nn.AdaptiveAvgPool2d, PyramidPooling)
    flatten = _first(tail, nn.Flatten)
    readers = tuple(name for name in tail if name not in (pooling, flatten))
    linear = [op for op in operations if op.kind == "linear" and _top(op) in readers]
    *units, classes = (op.output_shape[0] for op in linear)
    pools = _pools(operations, pooling)
    if pools or isinstance(parts.get(pooling or ""), PyramidPooling):
        shape = next(op.input_shapes[0] for op in operations if _top(op) == pooling)
    else:
        shape = [op.output_shape for op in operations if len(op.output_shape) == 3][-1]
    present = POOLED if pools else HIDDEN if units else FLAT
    return _Head(pooling, flatten, readers, present, shape, tuple(units), classes)


def _top(op: Operation) -> str:
    """The name of the part of the network that holds an operation."""
    return op.name.split(".")[0]


def _pools(operations: Sequence[Operation], pooling: str | None) -> bool:
    return any(_top(op) == pooling and op.kind == "global average pooling" for op in operations)


def _first(layers: dict[str, nn.Module], *kinds: type[nn.Module]) -> str | None:
    return next((name for name, layer in layers.items() if isinstance(layer, kinds)), None)


def _offer(network: Network) -> Offer | None:
    head = _head(network)
    if head is None:
        return None
    maps = prod(head.shape[1:]) > 1
    values = [value for value in (POOLED, FLAT, HIDDEN) if maps or value in (head.present, HIDDEN)]
    if len(values) == 1:
        values.insert(0, FLAT)
    return Offer(
        decision="head",
        label="Head",
        values=tuple(values),
        texts=tuple(_text(value, head) for value in values),
        present=head.present,
        sentence=f"Everything between the last map ({sides(head.shape)}) and the "
        f"{head.classes:,} classes is replaced: by global average pooling and one linear layer, or "
        "by layers that read every value of the map.",
    )


def _text(value: Value, head: _Head) -> str:
    if value == POOLED:
        return "global average pooling, one linear layer"
    if value == FLAT:
        return "all values of the map, one linear layer"
    units = head.units if head.present == HIDDEN else UNITS
    return f"all values of the map, {' and '.join(f'{u:,}' for u in units)} hidden units"


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    head = _head(network)
    if head is None:
        raise ValueError(f"{network.name} has no head to change.")
    model = network.model
    before = sum(p.numel() for name in head.readers for p in _parameters(model, name))
    _pool(model, head, value)
    inputs = head.shape[0] if value == POOLED else prod(head.shape)
    *others, last = head.readers
    for name in others:
        if not isinstance(model.get_submodule(name), nn.Dropout):
            leave_out(model, name)
    layers = _hidden(inputs, head.classes) if value == HIDDEN else nn.Linear(inputs, head.classes)
    replace(model, last, layers)
    after = sum(p.numel() for p in _parameters(model, last))
    what = f"The head of {network.name} had {before:,} parameters behind a map of "
    return model, f"{what}{sides(head.shape)}; now it has {after:,}: {_text(value, head)}."


def _parameters(model: nn.Module, name: str) -> list[nn.Parameter]:
    return list(model.get_submodule(name).parameters())


def _pool(model: nn.Module, head: _Head, value: Value) -> None:
    """Let one value a channel arrive at the linear layers, or all of them."""
    pooling = model.get_submodule(head.pooling) if head.pooling else None
    if value != POOLED:
        if isinstance(pooling, PyramidPooling):
            replace(model, str(head.pooling), nn.Flatten())
        elif head.present == POOLED and head.pooling:
            leave_out(model, head.pooling)
        return
    pool = nn.AdaptiveAvgPool2d(1)
    both = nn.Sequential(OrderedDict[str, nn.Module](pool=pool, flatten=nn.Flatten()))
    if isinstance(pooling, nn.AdaptiveAvgPool2d):
        replace(model, str(head.pooling), pool)
    elif pooling is not None:
        replace(model, str(head.pooling), both)
    elif head.flatten:
        replace(model, head.flatten, both)


def _hidden(inputs: int, classes: int) -> nn.Sequential:
    """Fully connected layers with ReLU and dropout, as in AlexNet and VGG."""
    layers = OrderedDict[str, nn.Module]()
    for number, units in enumerate(UNITS, start=1):
        layers[f"fc{number}"] = nn.Linear(inputs, units)
        layers[f"relu{number}"] = nn.ReLU()
        layers[f"drop{number}"] = nn.Dropout(0.5)
        inputs = units
    layers[f"fc{len(UNITS) + 1}"] = nn.Linear(inputs, classes)
    return nn.Sequential(layers)


HEAD = Decision(
    absent="does not end in linear layers that read a map",
    example="vgg16",
    offer=_offer,
    change=_change,
)
