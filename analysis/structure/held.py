"""What torch really holds while a network runs: every tensor, from birth to death.

On meta tensors a whole training step runs without memory or arithmetic, so its peak can be found
on any machine. Left out is what no tensor shows: the workspace of the GPU's convolutions, the
rounding of its allocator (to 512 bytes and more), and the CUDA context.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_iter

from analysis.structure.operations import Shape
from analysis.structure.saved_tensors import HALF, SixteenBit
from analysis.structure.training_memory import MakeOptimiser


class TooFewImages(ValueError):
    """Batch norm cannot train on this batch; the message says what works."""

    def __init__(self, images: int) -> None:
        super().__init__(
            f"A batch of {images} cannot train this network, because a batch norm in it needs more "
            "than one value a channel. Take at least 2 images."
        )


class Held(TorchDispatchMode):
    """While active, sums the bytes of all memory that is alive; `peak` is the most so far."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self._alive: dict[int, weakref.ref] = {}

    def count(self, tensors: Iterable[object]) -> None:
        """Count tensors that were there before."""
        for tensor in tensors:
            if isinstance(tensor, Tensor):
                self._count(tensor.untyped_storage())

    def _count(self, storage: torch.UntypedStorage) -> None:
        key, size = storage._cdata, storage.nbytes()
        if key in self._alive or not size:
            return

        def gone(_: object) -> None:
            self.now -= size
            self._alive.pop(key, None)

        self._alive[key] = weakref.ref(storage, gone)
        self.now += size
        self.peak = max(self.peak, self.now)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        self.count(tree_iter(out))
        return out


def inference_peak(model: nn.Module, input_shape: Shape, images: int, precision: str) -> int:
    """Bytes held at the worst moment of a forward pass in evaluation, weights included.

    `precision` is "float32", "half" or "mixed"; `model` is brought to it.
    """
    model, batch = _ready(model.eval(), input_shape, images, precision)
    held = Held()
    held.count((*model.parameters(), *model.buffers(), batch))
    with torch.no_grad(), _sixteen_bit(precision), held:
        model(batch)
    return held.peak


def training_peak(
    model: nn.Module, input_shape: Shape, images: int, precision: str, optimiser: MakeOptimiser
) -> int:
    """Bytes held at the worst moment of a training step, weights and all included.

    The first step makes the optimiser's state; what is told is the peak of the second.
    """
    model, batch = _ready(model.train(), input_shape, images, precision)
    stepper = optimiser(model.parameters())
    held = Held()
    held.count((*model.parameters(), *model.buffers(), batch))
    with held:
        one_step(model, batch, stepper, _sixteen_bit(precision))
        held.peak = held.now
        one_step(model, batch, stepper, _sixteen_bit(precision))
    return held.peak


def one_step(
    model: nn.Module,
    batch: Tensor,
    stepper: torch.optim.Optimizer,
    forward: AbstractContextManager[object],
) -> None:
    """Forward, inside of `forward`, backward from a loss over all answers, and a step.

    Gradients are None afterwards, as `zero_grad` leaves them.

    Raises:
        TooFewImages: if batch norm has one value a channel only.
    """
    with forward:
        try:
            answer = model(batch)
        except ValueError as error:
            raise TooFewImages(len(batch)) from error
        logits = (
            [answer]
            if isinstance(answer, Tensor)
            else [each for each in answer if each is not None]
        )
        loss = torch.stack([each.float().square().mean() for each in logits]).sum()
    loss.backward()
    del answer, logits, loss
    stepper.step()
    stepper.zero_grad(set_to_none=True)


def _ready(
    model: nn.Module, input_shape: Shape, images: int, precision: str
) -> tuple[nn.Module, Tensor]:
    if precision == "half":
        model = model.to(HALF)
    weight = next(model.parameters())
    return model, torch.zeros(images, *input_shape, dtype=weight.dtype, device=weight.device)


def _sixteen_bit(precision: str) -> AbstractContextManager[object]:
    return SixteenBit() if precision == "mixed" else nullcontext()
