"""Receptive fields by arithmetic: how a window on the input grows through each operation.

The rules read the ATen calls that torch ran, so `padding="same"`, F.pad, slices with a step and
functional pooling need no cases of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from analysis.structure import axis_rules, window_rules
from analysis.structure.counting import Call
from analysis.structure.fields import Field, everything, gather, settled
from analysis.structure.geometry import PADDED, WINDOWED
from analysis.structure.operations import Shape

Rule = Callable[[Field, Call, Shape], "Field | None"]


def through(kind: str, field: Field, calls: Sequence[Call], output: Shape) -> Field | None:
    """The field after an operation that ran `calls` and made a tensor of shape `output`.

    Normalisation is taken value by value, as is usual, though a batch's or a group's statistics
    come from everywhere.
    """
    if kind == "linear":
        return settled(gather(field, lambda span: span.dim in (None, -1)), output)
    if kind.endswith(" norm"):
        return settled(field, output)
    after: Field | None = field
    for call in calls:
        after = None if after is None else _advance(after, call)
    return after


def _advance(field: Field, call: Call) -> Field | None:
    """The field after one ATen call; None where no rule says what a value sees."""
    shape = call.arguments.get("self") or call.arguments.get("input")
    if not isinstance(shape, tuple):  # made from no tensor, or from a list of them
        return settled(field, call.output) if call.name in ("cat", "stack") else field
    after = RULES.get(call.name, _elementwise)(field, call, shape)
    return None if after is None else settled(after, call.output)


def _everything(field: Field, call: Call, shape: Shape) -> Field:  # noqa: ARG001 (a Rule)
    return everything(field)


def _unknown(field: Field, call: Call, shape: Shape) -> None:  # noqa: ARG001 (a Rule)
    return None


def _elementwise(field: Field, call: Call, shape: Shape) -> Field | None:
    """Anything else that leaves the spatial axes as long as they were works value by value."""
    for span in field.spans:
        if span.dim is None or span.whole or -span.dim > len(shape):
            continue
        if shape[span.dim] not in (1, call.output[span.dim]):  # 1 is broadcast
            return None
    return field


_REDUCTIONS = "mean sum amax amin max min logsumexp var std linalg_vector_norm argmax"
_ADAPTIVE = (
    "adaptive_avg_pool1d _adaptive_avg_pool2d _adaptive_avg_pool3d "
    "adaptive_max_pool2d adaptive_max_pool3d"
)
_PRODUCTS = (
    "mm addmm bmm baddbmm dot mv _scaled_dot_product_attention_math "
    "_scaled_dot_product_flash_attention _scaled_dot_product_efficient_attention"
)
_GROUPS: dict[Rule, Iterable[str]] = {
    window_rules.window: WINDOWED,
    window_rules.pad: PADDED,
    window_rules.adaptive: _ADAPTIVE.split(),
    axis_rules.reduce: _REDUCTIONS.split(),
    _everything: _PRODUCTS.split(),
    axis_rules.softmax: ("_softmax", "_log_softmax"),
    window_rules.cut: ("slice",),
    axis_rules.permute: ("permute",),
    axis_rules.transpose: ("transpose",),
    axis_rules.unsqueeze: ("unsqueeze",),
    axis_rules.squeeze: ("squeeze",),
    axis_rules.select: ("select",),
    axis_rules.index: ("index",),
    axis_rules.reshape: ("view", "_unsafe_view", "_reshape_alias"),
    _unknown: ("copy_", "grid_sampler_2d", "roll", "flip"),
}
RULES = {name: rule for rule, names in _GROUPS.items() for name in names}
