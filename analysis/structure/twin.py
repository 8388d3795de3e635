"""A copy of a network without its weights: the same modules over meta tensors."""

from __future__ import annotations

import copy

import torch
from torch import nn


def meta_twin(model: nn.Module) -> nn.Module:
    """The same network in evaluation mode, on the meta device and without hooks.

    `copy.deepcopy` is handed a meta tensor for every tensor before it meets one, so no memory is
    allocated for weights and `model` is only read. Parameters that are shared stay shared.
    """
    twins: dict[int, torch.Tensor] = {}
    for module in model.modules():
        # Plain attributes too: a tensor left there would be copied with its values.
        for held in (module._parameters, module._buffers, vars(module)):
            for tensor in held.values():
                if isinstance(tensor, torch.Tensor) and id(tensor) not in twins:
                    twins[id(tensor)] = _meta(tensor)
    twin = copy.deepcopy(model, dict(twins))
    for module in twin.modules():
        _drop_hooks(module)
    return twin.eval()


def _meta(tensor: torch.Tensor) -> torch.Tensor:
    blank = torch.empty_strided(tensor.shape, tensor.stride(), dtype=tensor.dtype, device="meta")
    if isinstance(tensor, nn.Parameter):
        return nn.Parameter(blank, requires_grad=tensor.requires_grad)
    return blank


def _drop_hooks(module: nn.Module) -> None:
    """A probe's hooks came along with the copy; they must not see meta tensors."""
    for hooks in (module._forward_hooks, module._forward_pre_hooks):
        hooks.clear()
