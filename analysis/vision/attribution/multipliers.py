"""DeepLIFT's multipliers for what Captum passes as if it were linear.

Each function runs on a batch whose first half is the picture and whose second half the baseline,
and sends back, in place of a gradient, what each input gave to the change of the output. All of
them are complete: what the inputs get adds up to the change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn import functional

Unary = Callable[[Tensor], Tensor]
_SMALL = 1e-10  # as in Captum; below this change of the input the gradient stands in


def rescaled(x: Tensor, bend: Unary) -> Tensor:
    """`bend`, element by element, with the multiplier Δout / Δin: the paper's rescale rule."""
    return _Rescaled.apply(x, bend)


def product(a: Tensor, b: Tensor) -> Tensor:
    """A · b; each factor's multiplier is the other's mean of picture and baseline.

    Δ(ab) = Δa · (b + b₀)/2 + Δb · (a + a₀)/2, which is also what Shapley's value gives.
    """
    if not (isinstance(a, Tensor) and isinstance(b, Tensor)):
        return a * b
    return _Product.apply(a, b)


def peak(x: Tensor, pool: Callable[[Tensor], tuple[Tensor, Tensor]]) -> Tensor:
    """Max pooling; `pool` gives the maxima and where in the plane each of them is.

    Where the picture's maximum is the larger, its pixel gets the change, else the baseline's does.
    Captum has this rule too, but loses what overlapping windows share.
    """
    return _Peak.apply(x, pool)


class _Rescaled(Function):
    @staticmethod
    def forward(ctx, x: Tensor, bend: Unary) -> Tensor:
        y = bend(x.clone())  # it may work in place
        ctx.save_for_backward(x, y)
        ctx.bend = bend
        return y

    @staticmethod
    def backward(ctx, *grads: Tensor) -> tuple[Tensor, None]:
        x, y = ctx.saved_tensors
        change = _change(x)
        with torch.enable_grad():
            here = x.detach().requires_grad_()
            (plain,) = torch.autograd.grad(ctx.bend(here.clone()), here, grads[0])
        safe = torch.where(change.abs() < _SMALL, torch.ones_like(change), change)
        return torch.where(change.abs() < _SMALL, plain, grads[0] * _change(y) / safe), None


class _Product(Function):
    @staticmethod
    def forward(ctx, a: Tensor, b: Tensor) -> Tensor:
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, *grads: Tensor) -> tuple[Tensor, Tensor]:
        a, b = ctx.saved_tensors
        return (grads[0] * _mean(b)).sum_to_size(a.shape), (grads[0] * _mean(a)).sum_to_size(
            b.shape
        )


class _Peak(Function):
    @staticmethod
    def forward(ctx, x: Tensor, pool: Callable[[Tensor], tuple[Tensor, Tensor]]) -> Tensor:
        y, places = pool(x)
        ctx.save_for_backward(x, y, places)
        return y

    @staticmethod
    def backward(ctx, *grads: Tensor) -> tuple[Tensor, None]:
        x, y, places = ctx.saved_tensors
        mine, others = y.chunk(2)
        larger = torch.maximum(mine, others)
        shares = grads[0] * torch.cat([larger - others, mine - larger])
        planes = torch.zeros_like(x).flatten(2)
        planes.scatter_add_(2, places.flatten(2), shares.flatten(2))
        mine, others = planes.view_as(x).chunk(2)
        given = torch.cat([mine + others] * 2)
        change = _change(x)
        safe = torch.where(change.abs() < _SMALL, torch.ones_like(change), change)
        return torch.where(change.abs() < _SMALL, 0.0, given / safe), None


def _change(x: Tensor) -> Tensor:
    mine, baseline = x.chunk(2)
    return torch.cat([mine - baseline] * 2)


def _mean(x: Tensor) -> Tensor:
    mine, baseline = x.chunk(2)
    return torch.cat([(mine + baseline) / 2] * 2)


class Rescaled(nn.Module):
    """An activation under the rescale rule; what it bends with is hidden from Captum's hooks."""

    def __init__(self, bend: Unary) -> None:
        super().__init__()
        self._hidden = (bend,)

    def forward(self, x: Tensor) -> Tensor:
        return rescaled(x, self._hidden[0])


class Peak(nn.Module):
    """A max pooling, the adaptive one too, under DeepLIFT's rule."""

    def __init__(self, pool: nn.MaxPool2d | nn.AdaptiveMaxPool2d) -> None:
        super().__init__()
        self._hidden = (pool,)

    def forward(self, x: Tensor) -> Tensor:
        pool = self._hidden[0]
        if isinstance(pool, nn.AdaptiveMaxPool2d):
            size: Any = pool.output_size
            return peak(x, lambda x: functional.adaptive_max_pool2d(x, size, True))
        return peak(
            x,
            lambda x: functional.max_pool2d(
                x, pool.kernel_size, pool.stride, pool.padding, pool.dilation, pool.ceil_mode, True
            ),
        )


class ResponseNorm(nn.Module):
    """Local response norm, x · (k + α · mean of x² over channels)^-β, in steps with rules."""

    def __init__(self, norm: nn.LocalResponseNorm) -> None:
        super().__init__()
        self._hidden = (norm,)

    def forward(self, x: Tensor) -> Tensor:
        norm = self._hidden[0]
        squares = functional.pad(
            rescaled(x, torch.square).unsqueeze(1),  # (N, 1, C, H, W)
            (0, 0, 0, 0, norm.size // 2, (norm.size - 1) // 2),
        )
        mean = functional.avg_pool3d(squares, (norm.size, 1, 1), stride=1).squeeze(1)
        return product(x, rescaled(norm.k + norm.alpha * mean, lambda v: v**-norm.beta))


class CentredNorm(nn.Module):
    """Layer norm, (x − mean) / √(variance + ε), in steps with rules."""

    def __init__(self, norm: nn.LayerNorm) -> None:
        super().__init__()
        self._hidden = (norm,)

    def forward(self, x: Tensor) -> Tensor:
        norm = self._hidden[0]
        axes = tuple(range(-len(norm.normalized_shape), 0))
        centred = x - x.mean(axes, keepdim=True)
        variance = rescaled(centred, torch.square).mean(axes, keepdim=True)
        y = product(centred, rescaled(variance + norm.eps, torch.rsqrt))
        y = y if norm.weight is None else y * norm.weight
        return y if norm.bias is None else y + norm.bias
