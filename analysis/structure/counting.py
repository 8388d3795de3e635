"""What torch really runs: each ATen call with its arguments, and torch's own count of its work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry


@dataclass(frozen=True)
class Call:
    """One ATen function as it ran. Tensors among `arguments` are replaced by their shapes.

    `macs` is half of what torch's flop registry says, 0 where the registry has no entry.
    """

    name: str
    arguments: dict[str, Any]
    output: tuple[int, ...]
    macs: int
    writes: bool


@dataclass
class _Known:
    """The answer to a call whose outcome depends on shapes alone."""

    outputs: Any
    call: Call


@dataclass
class Recorder(TorchDispatchMode):
    """While active, keeps every ATen call in `calls`.

    Shapes, not values, decide what a call on meta tensors returns, so a call seen before is
    answered from memory: this is what makes a 152-layer network quick to trace.
    """

    calls: list[Call] = field(default_factory=list)
    _known: dict[Any, _Known] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple = (),
        kwargs: dict | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if not _writes(func):  # views and work in place return what they were given
            out = func(*args, **kwargs)
            self.calls.append(_call(func, args, kwargs, out))
            return out
        key = (func, _key(args), _key(tuple(kwargs.items())))
        if key not in self._known:
            out = _outcome(func, args, kwargs)
            self._known[key] = _Known(out, _call(func, args, kwargs, out))
        known = self._known[key]
        self.calls.append(known.call)
        return _blank(known.outputs)


def _outcome(func: Any, args: tuple, kwargs: dict) -> Any:
    """What the call returns.

    Torch finds the shapes of these three by running a decomposition in Python, 1 to 3 ms each
    time. In evaluation mode the first two return the shape that they are given.
    """
    if func is torch.ops.aten.relu.default:
        return _blank(args[0])
    if func is torch.ops.aten.native_batch_norm.default:
        image, _, _, mean, _, training = args[:6]
        if not training and mean is not None and mean.shape[0] == image.shape[1]:
            nothing = torch.empty(0, device=image.device)
            return _blank(image), nothing, nothing
    joined = _side_by_side(*args) if func is torch.ops.aten.cat.default else None
    return func(*args, **kwargs) if joined is None else joined


def _side_by_side(maps: Sequence[torch.Tensor], axis: int = 0) -> torch.Tensor | None:
    """Maps of one size and type joined along `axis`; None where torch has to look closer."""
    first = maps[0]
    shapes = [list(each.shape) for each in maps]
    joined = sum(shape.pop(axis) for shape in shapes if len(shape) > axis >= 0)
    alike = all(shape == shapes[0] for shape in shapes)
    if not alike or not all(m.is_contiguous() and m.dtype == first.dtype for m in maps):
        return None
    shape = (*shapes[0][:axis], joined, *shapes[0][axis:])
    return torch.empty(shape, dtype=first.dtype, device=first.device)


def _call(func: Any, args: tuple, kwargs: dict, out: Any) -> Call:
    count: Callable | None = flop_registry.get(func.overloadpacket)
    flops = count(*args, **kwargs, out_val=out) if count else 0
    first = out[0] if isinstance(out, (tuple, list)) else out
    return Call(
        name=func.overloadpacket.__name__,
        arguments=_arguments(func, args, kwargs),
        output=tuple(first.shape) if isinstance(first, torch.Tensor) else (),
        macs=flops // 2,
        writes=_writes(func),
    )


def _arguments(func: Any, args: tuple, kwargs: dict) -> dict[str, Any]:
    """All arguments by name, those left out by their defaults."""
    schema = func._schema.arguments
    named = {argument.name: argument.default_value for argument in schema}
    named |= {argument.name: value for argument, value in zip(schema, args, strict=False)}
    named |= kwargs
    return {name: _shape_of(value) for name, value in named.items()}


def _shape_of(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return tuple(value.shape)
    if isinstance(value, (tuple, list)):
        return tuple(_shape_of(item) for item in value)
    return value


@cache
def _writes(func: Any) -> bool:
    """Whether the call returns new memory, which its schema says."""
    return not any(result.alias_info for result in func._schema.returns)


def _key(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return (tuple(value.shape), value.stride(), value.dtype, value.device)
    if isinstance(value, (tuple, list)):
        return tuple(_key(item) for item in value)
    return value


def _blank(value: Any) -> Any:
    """Fresh meta tensors of the same shapes and strides."""
    if isinstance(value, torch.Tensor):
        return torch.empty_strided(
            value.shape, value.stride(), dtype=value.dtype, device=value.device
        )
    if isinstance(value, (tuple, list)):
        return type(value)(_blank(item) for item in value)
    return value
