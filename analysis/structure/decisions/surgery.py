"""Changing the layers of a network that is built: replace, leave out, and fit what follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from analysis.structure.twin import meta_twin
from cnn_models.blocks import squeeze_excite
from cnn_models.blocks.initialise import he_normal
from cnn_models.families import senet

Gate = senet.SqueezeExcite | squeeze_excite.SqueezeExcite
_WINDOW = ("kernel_size", "stride", "padding", "dilation", "padding_mode")
Layer = TypeVar("Layer", bound=nn.Module)


def named(
    model: nn.Module, kind: type[Layer], fits: Callable[[Layer], bool] = bool
) -> dict[str, Layer]:
    """The layers of one class for which `fits` holds, by name, in the order they were made."""
    return {n: m for n, m in model.named_modules() if isinstance(m, kind) and fits(m)}


def gates(model: nn.Module) -> dict[str, Gate]:
    """The squeeze-and-excitation gates by name."""
    return {name: layer for name, layer in model.named_modules() if isinstance(layer, Gate)}


def replace(model: nn.Module, name: str, layer: nn.Module) -> None:
    """Put a new layer, whose weights start by He's rule, where `name` is."""
    he_normal(layer)
    model.set_submodule(name, layer.train(model.training))


def alike(
    conv: nn.Conv2d,
    inputs: int | None = None,
    outputs: int | None = None,
    groups: int = 1,
    bias: bool | None = None,
) -> nn.Conv2d:
    """A convolution with the window of another; channels and bias as there where not given."""
    window: dict[str, Any] = {name: getattr(conv, name) for name in _WINDOW}
    return nn.Conv2d(
        conv.in_channels if inputs is None else inputs,
        conv.out_channels if outputs is None else outputs,
        groups=groups,
        bias=conv.bias is not None if bias is None else bias,
        **window,
    )


def leave_out(model: nn.Module, name: str) -> None:
    """Take a layer away; where code calls it by name, one that does nothing stands there."""
    parent, _, child = name.rpartition(".")
    holder = model.get_submodule(parent)
    if type(holder).forward is nn.Sequential.forward:
        delattr(holder, child)
    else:
        setattr(holder, child, nn.Identity())


def fit(model: nn.Module, input_shape: tuple[int, ...]) -> None:
    """Give each layer as many input channels as now reach it, in place.

    Convolutions without groups, batch norms and linear layers are fitted; others must fit
    already. `input_shape` is (channels, height, width).
    """
    twin = meta_twin(model)
    for name, layer in twin.named_modules():
        original = model.get_submodule(name)
        if isinstance(layer, nn.BatchNorm2d):
            vars(layer)["forward"] = partial(_fit_norm, original)
        elif isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_pre_hook(partial(_fit_both, original))
    with torch.no_grad():
        twin(torch.empty(1, *input_shape, device="meta"))


def _fit_both(original: nn.Module, twin: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    arriving = inputs[0].shape[-1 if isinstance(twin, nn.Linear) else 1]
    for layer in (twin, original):
        _take(layer, arriving)


def _fit_norm(original: nn.Module, x: Tensor) -> Tensor:
    """Stand in for a batch norm of the twin, which is slow over meta tensors."""
    _take(original, x.shape[1])
    return x


def _take(layer: nn.Module, inputs: int) -> None:
    """Let `layer` read `inputs` channels, with fresh weights if they were others before."""
    if isinstance(layer, nn.Conv2d) and layer.groups == 1 and layer.in_channels != inputs:
        layer.in_channels = inputs
        layer.weight = _like(layer.weight, layer.out_channels, inputs, *layer.kernel_size)
        he_normal(layer)
    elif isinstance(layer, nn.Linear) and layer.in_features != inputs:
        layer.in_features = inputs
        layer.weight = _like(layer.weight, layer.out_features, inputs)
        he_normal(layer)
    elif isinstance(layer, nn.BatchNorm2d) and layer.num_features != inputs:
        with torch.device(layer.weight.device):
            fresh = nn.BatchNorm2d(inputs, layer.eps, layer.momentum)
        vars(layer).update(vars(fresh.train(layer.training)))


def _like(weight: Tensor, *shape: int) -> nn.Parameter:
    return nn.Parameter(weight.new_empty(shape))


def is_spatial(conv: nn.Conv2d) -> bool:
    """Whether it looks at more than one pixel."""
    return max(conv.kernel_size) > 1
