"""How weights start, where families share a rule.

A tensor on the meta device has no values, so there each rule returns at once.
"""

from __future__ import annotations

from torch import nn


def he_normal(network: nn.Module) -> None:
    """He's rule for layers followed by ReLU: normal weights of variance 2 / (outputs of a unit).

    Convolutions get zero biases; a linear layer gets a standard deviation of 0.01 and zero
    biases. Batch normalisation keeps scale 1 and shift 0, as torch makes it.
    """
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear) and not module.weight.is_meta:
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            else:
                nn.init.normal_(module.weight, std=0.01)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
