"""Residual blocks of two 3×3 convolutions against bottlenecks, block by block."""

from __future__ import annotations

import inspect
from typing import Any

from torch import nn

from analysis.amounts import counted
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import fit, named, replace
from cnn_models.families import preact_resnet, resnet, senet, stochastic_depth
from cnn_models.squeeze_excite import Gated

BASIC, BOTTLENECK = "basic", "bottleneck"
THIN, WIDE = "thin basic", "wide bottleneck"
_TEXTS = {
    BASIC: "two 3×3",
    BOTTLENECK: "1×1, 3×3, 1×1",
    THIN: "two 3×3, a quarter of the channels outside",
    WIDE: "1×1, 3×3, 1×1, four times the channels outside",
}
# A block of two 3×3 convolutions, and the bottleneck of the same family.
_PAIRS: tuple[tuple[type[nn.Module], type[nn.Module]], ...] = (
    (resnet.BasicBlock, resnet.Bottleneck),
    (preact_resnet.BasicUnit, preact_resnet.BottleneckUnit),
    (stochastic_depth.StochasticBlock, stochastic_depth.StochasticBottleneck),
    (senet.SEBasicBlock, senet.SEBottleneck),
)
_OTHER = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
_NECKS = tuple(neck for _, neck in _PAIRS)


def _blocks(model: nn.Module) -> dict[str, Any]:
    """The blocks by name; none where gates were put between their layers."""
    if named(model, Gated):
        return {}
    return {name: layer for name, layer in model.named_modules() if type(layer) in _OTHER}


def _offer(network: Network) -> Offer | None:
    blocks = list(_blocks(network.model).values())
    if not blocks:
        return None
    if isinstance(blocks[0], _NECKS):
        present, values = BOTTLENECK, (BOTTLENECK, BASIC, THIN)
        sentence = (
            "Each bottleneck becomes two 3×3 convolutions, between as many channels as now, or "
            "between those that its 3×3 convolution has inside."
        )
    else:
        present, values = BASIC, (BASIC, BOTTLENECK, WIDE)
        sentence = (
            "Each block becomes a bottleneck, between as many channels as now, so that its 3×3 "
            "convolution has a quarter of them, or with a 3×3 convolution as wide as now, between "
            "four times the channels."
        )
    texts = tuple(_TEXTS[value] for value in values)
    return Offer("bottleneck", "Residual blocks", values, texts, present, sentence)


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    model, blocks = network.model, _blocks(network.model)
    zeros = bool(named(model, resnet.ZeroPadShortcut))
    inputs = next(iter(blocks.values())).conv1.in_channels
    for number, (name, old) in enumerate(blocks.items()):
        width = _width(old, value)
        options = {"first": number == 0, "shortcut": "A" if zeros else "B"}
        new = _block(old, inputs, width, options)
        replace(model, name, new)
        inputs = width * new.expansion
    if value in (THIN, WIDE):  # what follows the blocks reads other channels
        fit(model, network.spec.input_shape)
    number = counted(len(blocks), "residual block")
    return model, f"{number} of {network.name} became: {_TEXTS[str(value)]}."


def _width(old: Any, value: Value) -> int:
    """Channels of the 3×3 convolutions of the new block."""
    inside = old.conv1.out_channels
    if value in (THIN, WIDE):
        return inside
    return 4 * inside if value == BASIC else inside // 4


def _block(old: Any, inputs: int, width: int, options: dict[str, Any]) -> Any:
    """The block of the other kind, with the stride, gate and survival of the old one."""
    kind: Any = _OTHER[type(old)]
    takes = inspect.signature(kind).parameters
    stride = old.conv1.stride[0] * old.conv2.stride[0]
    if "reduction" in takes:
        options |= {"reduction": old.se.fc1.in_channels // old.se.fc1.out_channels}
    new = kind(inputs, width, stride, **{n: v for n, v in options.items() if n in takes})
    if hasattr(old, "survival"):
        new.survival = old.survival
    return new


BOTTLENECK_BLOCK = Decision(
    absent="has no residual block that comes both with and without a bottleneck",
    example="resnet34",
    offer=_offer,
    change=_change,
)
