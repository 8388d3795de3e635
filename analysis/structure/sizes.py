"""How long an axis of a map becomes, as (rule, numbers)."""

from __future__ import annotations

from math import ceil

from analysis.structure.operations import Operation


def size_formula(op: Operation, axis: int) -> tuple[str, str]:
    """The output size of `op` along one spatial axis; `op` has padding there.

    The rule of convolution and pooling is ⌊(H_in + 2P − D(K − 1) − 1) / S⌋ + 1; it says H_in
    whichever axis it is for.
    """
    padded, padded_numbers = _padded(op, axis)
    if op.kernel is None or op.stride is None or op.dilation is None:
        return padded, padded_numbers
    k, s, d = op.kernel[axis], op.stride[axis], op.dilation[axis]
    if op.kind == "transposed convolution":
        return _transposed(op, axis)
    if not op.ceil_mode:
        return (
            f"⌊({padded} − D × (K − 1) − 1) / S⌋ + 1",
            f"⌊({padded_numbers} − {d} × ({k} − 1) − 1) / {s}⌋ + 1",
        )
    rule = f"⌈({padded} − D × (K − 1) − 1) / S⌉ + 1"
    numbers = f"⌈({padded_numbers} − {d} × ({k} − 1) − 1) / {s}⌉ + 1"
    if _begins_outside(op, axis):
        return f"{rule} − 1, as the last window would begin outside", f"{numbers} − 1"
    return rule, numbers


def _sides(op: Operation, axis: int) -> tuple[int, int, int]:
    """(input side, padding before, padding after)."""
    before = op.padding or ()
    after = op.padding_after or before
    return op.input_shapes[0][axis - len(before)], before[axis], after[axis]


def _padded(op: Operation, axis: int) -> tuple[str, str]:
    side, before, after = _sides(op, axis)
    if op.padding_after is None:
        return "H_in + 2 × P", f"{side} + 2 × {_signed(before)}"
    return "H_in + P_before + P_after", f"{side} + {_signed(before)} + {_signed(after)}"


def _signed(value: int) -> str:
    return f"(0 − {-value})" if value < 0 else str(value)


def _begins_outside(op: Operation, axis: int) -> bool:
    """Rounding up may add a window that lies in the padding; torch leaves that one out."""
    if op.kernel is None or op.stride is None or op.dilation is None:
        return False
    side, before, after = _sides(op, axis)
    reach = op.dilation[axis] * (op.kernel[axis] - 1) + 1
    last = ceil((side + before + after - reach) / op.stride[axis])
    return last * op.stride[axis] >= side + before


def _transposed(op: Operation, axis: int) -> tuple[str, str]:
    side, before, _ = _sides(op, axis)
    k, s, d = (part[axis] if part else 1 for part in (op.kernel, op.stride, op.dilation))
    rule = "(H_in − 1) × S − 2 × P + D × (K − 1) + 1"
    numbers = f"({side} − 1) × {s} − 2 × {before} + {d} × ({k} − 1) + 1"
    plain = (side - 1) * s - 2 * before + d * (k - 1) + 1
    extra = op.output_shape[axis - len(op.padding or ())] - plain
    return (f"{rule} + extra", f"{numbers} + {extra}") if extra else (rule, numbers)
