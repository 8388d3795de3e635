"""Looking into a network and leaving it as it was, whatever happens in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn

# Where torch keeps the hooks of a module. Handles point weakly to these very dictionaries, so
# they are emptied and filled again, never replaced.
_HOOKS = (
    "_forward_hooks",
    "_forward_hooks_with_kwargs",
    "_forward_hooks_always_called",
    "_forward_pre_hooks",
    "_forward_pre_hooks_with_kwargs",
    "_backward_hooks",
    "_backward_pre_hooks",
)
_FLAGS = ("training", "_is_full_backward_hook")  # the second says which kind of hook is there

ModuleState = tuple[nn.Module, dict[str, Any], dict[str, Any]]
ParameterState = tuple[nn.Parameter, bool, Tensor | None]


@dataclass(frozen=True)
class Shared:
    """A network that several sessions use, and the lock that one of them holds at a time.

    A hook on a module sees the batch of every thread, so the lock is held for the whole of a
    probe, not only for a forward pass.
    """

    model: nn.Module
    lock: threading.RLock = field(default_factory=threading.RLock)


@contextmanager
def probe(model: nn.Module | Shared) -> Iterator[nn.Module]:
    """Lend a network in evaluation mode.

    Afterwards, after success and after an exception alike, every submodule is in the mode it was
    in, every parameter has the `requires_grad` and the `.grad` it had, and the hooks are those
    that were there. A `Shared` network stays locked meanwhile. Probes may be nested.

    >>> with probe(model) as network:
    ...     scores = network(x)
    """
    lock = model.lock if isinstance(model, Shared) else nullcontext()
    network = model.model if isinstance(model, Shared) else model
    with lock:
        modules, parameters = _module_states(network), _parameter_states(network)
        try:
            network.eval()
            for parameter, _, _ in parameters:
                parameter.grad = None  # so that nothing is added in place to what is kept here
            yield network
        finally:
            _restore(modules, parameters)


def _module_states(network: nn.Module) -> list[ModuleState]:
    return [
        (
            module,
            {name: getattr(module, name) for name in _FLAGS},
            {name: dict(getattr(module, name)) for name in _HOOKS},
        )
        for module in network.modules()
    ]


def _parameter_states(network: nn.Module) -> list[ParameterState]:
    return [(p, p.requires_grad, p.grad) for p in network.parameters()]


def _restore(modules: list[ModuleState], parameters: list[ParameterState]) -> None:
    for module, flags, hooks in modules:
        for name, value in flags.items():
            setattr(module, name, value)
        for name, kept in hooks.items():
            current = getattr(module, name)
            current.clear()
            current.update(kept)
    for parameter, requires_grad, grad in parameters:
        parameter.requires_grad_(requires_grad)
        parameter.grad = grad
