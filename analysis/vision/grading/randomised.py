"""A twin of a network that has forgotten what it learned, wholly or from the top.

Adebayo et al. 2018 (Sanity checks for saliency maps, arXiv:1810.03292): a map that stays the same
when the weights are random does not show what the network learned.
"""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from analysis.vision.device import device_of
from analysis.vision.probe import Shared, probe


def layers(model: nn.Module | Shared, x: Tensor) -> tuple[str, ...]:
    """Names of the layers that have weights, in the order in which `x` (N, C, H, W) meets them."""
    met: list[str] = []
    with probe(model) as network, torch.no_grad():
        for name, module in network.named_modules():
            if next(module.parameters(recurse=False), None) is not None:
                module.register_forward_pre_hook(lambda _module, _x, name=name: met.append(name))
        network(x.to(device_of(network)))
    return tuple(dict.fromkeys(met))


def randomised(
    model: nn.Module | Shared, x: Tensor, seed: int = 0, top: int | None = None
) -> nn.Module:
    """A copy of the network whose last `top` layers, or all, have fresh weights.

    Weights are drawn as He et al. 2015 do (normal, variance 2 over the inputs of a sum), biases
    are 0, norms start anew, and batch norm measures its means and variances on `x`. The network
    itself is not changed.

    Args:
        model: any network; a `Shared` one is locked while it is copied.
        x: (N, C, H, W) on any device, pictures such as the network is asked about.
        seed: of the new weights.
        top: how many of `layers`, counted from the scores down; None for all.

    Raises:
        ValueError: if it has fewer layers than `top`, or `top` is negative.
    """
    names = layers(model, x)
    if top is not None and not 0 <= top <= len(names):
        raise ValueError(f"top is {top}; this network has {len(names)} layers with weights.")
    with probe(model) as network:
        twin = copy.deepcopy(network)
    fresh = names if top is None else names[len(names) - top :]
    generator = torch.Generator().manual_seed(seed)
    modules = [twin.get_submodule(name) for name in fresh]
    with torch.no_grad():
        for module in modules:
            _draw(module, generator)
        _measure([m for m in modules if isinstance(m, _BatchNorm)], twin, x)
    return twin.eval()


def _draw(module: nn.Module, generator: torch.Generator) -> None:
    if isinstance(module, _BatchNorm | nn.GroupNorm | nn.LayerNorm):
        module.reset_parameters()
        return
    for parameter in module.parameters(recurse=False):
        if parameter.ndim < 2:
            parameter.zero_()
            continue
        inputs = parameter[0].numel()  # of one sum
        drawn = torch.randn(parameter.shape, generator=generator) * math.sqrt(2 / inputs)
        parameter.copy_(drawn)


def _measure(norms: list[_BatchNorm], twin: nn.Module, x: Tensor) -> None:
    """Let batch norms measure the mean and variance of what `x` brings them."""
    if not norms:
        return
    twin.eval()
    kept = [norm.momentum for norm in norms]
    for norm in norms:
        norm.train()
        norm.momentum = None  # a plain average over the batches that come, here one
    twin(x.to(device_of(twin)))
    for norm, momentum in zip(norms, kept, strict=True):
        norm.momentum = momentum
