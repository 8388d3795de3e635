"""Stacks that somebody built: how known networks begin, read off their graphs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.structure.stack import KINDS, Layer
from analysis.structure.stack_text import spelled


@dataclass(frozen=True)
class KnownStack:
    """A stack with its name: the beginning of network `key`, or `text` where there is no key."""

    name: str
    key: str = ""
    text: str = ""


KNOWN = {
    "alexnet": KnownStack("AlexNet", key="alexnet_owt"),
    "vgg16": KnownStack("VGG-16", key="vgg16"),
    "resnet50": KnownStack("ResNet-50 stem", key="resnet50"),
    # Yu and Koltun (2016), Table 1, the basic context module without its last 1 × 1
    "dilated": KnownStack("Dilated", text="c3p1-c3p1-c3p2d2-c3p4d4-c3p8d8-c3p16d16-c3p1"),
}


def text_of(graph: Graph) -> str:
    """How a network begins, as `stack_text` spells it."""
    return spelled(beginning(graph))


def beginning(graph: Graph) -> tuple[Layer, ...]:
    """The convolutions and poolings of a network up to where its path forks or leaves the map.

    Windows have to be square. A pooling that rounds up is given the padding after that its last
    window needs.
    """
    users = Counter(name for op in graph.operations for name in op.inputs)
    layers: list[Layer] = []
    last = "input"
    for op in graph.operations:
        if op.inputs != (last,) or users[last] > 1:
            break
        if op.kernel is not None:
            if op.kind not in KINDS or not _is_square(op):
                break
            layers.append(_layer(op))
        elif op.output_shape != op.input_shapes[0]:
            break
        last = op.name
    return tuple(layers)


def _is_square(op: Operation) -> bool:
    windows = (op.kernel, op.stride, op.padding, op.dilation, op.padding_after or (0,))
    return all(part is not None and len(set(part)) == 1 for part in windows)


def _layer(op: Operation) -> Layer:
    kernel, stride, padding, dilation = (
        part[0] if part else 1 for part in (op.kernel, op.stride, op.padding, op.dilation)
    )
    after = op.padding_after[0] if op.padding_after else None
    if op.ceil_mode:
        reach = dilation * (kernel - 1) + 1
        needed = (op.output_shape[-1] - 1) * stride + reach - op.input_shapes[0][-1] - padding
        after = None if needed <= padding else needed
    is_convolution = op.kind == KINDS[0]
    return Layer(
        op.kind,
        kernel,
        stride,
        padding,
        dilation,
        after,
        channels=op.output_shape[0] if is_convolution else None,
        groups=op.groups if is_convolution else 1,
    )
