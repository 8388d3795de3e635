"""Options of `build` that are no option, or of the wrong type, refused before a layer is made.

The ranges are checked by the networks themselves, whose signatures say the types.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from functools import partial
from numbers import Integral, Real
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

_WORDS = {int: "a whole number", float: "a number", bool: "True or False", str: "a text"}


def require_types(build: Callable[..., object], options: Mapping[str, object]) -> None:
    """Refuse options that `build` does not take, or not with such a value.

    Where `build` hands its options on, to the blocks of a network or to the network that gets
    gates, its first argument says what they are. A whole number will do as a number, True does
    as neither. A value of the right type may still be out of range.

    Raises:
        TypeError: naming the option, the value and what it takes.
    """
    takes = _options(build)
    for name, value in options.items():
        if name not in takes:
            known = ", ".join(takes)
            raise TypeError(f"There is no option {name!r} here; this network takes {known}.")
        if not _fits(value, takes[name]):
            raise TypeError(f"{name} is {value!r}; it is {_in_words(takes[name])}.")


def _options(build: Callable[..., Any]) -> dict[str, Any]:
    """Name and type of each option; those that a partial gave by position are none."""
    function, first = build, None
    while isinstance(function, partial):
        function, first = function.func, (function.args or (first,))[0]
    hints = get_type_hints(function.__init__ if isinstance(function, type) else function)
    parameters = inspect.signature(build).parameters.values()
    takes = {p.name: hints[p.name] for p in parameters if p.kind is not p.VAR_KEYWORD}
    if len(takes) < len(parameters) and callable(first):
        optional = inspect.signature(first).parameters.values()
        has_default = {p.name for p in optional if p.default is not p.empty}
        takes |= {name: hint for name, hint in _options(first).items() if name in has_default}
    return takes


def _fits(value: object, hint: Any) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is Literal:
        return isinstance(value, type(inner[0]))
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(one, inner[0]) for one in value)
    if hint is int or hint is float:
        number = Integral if hint is int else Real
        return isinstance(value, number) and not isinstance(value, bool)
    return value is None if hint is type(None) else isinstance(value, hint)


def _in_words(hint: Any) -> str:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(map(_in_words, inner))
    if origin is Literal:
        return _WORDS[type(inner[0])]
    if origin is tuple:
        one = _in_words(inner[0]).removeprefix("a ")
        many = one.replace("tuple", "tuples", 1) if one.startswith("tuple") else f"{one}s"
        return f"a tuple of {'' if inner[-1] is Ellipsis else f'{len(inner)} '}{many}"
    return "None" if hint is type(None) else _WORDS.get(hint, f"a {hint.__name__}")
