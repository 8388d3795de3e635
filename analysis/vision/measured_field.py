"""What one place of a map sees of the input, measured by the gradient and not by arithmetic.

The support is where that gradient is not zero. It is measured on a linear twin of the network, as
a trained one hides pixels: a ReLU that is off, a maximum that another pixel won and weights that
cancel leave a gradient of zero where a path is. The twin has the same modules in the same order
with all weights 1, hands values on where the network bends or normalises them, and averages where
it takes a maximum.

The effective field is the magnitude of the gradient in the network as it is, averaged over inputs
(Luo, Li, Urtasun and Zemel, NeurIPS 2016).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, fx, nn
from torch.func import functional_call
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from analysis.structure.kinds import kind_of
from analysis.structure.twin import meta_twin
from analysis.vision.device import device_of
from analysis.vision.probe import Shared, probe
from analysis.vision.route import Route, Walk

# What changes values one by one, or by others of the same place.
_HANDED_ON = frozenset(
    {
        "ReLU",
        "ReLU6",
        "SiLU",
        "GELU",
        "sigmoid",
        "hard sigmoid",
        "hard swish",
        "tanh",
        "batch norm",
        "layer norm",
        "local response norm",
        "dropout",
    }
)


def support(way: Route, place: tuple[int, int]) -> np.ndarray:
    """Which pixels reach the values at `place` (row, column) of a map: (H, W) of bool.

    All channels of the place are taken together, and all channels of a pixel.
    """
    x = torch.ones(1, *way.input_shape, requires_grad=True)
    gradient = _gradient(_Twin(way.weightless, way).arrive(x), x, place)
    return gradient[0].ne(0).any(0).numpy()


def magnitude(
    model: nn.Module | Shared, way: Route, place: tuple[int, int], seed: int
) -> np.ndarray:
    """How strongly each pixel of one image moves the values at `place`: (H, W) of float32.

    The image is normal noise. The magnitude of the gradient is summed over a pixel's channels; the
    channels of the place are added with random signs, since the gradients of a plain sum would
    cancel. Noise and signs come from `seed`. The network is in evaluation mode meanwhile and
    afterwards as it was.
    """
    chance = torch.Generator().manual_seed(seed)
    noise = torch.randn(1, *way.input_shape, generator=chance)
    with probe(model) as network:
        for parameter in network.parameters():
            parameter.requires_grad_(False)
        x = noise.to(device_of(network)).requires_grad_()
        out = Walk(network, way).arrive(x)
        signs = torch.randint(0, 2, out.shape[1:2], generator=chance).to(out) * 2 - 1
        return _gradient(out, x, place, signs)[0].abs().sum(0).cpu().numpy()


def effective_field(magnitudes: Sequence[np.ndarray]) -> np.ndarray:
    """The average over several images, with sum 1: (H, W). All zero if no gradient arrived."""
    total = np.stack(magnitudes).sum(0, dtype=np.float64)
    return total / total.sum() if total.any() else total


def pixels_with(field: np.ndarray, share: float = 0.95) -> int:
    """The fewest pixels that hold `share` of a field's sum; 0 if the field is zero."""
    values = np.sort(field.ravel())[::-1].astype(np.float64)
    if not values.sum():
        return 0
    reached = np.cumsum(values) / values.sum()
    return int(np.searchsorted(reached, share - 1e-9)) + 1


def _gradient(
    out: Tensor, x: Tensor, place: tuple[int, int], weights: Tensor | float = 1.0
) -> Tensor:
    """Of the weighted sum over the channels of one place of `out`, (1, C, h, w), by `x`."""
    row, column = place
    (gradient,) = torch.autograd.grad((out[0, :, row, column] * weights).sum(), x)
    return gradient


class _Renewed(torch.autograd.Function):
    """Every value is 1 and every gradient that is not zero is 1, so neither ends in a long net."""

    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:  # noqa: ARG004 (torch's signature)
        return torch.ones_like(value)

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> Tensor:  # noqa: ARG004 (torch's signature)
        (gradient,) = grad_outputs
        return gradient.ne(0).to(gradient.dtype)


class _Twin(Walk):
    """The network with weights of 1 and without anything that bends, cancels or chooses."""

    def run_node(self, n: fx.Node) -> Any:
        if n.op == "get_attr":
            value = super().run_node(n)
            return torch.ones(value.shape) if isinstance(value, Tensor) and value.is_meta else value
        if n.op in ("placeholder", "output"):
            return super().run_node(n)
        value = self._linear(n)
        if isinstance(value, Tensor) and value.requires_grad:
            return _Renewed.apply(value)
        return value

    def _linear(self, n: fx.Node) -> Any:
        module = self.fetch_attr(str(n.target)) if n.op == "call_module" else None
        kind = kind_of(n, module)
        if kind in _HANDED_ON:
            args, _ = self.fetch_args_kwargs_from_env(n)
            return args[0]
        if module is None:
            return super().run_node(n)
        args, _ = self.fetch_args_kwargs_from_env(n)
        if isinstance(module, nn.MaxPool2d):
            return F.avg_pool2d(
                args[0], module.kernel_size, module.stride, module.padding, module.ceil_mode
            )
        if isinstance(module, nn.AdaptiveMaxPool2d):
            return F.adaptive_avg_pool2d(args[0], module.output_size)
        if type(module) is nn.Conv2d and module.padding_mode == "zeros":
            return _convolved_with_ones(args[0], module)
        ones = {name: torch.ones(()).expand(p.shape) for name, p in module.named_parameters()}
        # On a copy: the call exchanges the module's weights, which other threads use as well.
        return functional_call(meta_twin(module), ones, args)


def _convolved_with_ones(x: Tensor, module: nn.Conv2d) -> Tensor:
    """The convolution with all weights 1: the channels of a group are added, then a window slides.

    The same sums as with a full kernel, for a hundredth of the work.
    """
    groups = module.groups
    window = torch.ones(groups, 1, *module.kernel_size)
    added = x.unflatten(1, (groups, -1)).sum(2)
    slid = F.conv2d(
        added, window, None, module.stride, module.padding, module.dilation, groups
    )  # (N, groups, h, w)
    return slid.repeat_interleave(module.out_channels // groups, 1)
