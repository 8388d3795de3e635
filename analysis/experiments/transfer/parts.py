"""A network in the parts that can be trained or left alone: its stages, and the head behind them.

The parts are read from the graph: stage by stage as the spec names them, each with the layers that
come before it and belong to no stage. The head is the last layer that has weights.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import nn

import cnn_models
from analysis.experiments.training import TrainingError
from analysis.structure import graph
from analysis.structure.graph import Graph
from analysis.structure.stages import groups_by_stage

ALL = -1  # every part is trained


@dataclass(frozen=True)
class Parts:
    """`head` is the module that gives one score a class.

    `stages` are the other modules with weights of their own, by the stage that they belong to,
    from the input to the output.
    """

    head: str
    stages: dict[str, tuple[str, ...]]

    def trained(self, unfrozen: int) -> set[str]:
        """The modules that learn: the head, and those of the last `unfrozen` stages.

        Raises:
            TrainingError: if there are not so many stages.
        """
        if not 0 <= unfrozen <= len(self.stages):
            raise TrainingError(
                f"{unfrozen} stages cannot be trained; there are {len(self.stages)} before the "
                f"last layer: {', '.join(self.stages)}. 0 trains the last layer alone."
            )
        last = list(self.stages.values())[len(self.stages) - unfrozen :]
        return {self.head, *(module for modules in last for module in modules)}


def of_key(key: str) -> Parts:
    """The parts of a network of the catalogue, without its weights.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    spec = cnn_models.spec(key)
    with torch.device("meta"):
        model = spec.build()
    return parts(model, spec.stages, spec.input_shape)


def parts(model: nn.Module, stages: Iterable[str], input_shape: tuple[int, ...]) -> Parts:
    """Read the parts off the graph of `model` for one image of (channels, height, width).

    Raises:
        NotTraceable, BadInput: as `graph.trace`.
    """
    traced = graph.trace(model, input_shape)
    groups = groups_by_stage(traced, tuple(stages))
    head = _head(model, traced)
    found: dict[str, list[str]] = {}
    for module in _with_weights(model):
        first = next((op.name for op in traced.operations if _is_in(op.name, module)), None)
        if first is not None and module != head:
            found.setdefault(groups[first], []).append(module)
    order = dict.fromkeys(groups.values())
    return Parts(head, {group: tuple(found[group]) for group in order if group in found})


def _head(model: nn.Module, traced: Graph) -> str:
    modules = dict(model.named_modules())
    paths = [op.name.partition("#")[0] for op in traced.operations if op.params]
    return next(path for path in reversed(paths) if path in modules)


def _with_weights(model: nn.Module) -> list[str]:
    """Modules that have parameters or buffers of their own."""
    return [
        name
        for name, module in model.named_modules()
        if [*module.parameters(recurse=False), *module.buffers(recurse=False)]
    ]


def _is_in(operation: str, module: str) -> bool:
    return operation == module or operation.startswith((f"{module}.", f"{module}#"))


def freeze(model: nn.Module, trained: set[str]) -> None:
    """Leave only the parameters of the modules named in `trained` to learn.

    `training.fit` keeps every module in evaluation mode whose parameters are all left alone, so
    that its running means do not move either.
    """
    for name, module in model.named_modules():
        for parameter in module.parameters(recurse=False):
            parameter.requires_grad_(name in trained)
