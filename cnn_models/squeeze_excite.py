"""Squeeze-and-excitation for any network of the registry (Hu et al., TPAMI 2020, Section 3.3).

A gate looks at all maps of a layer and scales each of them by 0 to 1. Where it stands:

    residual networks     on the branch, before the addition (Figure 3)
    Inception networks    behind every module (Figure 2)
    VGG                   behind the non-linearity of each convolution
    MobileNet v1          behind every block, which alone gives the 4.7M parameters of Table 3
    MobileNet v2, MnasNet on the widened maps, as Figure 4 of the MobileNet v3 paper draws it
    ShuffleNet            on the branch, which alone gives the 2.4M parameters of Table 3
    any other             behind every stage that its spec names, but for the last, the classifier
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import chain

import torch
from torch import Tensor, nn
from torch.func import functional_call

from cnn_models import registry
from cnn_models.blocks import squeeze_excite
from cnn_models.blocks.initialise import he_normal, without_torch_defaults
from cnn_models.families import (
    bn_inception,
    convnext,
    googlenet,
    inception_resnet,
    inception_v3,
    inception_v4,
    mobilenet_v1,
    mobilenet_v2,
    preact_resnet,
    resnet,
    senet,
    shufflenet_v1,
    shufflenet_v2,
    vgg,
    wide_resnet,
    xception,
)
from cnn_models.option_types import require_types
from cnn_models.spec import ModelSpec


class Gated(nn.Module):
    """A layer and the gate behind it: what the layer gives, (N, channels, H, W), rescaled."""

    def __init__(self, layer: nn.Module, channels: int, reduction: int) -> None:
        super().__init__()
        self.layer = layer
        self.se = senet.SqueezeExcite(channels, reduction)

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.se(self.layer(*inputs))


# Which layers of a block, or of a whole network, a gate follows: a regular expression on their
# names inside it. The block itself has the empty name.
PLACES: Mapping[type[nn.Module], str] = {
    resnet.BasicBlock: r"bn2",
    resnet.Bottleneck: r"bn3",
    preact_resnet.BasicUnit: r"conv2",
    preact_resnet.BottleneckUnit: r"conv3",
    wide_resnet.WideBlock: r"conv2",
    xception.Block: r"convs",
    convnext.ConvNeXtBlock: r"drop",
    googlenet.Inception: r"",
    bn_inception.Inception: r"",
    inception_v3.InceptionV3: r"mixed_\w+",
    inception_v4.InceptionV4: r"inception_\w\.\d|reduction_\w",
    inception_resnet.ResidualBlock: r"linear",
    vgg.VGG: r"stage\d\.relu\d",
    mobilenet_v1.DepthwiseSeparable: r"",
    mobilenet_v2.InvertedResidual: r"depthwise",  # Figure 4 of MobileNet v3
    shufflenet_v1.ShuffleUnit: r"branch\.bn3",
    shufflenet_v2.BasicUnit: r"right",
    shufflenet_v2.DownUnit: r"right",
}


def with_squeeze_excite(model: nn.Module, reduction: int = 16) -> nn.Module:
    """A copy of a network of the registry with squeeze-and-excitation gates.

    The argument stays as it is. The copy has its weights, and new gates on the same device: with
    C channels, a gate has 2·C·(C // reduction) weights and C + C // reduction biases. A layer
    with a gate moves one level down: `layer1.0.bn3.weight` becomes `layer1.0.bn3.layer.weight`,
    beside `layer1.0.bn3.se.fc1.weight`.

    Args:
        model: what `build` or `pretrained` gives, on any device, also on meta.
        reduction: by how much a gate reduces the channels between its two layers.

    Raises:
        TypeError: if `model` is no module, or `reduction` is no whole number.
        ValueError: if no family builds such a network, if it has gates already, or if `reduction`
            is not in 1..the channels of the narrowest gate.
    """
    require_types(with_squeeze_excite, {"model": model, "reduction": reduction})
    return attach(copy.deepcopy(model), reduction)


def attach(network: nn.Module, reduction: int) -> nn.Module:
    """`with_squeeze_excite` without the copy: `network` itself gets the gates."""
    for name, layer in network.named_modules():
        if isinstance(layer, senet.SqueezeExcite | squeeze_excite.SqueezeExcite):
            raise ValueError(
                f"This {type(network).__name__} has squeeze-and-excitation already, at {name}."
            )
    spec = _spec_of(network)
    channels = _channels(network, spec.input_shape, _places(network) or spec.stages[:-1])
    senet.require_reduction(reduction, largest=min(channels.values()))
    for name in sorted(channels, reverse=True):  # what is inside a layer before the layer
        parent, _, child = name.rpartition(".")
        gated = _gated(network.get_submodule(name), channels[name], reduction, network)
        setattr(network.get_submodule(parent), child, gated)
    return network


def _gated(layer: nn.Module, channels: int, reduction: int, network: nn.Module) -> Gated:
    """A gate as the rest of the network is: its device, its precision, its mode."""
    weight = next(network.parameters())
    with torch.device(weight.device), without_torch_defaults():
        gated = Gated(layer, channels, reduction)
    he_normal(gated.se)
    gated.se.to(weight.dtype)
    return gated.train(network.training)


def _spec_of(network: nn.Module) -> ModelSpec:
    """The spec of the registry that fits: of the same class, with the most stages in common."""
    layers = {name for name, _ in network.named_modules()}
    fitting = [
        spec
        for spec in map(registry.spec, registry.names())
        if _builds(spec.build, network) and layers.issuperset(spec.stages)
    ]
    if not fitting:
        raise ValueError(f"No family of the registry builds a {type(network).__name__} like this.")
    return max(fitting, key=lambda spec: len(spec.stages))


def _builds(build: Callable[..., nn.Module], network: nn.Module) -> bool:
    while isinstance(build, partial):
        build = build.func
    if isinstance(build, type):
        return build is type(network)
    return build.__module__ == type(network).__module__


def _places(network: nn.Module) -> list[str]:
    """Names of the layers behind which the papers put a gate; empty where they have no place."""
    found = []
    for outer, block in network.named_modules():
        place = next((PLACES[c] for c in type(block).__mro__ if c in PLACES), None)
        if place is not None:
            inside = (name for name, _ in block.named_modules() if re.fullmatch(place, name))
            found += [f"{outer}.{name}".strip(".") for name in inside]
    return found


def _channels(
    network: nn.Module, input_shape: tuple[int, int, int], names: Iterable[str]
) -> dict[str, int]:
    """Channels of those layers that give one set of maps, found without computing a value."""
    layers = {name: network.get_submodule(name) for name in names}
    if all(isinstance(layer, nn.Conv2d | nn.BatchNorm2d) for layer in layers.values()):
        return {name: layer.state_dict()["weight"].shape[0] for name, layer in layers.items()}
    found: dict[str, int] = {}

    def note(_: nn.Module, __: object, output: object, name: str) -> None:
        if isinstance(output, Tensor) and output.ndim == 4:
            found[name] = output.shape[1]

    hooks = [
        layer.register_forward_hook(partial(note, name=name)) for name, layer in layers.items()
    ]
    modes = {layer: layer.training for layer in network.modules()}
    state = dict(chain(network.named_parameters(), network.named_buffers()))
    weightless = {name: torch.empty_like(value, device="meta") for name, value in state.items()}
    image = torch.empty(1, *input_shape, dtype=next(network.parameters()).dtype, device="meta")
    try:
        with torch.device("meta"), torch.no_grad():
            functional_call(network.eval(), weightless, (image,))
    finally:
        for layer, training in modes.items():
            layer.training = training
        for hook in hooks:
            hook.remove()
    return found
