"""The networks of the experiments: those of the catalogue, and small ones that vary one thing.

A builder of the lab is a class of a paper's family at a depth or width that the paper left out;
`altered` changes what no constructor asks for, such as how the weights start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from torch import nn

import cnn_models
from analysis.experiments.signal.normless import normalised
from analysis.experiments.signal.starts import initialise
from cnn_models.blocks.initialise import without_torch_defaults
from cnn_models.families.cifar_resnet import CifarResNet
from cnn_models.families.densenet import DenseNet
from cnn_models.families.fractalnet import FractalNet
from cnn_models.families.preact_resnet import BasicUnit, CifarPreActResNet
from cnn_models.families.resnet import BasicBlock, PlainBlock
from cnn_models.families.senet import CifarSEResNet
from cnn_models.families.stochastic_depth import CifarStochasticDepth
from cnn_models.families.wide_resnet import WideResNet


def _plain(num_classes: int, depth: int) -> nn.Module:
    return CifarResNet(PlainBlock, depth, num_classes)


def _residual(num_classes: int, depth: int, shortcut: str = "A") -> nn.Module:
    return CifarResNet(BasicBlock, depth, num_classes, shortcut=shortcut)


def _preact(num_classes: int, depth: int, shortcut: str = "A") -> nn.Module:
    return CifarPreActResNet(BasicUnit, depth, num_classes=num_classes, shortcut=shortcut)


def _wide(num_classes: int, depth: int, width: int, dropout: float = 0.0) -> nn.Module:
    return WideResNet(num_classes, depth=depth, width=width, dropout=dropout)


def _stochastic(num_classes: int, depth: int, survival: float = 0.5) -> nn.Module:
    return CifarStochasticDepth(depth, num_classes=num_classes, survival=survival)


def _gated(num_classes: int, depth: int, reduction: int = 16) -> nn.Module:
    return CifarSEResNet(depth, num_classes, reduction=reduction)


def _dense(num_classes: int, growth: int, layers: int) -> nn.Module:
    """Three blocks of so many layers, without bottlenecks, as the paper's first networks."""
    return DenseNet(
        num_classes, growth, (layers,) * 3, bottleneck=None, compression=1.0, cifar=True
    )


def _fractal(num_classes: int, columns: int, drop_path: float, global_share: float) -> nn.Module:
    """Three fractal blocks, as wide as the stages of the CIFAR ResNet, without dropout."""
    paths: dict[str, Any] = {"drop_path": drop_path, "global_share": global_share}
    return FractalNet(num_classes, columns, (16, 32, 64), dropout=0.0, **paths)


BUILDERS: Mapping[str, Callable[..., nn.Module]] = {
    "plain": _plain,
    "residual": _residual,
    "preact": _preact,
    "wide": _wide,
    "stochastic": _stochastic,
    "gated": _gated,
    "dense": _dense,
    "fractal": _fractal,
}
_FAMILIES = {
    "plain": "",
    "wide": "wide_resnet",
    "gated": "senet",
    "dense": "densenet",
    "fractal": "fractalnet",
}  # of the builders; the others are residual networks, and plain ones belong to no family here
ALTERATIONS: dict[str, Callable[[nn.Module, Any], nn.Module]] = {
    "norm": normalised,
    "init": initialise,
}


def build(name: str, num_classes: int, options: Mapping[str, Any]) -> nn.Module:
    """The network `name` with fresh weights, in training mode.

    Raises:
        cnn_models.UnknownModel: if neither the lab nor the catalogue has it.
        TypeError: if it has no such option.
        ValueError: if an option is out of range.
    """
    own = {key: value for key, value in options.items() if key not in ALTERATIONS}
    if name in BUILDERS:
        with without_torch_defaults():
            model = BUILDERS[name](num_classes, **own)
    else:
        model = cnn_models.build(name, num_classes=num_classes, **own)
    for key, alter in ALTERATIONS.items():
        if key in options:
            model = alter(model, options[key])
    return model


def channels(name: str) -> int:
    """How many channels the images of a network have."""
    return 3 if name in BUILDERS else cnn_models.spec(name).input_shape[0]


def family(name: str) -> str:
    """The family of a network, for its colour; empty for a plain one of the lab."""
    if name in BUILDERS:
        return _FAMILIES.get(name, "resnet")
    return cnn_models.spec(name).family
