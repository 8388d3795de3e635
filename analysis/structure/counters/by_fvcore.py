"""fvcore's `FlopCountAnalysis`, which torch.jit traces, made to run on meta tensors.

Under torch.jit sizes are tensors, which the rules for meta tensors do not expect. So the network
runs twice: once to write down what each call returns, and once under torch.jit, where the calls
are answered from that list. A test holds the outcome against fvcore on a real image.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from analysis.structure.counters.rows import CannotCount, Count, Row
from analysis.structure.counters.subject import Subject

TOOL = "fvcore"
_tracing = Lock()  # warnings are silenced for the whole process


def count(subject: Subject) -> Count:
    """What fvcore counts for one image, and the operators for which it has no rule.

    Raises:
        CannotCount: if torch.jit cannot trace the network.
    """
    with _tracing, warnings.catch_warnings():
        # It compiles with torch.jit on import and traces with it, which torch deprecates.
        warnings.simplefilter("ignore")
        from fvcore.nn import FlopCountAnalysis, parameter_count

        written = _Written()
        with torch.no_grad(), _PlainConvolutions(), written:
            subject.model(subject.batch())
        analysis = FlopCountAnalysis(subject.model, subject.batch())
        analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        try:
            with torch.no_grad(), _PlainConvolutions(), _Answered(iter(written.answers)):
                counts = analysis.by_module_and_operator()
        except (RuntimeError, TypeError, _OutOfStep) as error:
            reason = str(error).partition("\n")[0]
            raise CannotCount(f"fvcore cannot trace this network: {reason}") from None
    rows = tuple(
        Row(path, operator, int(amount) // subject.images)
        for path in subject.modules
        for operator, amount in _own(subject, analysis, counts, path)
    )
    skipped = dict(analysis.unsupported_ops())
    return Count(TOOL, rows, int(parameter_count(subject.model)[""]), skipped)


def _own(subject: Subject, analysis: Any, counts: Any, path: str) -> Iterator[tuple[str, int]]:
    """What is counted in a module and in none of its children."""
    own = dict(counts[path])
    for name, _ in subject.modules[path].named_children():
        child = analysis.canonical_module_name(f"{path}.{name}" if path else name)
        for operator, amount in counts[child].items():
            own[operator] -= amount
    return ((operator, amount) for operator, amount in own.items() if amount)


class _OutOfStep(RuntimeError):
    """The second run calls something else than the first."""


class _PlainConvolutions(TorchFunctionMode):
    """Call convolutions by the name under which torch.jit writes them down."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        if func not in (torch.conv1d, torch.conv2d, torch.conv3d):
            return func(*args, **(kwargs or {}))
        bound = dict(zip(_CONVOLUTION, args, strict=False)) | (kwargs or {})
        axes = bound["weight"].ndim - 2
        stride, padding, dilation = (
            _each(bound.get(name, default), axes)
            for name, default in (("stride", 1), ("padding", 0), ("dilation", 1))
        )
        image, weight, bias = bound["input"], bound["weight"], bound.get("bias")
        unmoved, groups = [0] * axes, bound.get("groups", 1)
        return torch._convolution(  # type: ignore[attr-defined]  # torch's stub lacks it
            image, weight, bias, stride, padding, dilation, False, unmoved, groups,
            False, False, True, True,
        )  # fmt: skip


_CONVOLUTION = ("input", "weight", "bias", "stride", "padding", "dilation", "groups")


def _each(value: Any, axes: int) -> list[int]:
    return list(value) if isinstance(value, (tuple, list)) else [value] * axes


@dataclass
class _Written(TorchDispatchMode):
    """Writes down the shapes that each call returns."""

    answers: list[tuple[Any, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        if _makes_new_memory(func) and _on_meta(args):
            self.answers.append((func, _described(out)))
        return out


@dataclass
class _Answered(TorchDispatchMode):
    """Answers each call with the shapes that were written down for it."""

    answers: Iterator[tuple[Any, Any]]

    def __post_init__(self) -> None:
        super().__init__()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        if not _on_meta(args):
            return func(*args, **(kwargs or {}))
        if not _makes_new_memory(func):
            return args[0] if _works_in_place(func) else func(*args, **(kwargs or {}))
        expected, answer = next(self.answers, (None, None))
        if expected is not func:
            raise _OutOfStep(f"{func} runs where {expected} ran before")
        return _made(answer)


def _makes_new_memory(func: Any) -> bool:
    return not any(result.alias_info for result in func._schema.returns)


def _works_in_place(func: Any) -> bool:
    return any(result.alias_info.is_write for result in func._schema.returns if result.alias_info)


def _on_meta(values: Any) -> bool:
    if isinstance(values, torch.Tensor):
        return values.is_meta
    return isinstance(values, (tuple, list)) and any(map(_on_meta, values))


def _described(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return (tuple(value.shape), value.stride(), value.dtype)
    return [_described(item) for item in value] if isinstance(value, (tuple, list)) else value


def _made(answer: Any) -> Any:
    if isinstance(answer, tuple):
        shape, stride, dtype = answer
        return torch.empty_strided(shape, stride, dtype=dtype, device="meta")
    return tuple(map(_made, answer)) if isinstance(answer, list) else answer
