"""Grouped convolutions: another number of groups, at equal cost or at equal width."""

from __future__ import annotations

from torch import nn

from analysis.amounts import counted
from analysis.structure.costs.cardinality import block_weights, equal_cost
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import alike, is_spatial, named, replace
from cnn_models.families.resnet import Bottleneck

CARDINALITIES = (1, 2, 4, 8, 16, 32, 64)
DENSE = "dense"
Template = tuple[int, int]  # groups, and channels of each in the first block


def _offer(network: Network) -> Offer | None:
    blocks = list(named(network.model, Bottleneck).values())
    return _of_bottlenecks(blocks[0]) if blocks else _of_groups(network.model)


def _of_bottlenecks(first: Bottleneck) -> Offer:
    present = first.conv2.groups, first.conv2.out_channels // first.conv2.groups
    reasons: dict[Template, list[str]] = {present: []}
    for cardinality in CARDINALITIES:
        reasons.setdefault(_at_equal_cost(first, cardinality), []).append("cost")
        if first.conv2.out_channels % cardinality == 0:
            width = first.conv2.out_channels // cardinality
            reasons.setdefault((cardinality, width), []).append("width")
    templates = sorted(reasons)
    return Offer(
        decision="cardinality",
        label="Cardinality",
        values=tuple(map(_value, templates)),
        texts=tuple(_text(template, reasons[template]) for template in templates),
        present=_value(present),
        sentence="The 3×3 convolution of every bottleneck works in C groups, each d channels wide "
        "in the first stage and wider in later ones. At equal width C × d stays; at equal cost "
        "the parameters of a block stay, as nearly as whole numbers allow.",
        telling=("32x4d", "1x64d"),
    )


def _at_equal_cost(block: Bottleneck, cardinality: int) -> Template:
    """The group width with which `block` comes nearest to the weights that it has now."""
    groups, width = block.conv2.groups, block.conv3.out_channels
    now = block_weights(groups, block.conv2.out_channels // groups, width)
    return cardinality, equal_cost(cardinality, width, now)


def _value(template: Template) -> str:
    return f"{template[0]}x{template[1]}d"


def _text(template: Template, reasons: list[str]) -> str:
    name = f"{template[0]} × {template[1]}d"
    return f"{name}, equal {' and '.join(reasons)}" if reasons else name


def _of_groups(model: nn.Module) -> Offer | None:
    """For groups elsewhere: the same number of them everywhere, or all of one width."""
    convs = list(_grouped(model).values())
    numbers = {conv.groups for conv in convs}
    widths = {conv.in_channels // conv.groups for conv in convs}
    if len(numbers) == 1:
        fitting = {c for c in CARDINALITIES if all(_divides(c, conv) for conv in convs)}
        present, values = next(iter(numbers)), tuple(sorted(fitting | numbers))
    elif len(widths) == 1:
        fitting = {w for w in CARDINALITIES if all(_has_groups_of(w, conv) for conv in convs)}
        present = f"{next(iter(widths))}d"
        values = (*(f"{width}d" for width in sorted(fitting | widths)), DENSE)
    else:
        return None
    return Offer(
        "cardinality",
        "Groups",
        values,
        _texts(values),
        present,
        "Every convolution that has groups gets another number of them, and keeps its channels. "
        "Depthwise convolutions stay.",
    )


def _texts(values: tuple[Value, ...]) -> tuple[str, ...]:
    """In words: a number of groups, the width of each, or one group."""
    words = {"1d": "groups of 1 channel", DENSE: "1 group"}
    return tuple(
        counted(value, "group")
        if isinstance(value, int)
        else words.get(value, f"groups of {value.removesuffix('d')} channels")
        for value in values
    )


def _grouped(model: nn.Module) -> dict[str, nn.Conv2d]:
    """Convolutions with groups of several channels each."""
    return named(
        model, nn.Conv2d, lambda conv: is_spatial(conv) and 1 < conv.groups < conv.in_channels
    )


def _divides(groups: int, conv: nn.Conv2d) -> bool:
    return conv.in_channels % groups == 0 and conv.out_channels % groups == 0


def _has_groups_of(width: int, conv: nn.Conv2d) -> bool:
    return conv.in_channels % width == 0 and _divides(conv.in_channels // width, conv)


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    blocks = named(network.model, Bottleneck)
    return _retemplated(network, blocks, str(value)) if blocks else _regrouped(network, value)


def _retemplated(
    network: Network, blocks: dict[str, Bottleneck], value: str
) -> tuple[nn.Module, str]:
    groups, width = (int(number) for number in value.removesuffix("d").split("x"))
    model, first = network.model, next(iter(blocks.values())).conv2.out_channels
    for name, block in blocks.items():
        inner = groups * width * block.conv2.out_channels // first
        replace(model, f"{name}.conv1", alike(block.conv1, outputs=inner))
        replace(model, f"{name}.bn1", nn.BatchNorm2d(inner))
        replace(model, f"{name}.conv2", alike(block.conv2, inner, inner, groups))
        replace(model, f"{name}.bn2", nn.BatchNorm2d(inner))
        replace(model, f"{name}.conv3", alike(block.conv3, inputs=inner))
    what = f"The 3×3 convolutions of the {counted(len(blocks), 'bottleneck')} of {network.name} "
    size = f"{counted(groups, 'group')} of {counted(width, 'channel')} in the first stage"
    return model, f"{what}now work in {size}, wider in the others."


def _regrouped(network: Network, value: Value) -> tuple[nn.Module, str]:
    convs = _grouped(network.model)
    for name, conv in convs.items():
        replace(network.model, name, alike(conv, groups=_groups(conv, value)))
    number = counted(len(convs), "convolution")
    return network.model, f"In {_texts((value,))[0]} now: {number} of {network.name}."


def _groups(conv: nn.Conv2d, value: Value) -> int:
    if isinstance(value, int):
        return value
    return 1 if value == DENSE else conv.in_channels // int(value.removesuffix("d"))


CARDINALITY = Decision(
    absent="has neither bottlenecks nor convolutions in groups, or groups of many kinds",
    example="resnext50_32x4d",
    offer=_offer,
    change=_change,
)
