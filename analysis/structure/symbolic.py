"""The steps of a forward pass without running it, by torch.fx."""

from __future__ import annotations

import threading
from typing import Any

import torch
from torch import fx, nn
from torch.nn.parameter import UninitializedParameter

from analysis.structure.kinds import function_name
from analysis.structure.refusals import not_traceable, still_lazy, takes_more_inputs
from analysis.structure.twin import meta_twin

_tracing = threading.Lock()  # torch.fx replaces methods of nn.Module, for all threads


class _OfOneThread(fx.Tracer):
    """A tracer that leaves alone what other threads run while it is at work."""

    def __init__(self) -> None:
        super().__init__()
        self._thread = threading.get_ident()

    def _is_elsewhere(self) -> bool:
        return threading.get_ident() != self._thread

    def call_module(self, m: nn.Module, forward: Any, args: Any, kwargs: Any) -> Any:
        if self._is_elsewhere():
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if self._is_elsewhere():
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)


def symbolic(model: nn.Module) -> tuple[nn.Module, fx.Graph]:
    """The weightless twin of `model` and the steps of its forward pass.

    Raises:
        NotTraceable: if the forward pass is no fixed graph of one image.
    """
    if any(isinstance(p, UninitializedParameter) for p in model.parameters()):
        raise still_lazy(model)
    try:
        twin = meta_twin(model)
        with _tracing:
            steps = _OfOneThread().trace(twin)
    except Exception as error:  # whatever the network's own code raises under tracing
        raise not_traceable(model, error) from None
    needed = [n for n in steps.nodes if n.op == "placeholder" and not n.args]
    if len(needed) != 1:
        raise takes_more_inputs(model, [str(n.target) for n in needed])
    return twin, steps


def dtype_of(model: nn.Module) -> torch.dtype:
    """What the network computes in; float32 if it has no weights."""
    floating = (p.dtype for p in model.parameters() if p.dtype.is_floating_point)
    return next(floating, torch.float32)


def path_of(n: fx.Node) -> str:
    """The module path, or for a function the path of the module whose code calls it."""
    if n.op == "call_module":
        return str(n.target)
    stack = list(n.meta.get("nn_module_stack", {}).values())
    owner = stack[-1][0] if stack else ""
    return f"{owner}.{function_name(n.target)}" if owner else function_name(n.target)
