"""From a module to its records: torch.fx gives the graph, meta tensors give the shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import fx, nn

from analysis.structure import geometry, receptive_field
from analysis.structure.counting import Recorder
from analysis.structure.fields import Field, hull, of_input
from analysis.structure.kinds import function_name, kind_of, pooled_to_one
from analysis.structure.operations import Operation, Shape
from analysis.structure.refusals import check_input_shape, does_not_fit
from analysis.structure.symbolic import dtype_of, path_of, symbolic

INPUT = "input"


def record(model: nn.Module, input_shape: tuple[int, ...]) -> tuple[Operation, ...]:
    """All operations of the forward pass of one image, in the order in which they run.

    Args:
        model: any network that torch.fx can trace in evaluation mode; it is only read.
        input_shape: (channels, height, width), or another number of spatial axes.

    Raises:
        NotTraceable: if the forward pass is no fixed graph of one image.
        BadInput: if the network cannot take this shape.
    """
    return tuple(_walked(model, input_shape).operations)


def named_steps(model: nn.Module, input_shape: tuple[int, ...]) -> tuple[fx.Graph, dict[str, str]]:
    """The forward pass as torch.fx has it, and the fx node of each operation, by its name.

    For who has to run a network up to an operation. Raises what `record` raises.
    """
    walk = _walked(model, input_shape)
    return walk.steps, walk.nodes


def _walked(model: nn.Module, input_shape: tuple[int, ...]) -> _Walk:
    shape = check_input_shape(input_shape)
    with torch.device("meta"), torch.no_grad():
        twin, steps = symbolic(model)
        image = torch.empty(1, *shape, dtype=dtype_of(twin))
        with Recorder() as recorder:
            walk = _Walk(twin, steps, recorder)
            walk.run(image)
    return walk


@dataclass
class _Origin:
    """Where the value of an fx node comes from.

    `producers` are the operations (none for what does not depend on the image), `seen` is its
    receptive field, `pending` the parameters that were read as attributes on the way and wait
    for the operation that uses them.
    """

    producers: tuple[str, ...] = ()
    seen: Field | None = None
    pending: list[nn.Parameter] = field(default_factory=list)


class _Walk(fx.Interpreter):
    """Runs the graph node by node and writes a record for each that makes a tensor."""

    def __init__(self, module: nn.Module, steps: fx.Graph, recorder: Recorder) -> None:
        super().__init__(module, garbage_collect_values=False, graph=steps)
        self.extra_traceback = False
        self.steps = steps
        self.recorder = recorder
        self.operations: list[Operation] = []
        self.origins: dict[fx.Node, _Origin] = {}
        self.counted: set[int] = set()
        self.taken: dict[str, int] = {INPUT: 1}
        self.nodes: dict[str, str] = {}

    def run_node(self, n: fx.Node) -> Any:
        if n.op in ("call_module", "call_function", "call_method"):
            return self._call(n)
        value = super().run_node(n)
        self.origins[n] = _Origin()
        if n.op == "placeholder" and isinstance(value, torch.Tensor):
            self.origins[n] = _Origin((INPUT,), of_input(tuple(value.shape[1:])))
        elif n.op == "get_attr" and isinstance(value, nn.Parameter):
            self.origins[n] = _Origin(pending=[value])
        return value

    def _call(self, n: fx.Node) -> Any:
        module = self.fetch_attr(str(n.target)) if n.op == "call_module" else None
        data = [node for node in n.all_input_nodes if self.origins[node].producers]
        shapes = tuple(shape for node in data for shape in _shapes(self.env[node]))
        value = self._run(n, module, shapes)
        pending = [p for node in n.all_input_nodes for p in self.origins[node].pending]
        outputs = tuple(_shapes(value))
        if not data or not outputs:  # made from weights alone, or a size
            self.origins[n] = _Origin(pending=pending)
        elif _picks_one_of_several(n, self.env):
            self.origins[n] = self.origins[data[0]]
        else:
            used = [*pending, *(module.parameters() if module is not None else ())]
            self._record(n, module, [self.origins[node] for node in data], shapes, outputs, used)
        return value

    def _run(self, n: fx.Node, module: nn.Module | None, shapes: tuple[Shape, ...]) -> Any:
        self.recorder.calls = []
        try:
            value = super().run_node(n)
        except Exception as error:  # torch gives its reasons as several exception types
            raise does_not_fit(path_of(n), kind_of(n, module), module, shapes, error) from None
        if any(0 in shape for shape in _shapes(value)):
            empty = ValueError("nothing would be left of it")
            raise does_not_fit(path_of(n), kind_of(n, module), module, shapes, empty)
        return value

    def _record(
        self,
        n: fx.Node,
        module: nn.Module | None,
        origins: list[_Origin],
        shapes: tuple[Shape, ...],
        outputs: tuple[Shape, ...],
        used: list[nn.Parameter],
    ) -> None:
        calls, kind, name = self.recorder.calls, kind_of(n, module), self._unique(path_of(n))
        before = _meet([origin.seen for origin in origins])
        after = before and receptive_field.through(kind, before, calls, outputs[0])
        params = self._first_use(used)
        axes = len(before.spans) if before else max(0, len(shapes[0]) - 1)
        window: dict[str, Any] = geometry.fields_of(kind, calls, axes)
        if kind == "linear":
            window = {"bias": any(p.ndim == 1 for p in used)}
        self.operations.append(
            Operation(
                name=name,
                kind=pooled_to_one(kind) if after and not after.is_local else kind,
                inputs=tuple(dict.fromkeys(p for o in origins for p in o.producers)),
                input_shapes=shapes,
                output_shape=outputs[0],
                params=sum(p.numel() for p in params),
                param_shapes=tuple(tuple(p.shape) for p in params),
                macs=sum(call.macs for call in calls),
                activations=_written(outputs) if any(call.writes for call in calls) else 0,
                receptive_field=after and after.public(),
                input_field=before and before.public(),
                **window,
            )
        )
        self.origins[n] = _Origin((name,), after)
        self.nodes[name] = n.name

    def _first_use(self, parameters: list[nn.Parameter]) -> list[nn.Parameter]:
        """Those that train and were not counted before."""
        fresh = [p for p in dict.fromkeys(parameters) if id(p) not in self.counted]
        self.counted.update(id(p) for p in fresh)
        return [p for p in fresh if p.requires_grad]

    def _unique(self, path: str) -> str:
        """The path, and from its second use on with a number: "relu", "relu#2"."""
        self.taken[path] = self.taken.get(path, 0) + 1
        return path if self.taken[path] == 1 else f"{path}#{self.taken[path]}"


def _shapes(value: Any) -> Iterator[Shape]:
    """Shapes without the batch axis of the tensor, or of all tensors in a list of them."""
    if isinstance(value, torch.Tensor):
        yield tuple(value.shape[1:])
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from _shapes(item)


def _picks_one_of_several(n: fx.Node, env: dict[fx.Node, Any]) -> bool:
    """`parts[0]` after `parts = x.chunk(2)`: the parts are recorded with the chunk."""
    source = n.args[0] if n.args else None
    return (
        function_name(n.target) == "getitem"
        and isinstance(source, fx.Node)
        and not isinstance(env[source], torch.Tensor)
    )


def _meet(seen: list[Field | None]) -> Field | None:
    known = [field for field in seen if field is not None]
    return hull(known) if known and len(known) == len(seen) else None


def _written(outputs: tuple[Shape, ...]) -> int:
    total = 0
    for shape in outputs:
        sides = torch.Size(shape)
        total += sides.numel()
    return total
