"""What cannot be traced, in one plain sentence each."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from analysis.structure.operations import Shape


class NotTraceable(ValueError):
    """The network's forward pass cannot be written down as a fixed graph."""


class BadInput(ValueError):
    """The network cannot take an input of this shape; the message names the operation."""


def shape_text(shape: Sequence[int]) -> str:
    """(64, 112, 112) → "64 × 112 × 112"."""
    return " × ".join(str(side) for side in shape)


def check_input_shape(shape: Sequence[int]) -> Shape:
    """The shape as a tuple.

    Raises:
        BadInput: unless it is (channels, …) of one to four whole numbers, each at least 1.
    """
    sides = tuple(shape)
    if not all(isinstance(side, int) and side >= 1 for side in sides) or not 1 <= len(sides) <= 4:
        raise BadInput(
            f"{sides} is no input shape; give (channels, height, width), each at least 1, "
            "such as (3, 224, 224)."
        )
    return sides


def not_traceable(model: nn.Module, error: Exception) -> NotTraceable:
    """The refusal for a network whose code `error` came from."""
    reason = _first_line(error)
    return NotTraceable(
        f"{type(model).__name__} cannot be traced, because its forward pass is not the same fixed "
        f"list of steps for every image of one size: {reason}"
    )


def still_lazy(model: nn.Module) -> NotTraceable:
    """The refusal for a network with lazy layers that have not seen an image yet."""
    return NotTraceable(
        f"{type(model).__name__} has lazy layers that do not know their sizes yet; run it once "
        "on an image, then trace it."
    )


def takes_more_inputs(model: nn.Module, names: Sequence[str]) -> NotTraceable:
    """The refusal for a network whose forward pass needs these arguments, not just an image."""
    listed = ", ".join(names) or "nothing"
    return NotTraceable(
        f"{type(model).__name__} takes {listed}; what can be traced is a network that takes one "
        "image and nothing else."
    )


def does_not_fit(
    name: str, kind: str, module: nn.Module | None, shapes: Sequence[Shape], error: Exception
) -> BadInput:
    """Why operation `name` cannot work on tensors of these shapes (without the batch axis)."""
    reason = _module_reason(module, shapes[0]) if module is not None and shapes else None
    if reason is None and len(shapes) > 1:
        given = " and ".join(shape_text(shape) for shape in shapes)
        reason = f"the maps that meet here are {given}, which do not go together"
    if reason is None:
        given = shape_text(shapes[0]) if shapes else "nothing"
        reason = f"this {kind} cannot take {given} ({_first_line(error)})"
    return BadInput(f"{name}: {reason}.")


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__


def _module_reason(module: nn.Module, shape: Shape) -> str | None:
    channels = getattr(module, "in_channels", None) or getattr(module, "num_features", None)
    if isinstance(channels, int) and shape[0] != channels:
        return f"it takes {channels} channels and is given {shape[0]}"
    if isinstance(module, nn.Linear) and shape[-1] != module.in_features:
        return (
            f"it takes {module.in_features} values and is given {shape[-1]}; this network needs "
            "another input size"
        )
    return _window_reason(module, shape)


def _window_reason(module: nn.Module, shape: Shape) -> str | None:
    kernel = getattr(module, "kernel_size", None)
    if kernel is None or len(shape) < 2:
        return None
    axes = len(shape) - 1
    sides = (kernel,) * axes if isinstance(kernel, int) else tuple(kernel)
    if len(sides) != axes:
        return f"it takes maps with {len(sides)} spatial axes and is given {shape_text(shape)}"
    here = "×".join(str(side) for side in shape[1:])
    window = "×".join(str(side) for side in sides)
    return f"the map is {here} here, its {window} window does not fit; try a larger input"
