"""Networks whose maps can be written down, and the rules of the papers in another way."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn import functional
from torch.overrides import TorchFunctionMode


class Linear(nn.Module):
    """Three classes, each a weighted sum of all pixels."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        drawing = torch.Generator().manual_seed(0)
        self.weight = nn.Parameter(torch.randn(3, *shape, generator=drawing))
        self.bias = nn.Parameter(torch.randn(3, generator=drawing))

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x.flatten(1), self.weight.flatten(1), self.bias)


class Tiny(nn.Module):
    """A convolution, a ReLU, the mean of each map, one linear layer."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.conv = nn.Conv2d(2, 3, 3, bias=False)
        self.relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pool(self.relu(self.conv(x))).flatten(1))


class Failing(nn.Module):
    """Works until its last layer has been called `after` times."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.body, self.after, self.calls = Tiny(), after, 0
        self.body.head.register_forward_hook(self._count)  # a twin of the network calls it too

    def _count(self, *_: object) -> None:
        self.calls += 1
        if self.calls > self.after:
            raise RuntimeError("broke halfway")

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)


def state(model: nn.Module) -> str:
    """What a probe must leave as it was."""
    modules = [
        (m.training, {k: list(v) for k, v in vars(m).items() if k.endswith("hooks")})
        for m in model.modules()
    ]
    return str((modules, [(p.requires_grad, p.grad) for p in model.parameters()]))


class ReluRule(TorchFunctionMode):
    """Every call of a ReLU or a ReLU6 goes back by the papers' rules, however it is written.

    Guided backpropagation (its Figure 1) lets pass what is positive where the ReLU was on;
    deconvolution what is positive, on or off.
    """

    def __init__(self, deconvolution: bool) -> None:
        super().__init__()
        self.deconvolution = deconvolution

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name in ("relu", "relu_"):
            return _Ruled.apply(args[0], self.deconvolution)
        if name in ("relu6", "hardtanh"):
            return torch.minimum(_Ruled.apply(args[0], self.deconvolution), torch.tensor(6.0))
        return func(*args, **(kwargs or {}))


class _Ruled(Function):
    @staticmethod
    def forward(ctx, x: Tensor, deconvolution: bool) -> Tensor:
        ctx.on = torch.ones_like(x, dtype=torch.bool) if deconvolution else x > 0
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, *grads: Tensor) -> tuple[Tensor, None]:
        return grads[0] * ctx.on * (grads[0] > 0), None
