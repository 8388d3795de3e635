"""1×1 convolutions in groups, with a channel shuffle behind them."""

from __future__ import annotations

from collections import OrderedDict

from torch import nn

from analysis.amounts import counted
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import alike, gates, leave_out, named, replace
from cnn_models.families import shufflenet_v1

GROUPS = (1, 2, 4, 8)
UNSHUFFLED = "no shuffle"


def _offer(network: Network) -> Offer | None:
    if named(network.model, shufflenet_v1.ShuffleUnit):
        return _of_shufflenet(network)
    values = tuple(g for g in GROUPS if g == 1 or _pointwise(network, g))
    if len(values) == 1:
        return None
    return Offer(
        "shuffle",
        "1×1 convolutions",
        values,
        tuple("dense" if g == 1 else f"{g} groups, then a shuffle" for g in values),
        1,
        "Each 1×1 convolution gets g groups, where they divide its channels, and a channel shuffle "
        "behind it. Channels stay; gates and the classifier too.",
    )


def _of_shufflenet(network: Network) -> Offer:
    groups = network.options["groups"]
    shuffled = [UNSHUFFLED] if named(network.model, nn.ChannelShuffle) else []
    values = (*shufflenet_v1.CHANNELS, *shuffled)
    return Offer(
        "shuffle",
        "1×1 convolutions",
        values,
        tuple(_text(value, groups) for value in values),
        groups,
        "The number of groups changes, and with it the channels: Table 1 of the paper spends what "
        "groups save on wider stages. Without the shuffle nothing else changes.",
    )


def _text(value: Value, groups: int) -> str:
    if value == UNSHUFFLED:
        return f"{counted(groups, 'group')} without a shuffle"
    return f"{counted(int(value), 'group')}, channels of Table 1"


def _pointwise(network: Network, groups: int) -> dict[str, nn.Conv2d]:
    """The dense 1×1 convolutions on maps that `groups` can divide; the classifier is none."""
    model = network.model
    found = named(
        model,
        nn.Conv2d,
        lambda conv: (
            conv.kernel_size == (1, 1)
            and conv.groups == 1
            and conv.in_channels % groups == 0
            and conv.out_channels % groups == 0
        ),
    )
    last = list(named(model, nn.Linear)) or list(found)[-1:]
    return {
        name: conv
        for name, conv in found.items()
        if name not in last and not any(name.startswith(f"{gate}.") for gate in gates(model))
    }


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    if value == UNSHUFFLED:
        return _unshuffled(network)
    groups = int(value)
    if named(network.model, shufflenet_v1.ShuffleUnit):
        channels = shufflenet_v1.CHANNELS[groups]
        what = f"{network.name} was built anew with {counted(groups, 'group')}: its stages have "
        return network.rebuilt(groups=groups), what + f"{', '.join(map(str, channels))} channels."
    return _grouped(network, groups)


def _unshuffled(network: Network) -> tuple[nn.Module, str]:
    shuffles = named(network.model, nn.ChannelShuffle)
    for name in shuffles:
        leave_out(network.model, name)
    number = counted(len(shuffles), "channel shuffle")
    return network.model, f"Taken out: {number} of {network.name}, so that groups no longer mix."


def _grouped(network: Network, groups: int) -> tuple[nn.Module, str]:
    every, convs = _pointwise(network, 1), _pointwise(network, groups)
    for name, conv in convs.items():
        layers = OrderedDict[str, nn.Module](
            conv=alike(conv, groups=groups), shuffle=nn.ChannelShuffle(groups)
        )
        replace(network.model, name, nn.Sequential(layers))
    what = f"In {groups} groups, with a channel shuffle behind: {len(convs)} of the {len(every)} "
    return network.model, f"{what}1×1 convolutions on maps of {network.name}."


SHUFFLE = Decision(
    absent="has no 1×1 convolution that could get groups",
    example="shufflenet_v1_g3",
    offer=_offer,
    change=_change,
)
