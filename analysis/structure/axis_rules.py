"""Rules for what mixes, moves or picks along whole axes: means, transposes, reshapes, lists."""

from __future__ import annotations

from dataclasses import replace

from analysis.structure.counting import Call
from analysis.structure.fields import Field, detached, each, everything, gather, moved
from analysis.structure.operations import Shape


def reduce(field: Field, call: Call, shape: Shape) -> Field:
    """mean, sum, max … over some axes; max of two maps goes value by value."""
    if "other" in call.arguments:
        return field
    ndim = len(shape)
    dims = call.arguments.get("dim")
    if dims is None or dims == ():
        return detached(everything(field))
    gone = {d % ndim - ndim for d in ((dims,) if isinstance(dims, int) else dims)}
    gathered = gather(field, lambda span: span.dim in gone)
    if len(call.output) == ndim:
        return gathered
    kept = [i for i in range(ndim) if i - ndim not in gone]
    return moved(gathered, kept, ndim)


def softmax(field: Field, call: Call, shape: Shape) -> Field:
    """Along a spatial axis every value depends on all."""
    dim = call.arguments["dim"] % len(shape) - len(shape)
    return gather(field, lambda span: span.dim == dim)


def permute(field: Field, call: Call, shape: Shape) -> Field:
    """The axes in another order."""
    return moved(field, [d % len(shape) for d in call.arguments["dims"]], len(shape))


def transpose(field: Field, call: Call, shape: Shape) -> Field:
    """Two axes change places."""
    order = list(range(len(shape)))
    a, b = call.arguments["dim0"], call.arguments["dim1"]
    order[a], order[b] = order[b], order[a]
    return moved(field, order, len(shape))


def unsqueeze(field: Field, call: Call, shape: Shape) -> Field:
    """A new axis of length 1."""
    order: list[int | None] = list(range(len(shape)))
    order.insert(call.arguments["dim"] % (len(shape) + 1), None)
    return moved(field, order, len(shape))


def squeeze(field: Field, call: Call, shape: Shape) -> Field:
    """Axes of length 1 go."""
    dims = call.arguments.get("dim", tuple(range(len(shape))))
    chosen = {d % len(shape) for d in ((dims,) if isinstance(dims, int) else dims)}
    kept = [i for i in range(len(shape)) if not (i in chosen and shape[i] == 1)]
    return moved(field, kept, len(shape))


def select(field: Field, call: Call, shape: Shape) -> Field:
    """x[..., i]: one position of an axis; the axis is gone."""
    gone = call.arguments["dim"] % len(shape)
    first = call.arguments["index"] % shape[gone]
    here = gone - len(shape)
    picked = each(
        field,
        lambda s: replace(s.widened(1, 1, -first, 1), extent=1) if s.dim == here else s,
    )
    return moved(picked, [i for i in range(len(shape)) if i != gone], len(shape))


def index(field: Field, call: Call, shape: Shape) -> Field | None:
    """x[:, [0, 2, 5]]: picking channels by a list leaves the map alone; picking pixels does not."""
    indices = call.arguments["indices"]
    picked = [i - len(shape) for i, index in enumerate(indices) if index is not None]
    spatial = {span.dim for span in field.spans}
    in_place = len(picked) == 1 and picked[0] not in spatial and len(call.output) == len(shape)
    return field if in_place else None


def reshape(field: Field, call: Call, shape: Shape) -> Field:
    """A reshape that leaves the last axes alone keeps the map; any other flattens it."""
    dims = [span.dim for span in field.spans if span.dim is not None]
    axes = -min(dims, default=0)
    output = call.output
    kept = axes < len(output) and tuple(output[-axes:]) == tuple(shape[-axes:])
    return field if kept else detached(field)
