"""What a network counts and which shapes it gives, without the operations that cost the most time.

On the meta device torch takes batch norm and ReLU apart into a dozen operations each, which takes
longer than all convolutions, and finds nothing there to count. They are passed over here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode

_PASSED_OVER = {
    functional.batch_norm,
    functional.hardswish,
    functional.hardtanh,
    functional.relu,
    functional.relu6,
}


class _PassingOver(TorchFunctionMode):
    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return args[0] if func in _PASSED_OVER else func(*args, **(kwargs or {}))


@contextmanager
def shapes_only() -> Iterator[None]:
    """Run networks inside for the shapes of their outputs."""
    with torch.no_grad(), _PassingOver():
        yield


@contextmanager
def torchs_flops() -> Iterator[FlopCounterMode]:
    """A counter whose `get_total_flops` are twice the multiply-adds of what runs inside."""
    with shapes_only(), FlopCounterMode(display=False) as counter:
        yield counter
