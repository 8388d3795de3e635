"""What torch keeps of a forward pass for the backward pass, to the byte.

Autograd hands every tensor that it keeps to a hook. On meta tensors this costs no memory, so the
question can be asked for any network. A tensor that two operations keep is counted once, in the
first of them; weights and running averages, which are there anyway, are not counted.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

import cnn_models
from analysis.structure.kinds import kind_of_module
from analysis.structure.operations import Shape

COPIES = "16-bit copies"
WHY = {
    "convolution": "its input, for the gradient of its weights",
    "linear": "its input, for the gradient of its weights",
    "batch norm": "its input, and two statistics a channel",
    "layer norm": "its input, and two statistics a place",
    "ReLU": "its output, whose zeros tell where no gradient passes",
    "max pooling": "where each maximum was, as a 64-bit number",
    "average pooling": "its input",
    "adaptive average pooling": "its input",
    "local response norm": "its input, and what its steps make of it",
    "dropout": "which values it left out, as a mask",
    "tanh": "its output",
    "sigmoid": "its output",
    "hard swish": "its input",
    "hard sigmoid": "its input",
    "SiLU": "its input",
    "GELU": "its input",
    "ReLU6": "its input",
    COPIES: "of the weights of convolutions and linear layers",
}
BETWEEN = "steps between the layers"
HALF = torch.bfloat16  # float16 is as large

# What leaves out paths at random keeps less; asked is what training needs at its largest.
_ALL_PATHS: dict[str, Any] = {"global_share": 0.0, "drop_path": 0.0, "survival": 1.0}


@dataclass(frozen=True)
class Kept:
    """Bytes that operations of one kind keep: `fixed` once, `each` for every image."""

    kind: str
    fixed: int
    each: int


def of_network(key: str, precision: str) -> tuple[Kept, ...]:
    """What network `key` keeps in training at the input size of its paper.

    `precision` is "float32", "half" (weights and values in 16 bit) or "mixed" (weights in 32 bit,
    convolutions and linear layers in 16 bit).

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    with torch.device("meta"):
        model = with_all_paths(key)
    return kept(model, cnn_models.spec(key).input_shape, precision)


def with_all_paths(key: str) -> nn.Module:
    """The network `key`, set to leave out no path at random, on the current default device.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    known = inspect.signature(cnn_models.spec(key).build).parameters
    options = {name: value for name, value in _ALL_PATHS.items() if name in known}
    return cnn_models.build(key, **options)


def kept(model: nn.Module, input_shape: Shape, precision: str = "float32") -> tuple[Kept, ...]:
    """What `model` keeps in training mode, kind by kind, most first.

    Batch norm needs two images, so batches of two and three are run, and the line through both
    gives what is kept once and what for every image. `model` is brought to `precision`.
    """
    model.train()
    if precision == "half":
        model.to(HALF)
    two, three = (kept_of_batch(model, input_shape, n, precision) for n in (2, 3))
    rows = [
        Kept(kind, 3 * two[kind] - 2 * three[kind], three[kind] - two[kind]) for kind in two | three
    ]
    return tuple(sorted(rows, key=lambda row: (-row.each, -row.fixed)))


def kept_of_batch(
    model: nn.Module, input_shape: Shape, images: int, precision: str = "float32"
) -> Counter[str]:
    """Bytes kept by one forward pass of `images` images, on the device of `model`, by kind."""
    weight = next(model.parameters())
    dtype = torch.float32 if precision == "mixed" else weight.dtype
    batch = torch.zeros(images, *input_shape, dtype=dtype, device=weight.device)
    ledger = _Ledger({_storage(t) for t in (*model.parameters(), *model.buffers())})
    with ExitStack() as stack:
        stack.enter_context(_inside(model, ledger))
        if precision == "mixed":
            stack.enter_context(SixteenBit(ledger.copied))
        hooks = torch.autograd.graph.saved_tensors_hooks(ledger.keep, lambda tensor: tensor)
        with hooks:
            model(batch)
    return ledger.bytes


def _storage(tensor: Tensor) -> int:
    return tensor.untyped_storage()._cdata


@dataclass
class _Ledger:
    """Storages that were kept, each once; they stay alive so that their ids stay theirs."""

    known: set[int]
    bytes: Counter[str] = field(default_factory=Counter)
    running: list[str] = field(default_factory=list)
    copies: set[int] = field(default_factory=set)
    _alive: list[Tensor] = field(default_factory=list)

    def copied(self, tensor: Tensor) -> None:
        self.copies.add(_storage(tensor))
        self._alive.append(tensor)

    def keep(self, tensor: Tensor) -> Tensor:
        storage = _storage(tensor)
        if storage not in self.known:
            self.known.add(storage)
            self._alive.append(tensor.detach())
            here = self.running[-1] if self.running else BETWEEN
            kind = COPIES if storage in self.copies else here
            self.bytes[kind] += tensor.untyped_storage().nbytes()
        return tensor


@contextmanager
def _inside(model: nn.Module, ledger: _Ledger) -> Iterator[None]:
    """Tell the ledger which layer runs."""
    hooks = []
    for module in model.modules():
        kind = BETWEEN if any(module.children()) else kind_of_module(module)

        def before(*_: object, kind: str = kind) -> None:
            ledger.running.append(kind)

        def after(*_: object) -> None:
            ledger.running.pop()

        hooks += [module.register_forward_pre_hook(before), module.register_forward_hook(after)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


_IN_SIXTEEN_BIT = frozenset(
    {
        torch.conv1d, torch.conv2d, torch.conv3d, torch.conv_transpose1d, torch.conv_transpose2d,
        torch.conv_transpose3d, functional.linear, torch.matmul, torch.mm, torch.bmm, torch.addmm,
    }
)  # fmt: skip


class SixteenBit(TorchFunctionMode):
    """What `torch.autocast` does, on any device, also on meta tensors, for which torch has none.

    Convolutions, linear layers and matrix products work on 16-bit copies; a weight is copied once
    and `copied` is told of it.
    """

    def __init__(self, copied: Any = None) -> None:
        super().__init__()
        self._copied = copied
        self._weights: dict[int, Tensor] = {}

    def __torch_function__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if func in _IN_SIXTEEN_BIT:
            args = tuple(map(self._narrow, args))
            kwargs = {name: self._narrow(value) for name, value in kwargs.items()}
        return func(*args, **kwargs)

    def _narrow(self, value: Any) -> Any:
        if not isinstance(value, Tensor) or value.dtype is not torch.float32:
            return value
        if not isinstance(value, nn.Parameter):
            return value.to(HALF)
        if id(value) not in self._weights:
            copy = self._weights[id(value)] = value.to(HALF)
            if self._copied is not None:
                self._copied(copy)
        return self._weights[id(value)]
