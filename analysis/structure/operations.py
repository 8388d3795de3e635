"""The records of a traced network: plain numbers, no tensors, no modules."""

from __future__ import annotations

from dataclasses import dataclass

Shape = tuple[int, ...]

FLOAT32_BYTES = 4


@dataclass(frozen=True)
class ReceptiveField:
    """What one value of a map sees of the input, per spatial axis, in input pixels.

    `size` is the side of the window, `stride` the step from one value's window to the next,
    `padding` how far the first window begins before the input's edge. Where branches meet, the
    window is the smallest that holds the windows of all of them.

    `is_global`: something has mixed in the whole map (global pooling, a linear layer over a
    flattened map, a gate computed from them). `is_local` is False once nothing but that is left;
    `size` is then the union of the windows of the whole map. A map that is multiplied by a
    squeeze-and-excitation gate is both: it keeps its window, and every value of it knows a
    summary of everything.
    """

    size: Shape
    stride: Shape
    padding: Shape
    is_global: bool
    is_local: bool = True


@dataclass(frozen=True)
class Operation:
    """One step of the forward pass of one image, in evaluation mode.

    Shapes are without the batch axis. `inputs` names the producers ("input" is the network's
    own). `kernel`, `stride`, `padding` and `dilation` have one entry a spatial axis and are None
    where they make no sense; `padding_after` is set only where it differs from `padding`.
    `params` counts trainable parameters, each in the first operation that uses it, and
    `param_shapes` lists their tensors. `macs` are multiply-adds. `activations` counts the values
    written to new memory: 0 for a view, for work in place and for what does nothing in
    evaluation, such as dropout. `input_field` is the receptive field before the operation.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    input_shapes: tuple[Shape, ...]
    output_shape: Shape
    kernel: Shape | None = None
    stride: Shape | None = None
    padding: Shape | None = None
    dilation: Shape | None = None
    padding_after: Shape | None = None
    ceil_mode: bool = False
    groups: int = 1
    bias: bool = False
    params: int = 0
    param_shapes: tuple[Shape, ...] = ()
    macs: int = 0
    activations: int = 0
    receptive_field: ReceptiveField | None = None
    input_field: ReceptiveField | None = None

    @property
    def activation_bytes(self) -> int:
        """Bytes of the values written, in float32."""
        return self.activations * FLOAT32_BYTES


@dataclass(frozen=True)
class Totals:
    """Sums over all operations: trainable parameters, multiply-adds, values and bytes written."""

    params: int
    macs: int
    activations: int
    activation_bytes: int
