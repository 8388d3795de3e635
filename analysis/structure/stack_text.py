"""A stack of layers as one short text, as it stands in an address: "c11s4p2f64-m3s2-c5p2f192".

A layer is its letter (c: convolution, m: max pooling, a: average pooling) with its kernel, then
what is not the default: s stride, p padding, e padding after (at the end), d dilation, f channels
that come out (filters), g groups. The stride of a convolution is 1 by default, that of a pooling
its kernel, as in torch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis.structure.stack import AVERAGE_POOLING, CONVOLUTION, MAX_POOLING, Layer
from analysis.structure.stack_rules import MOST_LAYERS

_LETTERS = {"c": CONVOLUTION, "m": MAX_POOLING, "a": AVERAGE_POOLING}
_KINDS = {kind: letter for letter, kind in _LETTERS.items()}
_NUMBER = r"-?\d{1,13}"
_LAYER = re.compile(
    rf"(?P<kind>[cma])(?P<kernel>{_NUMBER})(?:s(?P<stride>{_NUMBER}))?(?:p(?P<padding>{_NUMBER}))?"
    rf"(?:e(?P<after>{_NUMBER}))?(?:d(?P<dilation>{_NUMBER}))?"
    rf"(?:f(?P<channels>{_NUMBER}))?(?:g(?P<groups>{_NUMBER}))?"
)


def spelled(layers: Iterable[Layer]) -> str:
    """The one text for these layers; no layers give an empty text."""
    return "-".join(map(_spelled, layers))


def _spelled(layer: Layer) -> str:
    parts = (
        ("s", layer.stride, default_stride(layer.kind, layer.kernel)),
        ("p", layer.padding, 0),
        ("e", layer.padding_after, None),
        ("d", layer.dilation, 1),
        ("f", layer.channels, None),
        ("g", layer.groups, 1),
    )
    said = (f"{letter}{value}" for letter, value, default in parts if value != default)
    return f"{_KINDS[layer.kind]}{layer.kernel}{''.join(said)}"


def parsed(text: str) -> tuple[Layer, ...]:
    """The layers that a text names, possible or not.

    Raises:
        ValueError: if it is no such text, or has too many layers.
    """
    if not text:
        return ()
    spelled_layers = re.split(r"-(?=[cma])", text)
    if len(spelled_layers) > MOST_LAYERS:
        raise ValueError(f"A stack has at most {MOST_LAYERS} layers, not {len(spelled_layers)}.")
    return tuple(map(_parsed, spelled_layers))


def _parsed(text: str) -> Layer:
    found = _LAYER.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no layer; write one such as c3s1p1 or m2s2.")
    number = {
        name: int(value) for name, value in found.groupdict().items() if _is_given(name, value)
    }
    kind, kernel = _LETTERS[found["kind"]], number["kernel"]
    return Layer(
        kind,
        kernel,
        stride=number.get("stride", default_stride(kind, kernel)),
        padding=number.get("padding", 0),
        dilation=number.get("dilation", 1),
        padding_after=number.get("after"),
        channels=number.get("channels"),
        groups=number.get("groups", 1),
    )


def _is_given(name: str, value: str | None) -> bool:
    return name != "kind" and value is not None


def default_stride(kind: str, kernel: int) -> int:
    """1 for a convolution; a pooling moves by its own side."""
    return 1 if kind == CONVOLUTION else kernel
