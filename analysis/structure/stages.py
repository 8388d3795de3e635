"""Which stage of the network an operation belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from analysis.structure.graph import Graph


def groups_by_stage(graph: Graph, stages: Sequence[str]) -> dict[str, str]:
    """The group of each operation, by name.

    The group of an operation in a stage is the stage. Operations between two stages form a group
    that is named after them: "avgpool", "avgpool, flatten" or "pool1 … conv2". A stage that is one
    operation, such as the ReLU after the first convolution of a ResNet, takes in what comes before
    it if it is the first. Without stages each part of the network's top level is one.
    """
    names = [op.name for op in graph.operations]
    chosen = stages or tuple(dict.fromkeys(name.split(".")[0] for name in names))
    stage_of = {name: _stage(name, chosen) for name in names}
    groups: dict[str, str] = {}
    for stage, run in groupby(names, key=stage_of.__getitem__):
        held = list(run)
        group = stage or _name_of_run(held, names)
        groups |= dict.fromkeys(held, group)
    return _with_stem(names, stage_of, groups)


def _stage(name: str, stages: Sequence[str]) -> str | None:
    holding = [s for s in stages if name == s or name.startswith((f"{s}.", f"{s}#"))]
    return max(holding, key=len, default=None)


def _with_stem(
    names: list[str], stage_of: dict[str, str | None], groups: dict[str, str]
) -> dict[str, str]:
    first = next((i for i, name in enumerate(names) if stage_of[name]), 0)
    stage = stage_of[names[first]] if names else None
    if first == 0 or list(stage_of.values()).count(stage) > 1:
        return groups
    stem = names[: first + 1]
    return groups | dict.fromkeys(stem, _name_of_run(stem, names))


def _name_of_run(run: list[str], names: list[str]) -> str:
    """The module that these operations fill, else the modules that they come from."""
    paths = [name.split(".") for name in run]
    depth = 0
    while len({path[depth] for path in paths if len(path) > depth}) == 1 and all(
        len(path) > depth + 1 for path in paths
    ):
        depth += 1
    tops = list(dict.fromkeys(path[depth] for path in paths))
    shared = ".".join(paths[0][:depth])
    if shared and sum(name.startswith(f"{shared}.") for name in names) == len(run) > 1:
        return shared
    listed = ", ".join(tops) if len(tops) <= 2 else f"{tops[0]} … {tops[-1]}"
    return f"{shared}.{listed}" if shared else listed
