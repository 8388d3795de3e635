"""How weights start, where families share a rule, and how each weight is filled only once.

A tensor on the meta device has no values, so there each rule returns at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

# What the constructors of torch's layers fill their weights with.
_TORCH_DEFAULTS = {nn.init.kaiming_uniform_, nn.init.uniform_}


class without_torch_defaults(TorchFunctionMode):  # noqa: N801 - it is used like a function
    """Leave the weights of new layers unfilled, for a network that ends in a rule of its own.

    torch fills the weights of every convolution and linear layer as it is made, which costs as
    much as the rule that replaces them. Rules call other functions than torch's constructors:
    `kaiming_normal_`, `xavier_uniform_`, `normal_` …, never `kaiming_uniform_` or `uniform_`.
    """

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        if func in _TORCH_DEFAULTS:
            return args[0] if args else (kwargs or {})["tensor"]
        return func(*args, **(kwargs or {}))


def he_in_words(
    per: Literal["inputs", "outputs"], source: str | None = None, *, grouped: bool = False
) -> str:
    """What a spec says of a network that `he_normal` fills; `source` is where the paper does.

    `grouped` is for networks with groups, where the outputs of all groups are counted.
    """
    named, end = (f" ({source})", "") if source else ("", "; the paper names none")
    counted = ", those of other groups counted in" if grouped else ""
    rule = f"He's normal rule{named}, variance 2 / {per} of a unit{counted}"
    return f"{rule}; linear layers normal, standard deviation 0.01{end}"


def he_normal(network: nn.Module, mode: Literal["fan_out", "fan_in"] = "fan_out") -> None:
    """He's rule for layers followed by ReLU: normal weights of variance 2 / (outputs of a unit).

    With mode "fan_in" it is 2 / (inputs of a unit). Where a convolution has groups, the inputs are
    those of one group, but the outputs those of all groups, as torch counts them. Convolutions get
    zero biases; a linear layer gets a standard deviation of 0.01 and zero biases. Batch
    normalisation keeps scale 1 and shift 0, as torch makes it.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear) and not module.weight.is_meta:
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode=mode, nonlinearity="relu")
            else:
                nn.init.normal_(module.weight, std=0.01)
            if module.bias is not None:
                nn.init.zeros_(module.bias)


def fan_in_uniform(layer: nn.Conv2d | nn.Linear) -> None:
    """Caffe's filler "xavier" for one layer: uniform weights of variance 1 / (inputs of a unit).

    Glorot's rule takes the mean of inputs and outputs instead. Biases start at 0.
    """
    if layer.weight.is_meta:
        return
    bound = math.sqrt(3 / layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.uniform_(-bound, bound)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
