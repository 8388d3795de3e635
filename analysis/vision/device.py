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
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    return work(torch.device("cpu")), OUT_OF_MEMORY


def _is_out_of_memory(error: RuntimeError) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error)
