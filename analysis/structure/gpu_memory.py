"""The peak that torch measures on a GPU, for one training step and one forward pass."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from threading import Lock
from typing import Any

import torch
from torch import nn

import cnn_models
from analysis.structure.held import one_step
from analysis.structure.saved_tensors import HALF, with_all_paths
from analysis.structure.training_memory import OPTIMISERS

_DEVICE = "cuda"
_measuring = Lock()  # the peak is that of the whole process


class NotMeasured(RuntimeError):
    """There is no measurement; the message says why in one sentence."""


def device_name() -> str | None:
    """The name of the GPU, or None where torch has none."""
    return torch.cuda.get_device_name() if torch.cuda.is_available() else None


def measured(
    key: str, images: int, optimiser: str, precision: str, estimate: int
) -> tuple[int, int]:
    """Peak bytes of `torch.cuda.max_memory_allocated` in training and in inference.

    What others hold on the GPU before is not counted. Nothing is tried if the `estimate` of
    training, in bytes, is more than the memory that is free.

    Raises:
        NotMeasured: if there is no GPU, or if its memory is too small.
        TooFewImages: if batch norm cannot train on this batch.
    """
    if device_name() is None:
        raise NotMeasured("This machine has no GPU that torch can use, so nothing is measured.")
    with _measuring:
        try:
            if estimate > torch.cuda.mem_get_info()[0]:
                raise _too_small(images)
            training = _above(lambda: _training(key, images, optimiser, precision))
            return training, _above(lambda: _inference(key, images, precision))
        except torch.cuda.OutOfMemoryError:
            raise _too_small(images) from None
        finally:
            torch.cuda.empty_cache()


def _too_small(images: int) -> NotMeasured:
    return NotMeasured(
        f"The free memory of {device_name()} is too small for {images:,} images, so no peak is "
        "measured; try a smaller batch."
    )


def _above(peak: Callable[[], int]) -> int:
    """A peak, less what others held when it began."""
    before = torch.cuda.memory_allocated()
    return peak() - before


def _on_gpu(key: str, images: int, precision: str) -> tuple[nn.Module, torch.Tensor]:
    with torch.device(_DEVICE):
        model = with_all_paths(key)
        batch = torch.randn(images, *cnn_models.spec(key).input_shape)
    return (model.to(HALF), batch.to(HALF)) if precision == "half" else (model, batch)


def _autocast(precision: str) -> Any:
    return torch.autocast(_DEVICE, dtype=HALF) if precision == "mixed" else nullcontext()


def _training(key: str, images: int, optimiser: str, precision: str) -> int:
    model, batch = _on_gpu(key, images, precision)
    stepper = OPTIMISERS[optimiser].make(model.parameters())
    one_step(model.train(), batch, stepper, _autocast(precision))  # makes the optimiser's state
    torch.cuda.reset_peak_memory_stats()
    one_step(model, batch, stepper, _autocast(precision))
    return torch.cuda.max_memory_allocated()


def _inference(key: str, images: int, precision: str) -> int:
    model, batch = _on_gpu(key, images, precision)
    torch.cuda.reset_peak_memory_stats()
    with torch.no_grad(), _autocast(precision):
        model.eval()(batch)
    return torch.cuda.max_memory_allocated()
