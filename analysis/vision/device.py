"""Where to compute, and what to do when its memory is full."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import nn

Result = TypeVar("Result")

OUT_OF_MEMORY = "The accelerator ran out of memory, so this was computed on the processor."


def best_device() -> torch.device:
    """CUDA if there is one, else Apple's MPS, else the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def device_of(model: nn.Module) -> torch.device:
    """The device of a network's first weight, or the processor if it has none."""
    tensors = itertools.chain(model.parameters(), model.buffers())
    return next((tensor.device for tensor in tensors), torch.device("cpu"))


def run_with_fallback(
    work: Callable[[torch.device], Result], device: torch.device | None = None
) -> tuple[Result, str | None]:
    """Do the work on the best device, or on the processor when the device's memory is full.

    Args:
        work: takes the device to work on; it moves network and input there itself.
        device: where to try first; the best one when left out.

    Returns:
        The result, and a sentence for the user if the processor had to step in, else None.
    """
    device = best_device() if device is None else device
    try:
        return work(device), None
    except RuntimeError as error:  # torch.OutOfMemoryError is one; MPS raises the plain kind
        if device.type == "cpu" or not _is_out_of_memory(error):
            raise
    _let_go()
    return work(torch.device("cpu")), OUT_OF_MEMORY


def run_in_smaller_batches(work: Callable[[int], Result], batch: int) -> tuple[Result, int]:
    """Do the work with `batch` images in one pass, or half as many as often as memory is full.

    Args:
        work: takes how many images may go through at once.
        batch: how many to try first.

    Returns:
        The result, and how many went through at once.

    Raises:
        RuntimeError: what `work` raises when even a single image does not fit.
    """
    while True:
        try:
            return work(batch), batch
        except RuntimeError as error:
            if batch == 1 or not _is_out_of_memory(error):
                raise
        _let_go()  # out here, because the error keeps what the work had allocated
        batch //= 2


def _let_go() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()


def _is_out_of_memory(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)
