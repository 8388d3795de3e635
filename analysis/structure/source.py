"""The source code of a network and its blocks, from the files themselves."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import nn

from cnn_models import ModelSpec


@dataclass(frozen=True)
class SourcePart:
    """One class or function: its text, and where it stands. Lines count from 1, both included."""

    name: str
    file: str
    line: int
    last_line: int
    text: str


def block_source(network: nn.Module | ModelSpec) -> tuple[SourcePart, ...]:
    """The class of the network, then those of its blocks, in the order of the forward pass.

    Classes that they are derived from follow them; torch's own are left out. A network that is
    put together from torch's classes alone is represented by the function that builds it, if a
    `ModelSpec` says which.
    """
    model = _built(network) if isinstance(network, ModelSpec) else network
    classes = dict.fromkeys(
        base for module in model.modules() for base in type(module).__mro__ if _is_own(base)
    )
    if not classes and isinstance(network, ModelSpec):
        return _parts([_function(network)])
    return _parts(list(classes))


def _built(spec: ModelSpec) -> nn.Module:
    with torch.device("meta"):
        return spec.build(num_classes=spec.num_classes)


def _function(spec: ModelSpec) -> Any:
    return spec.build.func if isinstance(spec.build, partial) else spec.build


def _is_own(kind: type) -> bool:
    return kind.__module__.split(".")[0] not in {"torch", "builtins", "typing"}


def _parts(things: list[Any]) -> tuple[SourcePart, ...]:
    return tuple(part for part in map(_part, things) if part is not None)


def _part(thing: Any) -> SourcePart | None:
    try:
        lines, first = inspect.getsourcelines(thing)
    except (OSError, TypeError):  # made at run time: there is no text to show
        return None
    return SourcePart(
        name=thing.__name__,
        file=thing.__module__.replace(".", "/") + ".py",
        line=first,
        last_line=first + len(lines) - 1,
        text="".join(lines),
    )
