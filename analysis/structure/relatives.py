"""The networks of one family: which of them stand in one table, and what sets them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

import cnn_models
from analysis.amounts import listed, short
from analysis.structure.depths import depth
from analysis.structure.graph import Graph
from analysis.structure.ledger import is_one_crop
from analysis.structure.notation import sides
from cnn_models import registry
from cnn_models.spec import Published

FAMILY_NAMES = {
    "lenet": "LeNet",
    "alexnet": "AlexNet",
    "vgg": "VGG",
    "inception": "Inception",
    "resnet": "ResNet",
    "wide_resnet": "Wide ResNet",
    "resnext": "ResNeXt",
    "densenet": "DenseNet",
    "fractalnet": "FractalNet",
    "squeezenet": "SqueezeNet",
    "mobilenet": "MobileNet",
    "shufflenet": "ShuffleNet",
    "senet": "SENet",
    "nasnet": "Architecture search",
    "after_2017": "After 2017",
}

_ERRORS = ("top-1 error", "top-5 error", "test error")


@dataclass(frozen=True)
class Relatives:
    """Networks of one family that fit in one table; `name` is for addresses, `title` to read."""

    name: str
    title: str
    keys: tuple[str, ...]


def relatives(family: str, found: str = "") -> tuple[Relatives, ...]:
    """The tables of a family, in teaching order.

    Networks stand in one table if one file has them, for as many classes, and they have most of
    their stages in common. A network that a search `found` is in no list of its family, and has a
    table of its own.

    Raises:
        UnknownModel: if no family has this name, or there is no network `found`.
    """
    tables: list[list[str]] = []
    for key in dict.fromkeys([*cnn_models.names(family), *filter(None, [found])]):
        held = next((table for table in tables if _fit(table[0], key)), None)
        if held is None:
            tables.append([key])
        else:
            held.append(key)
    kinds = Counter(_kind(table[0]) for table in tables)
    files = Counter(_kind(table[0])[0] for table in tables)
    titles = _titles([table[0] for table in tables])
    return tuple(
        Relatives(_name(table[0], kinds, files), title, tuple(table))
        for table, title in zip(tables, titles, strict=True)
    )


def _kind(key: str) -> tuple[str, int]:
    return registry.file_of(key), cnn_models.spec(key).num_classes


def _fit(one: str, other: str) -> bool:
    first, second = set(cnn_models.spec(one).stages), set(cnn_models.spec(other).stages)
    return _kind(one) == _kind(other) and 2 * len(first & second) > len(first | second)


def _name(first: str, kinds: Mapping[tuple[str, int], int], files: Mapping[str, int]) -> str:
    """The file, with the number of classes or as the key of the first network if need be."""
    file, classes = _kind(first)
    if kinds[file, classes] > 1:
        return first
    return f"{file}_{classes}" if files[file] > 1 else file


def _titles(firsts: Sequence[str]) -> list[str]:
    """The paper of each table, with the classes or the first network where a paper has several."""
    specs = [cnn_models.spec(key) for key in firsts]
    papers = Counter(spec.paper.title for spec in specs)
    classes = Counter((spec.paper.title, spec.num_classes) for spec in specs)
    titles = []
    for spec in specs:
        paper = spec.paper.title
        several = classes[paper, spec.num_classes] > 1
        told_apart = spec.display_name if several else f"{spec.num_classes} classes"
        titles.append(f"{told_apart}: {paper}" if papers[paper] > 1 else paper)
    return titles


def figures(graphs: Mapping[str, Graph]) -> pd.DataFrame:
    """One row a network, in the order of `graphs`, whose keys are those of the registry.

    Columns: "network", "layers" (with weights, on the longest path), "parameters",
    "multiply-adds", one for each error that any of their papers prints ("top-1 error" …, text as
    printed), and "measured" (the protocol and the source of these). Of several ways of measuring,
    the one with a single crop is taken, else the first.
    """
    rows = [_figures_of(key, graph) for key, graph in graphs.items()]
    held = [name for name in (*_ERRORS, "measured") if any(name in row for row in rows)]
    columns = ["network", "layers", "parameters", "multiply-adds", *held]
    return pd.DataFrame(rows, columns=columns).fillna("")


def measured_alike(rows: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """`figures` without "measured" where all errors are measured in one way, and that way."""
    ways = set(rows["measured"]) - {""} if "measured" in rows else set()
    return (rows.drop(columns="measured"), ways.pop()) if len(ways) == 1 else (rows, "")


def _figures_of(key: str, graph: Graph) -> dict[str, object]:
    spec, totals = cnn_models.spec(key), graph.totals()
    row: dict[str, object] = {
        "network": spec.display_name,
        "layers": depth(graph),
        "parameters": totals.params,
        "multiply-adds": totals.macs,
    }
    errors = [figure for figure in spec.published if figure.quantity in _ERRORS]
    if errors:
        shown = min(errors, key=_complexity)
        row |= {f.quantity: f.value for f in errors if _protocol(f) == _protocol(shown)}
        row["measured"] = f"{shown.protocol} ({shown.source})"
    return row


def _protocol(figure: Published) -> tuple[str, str]:
    return figure.protocol, figure.source


def _complexity(figure: Published) -> tuple[bool, bool]:
    """Sorts the paper's own figures before others, and one crop before several."""
    return "release" in figure.source, not is_one_crop(figure.protocol)


def growth(rows: pd.DataFrame) -> str:
    """The cheapest and the costliest network of `figures`, in one sentence."""
    if len(rows) < 2:
        return f"{rows['network'].iloc[0]} stands alone in its table."
    ranked = rows.sort_values("multiply-adds", kind="stable").to_dict("records")
    small, most = ranked[0], ranked[-1]["multiply-adds"]
    large = next(row for row in ranked if row["multiply-adds"] == most)
    return (
        f"The cheapest is {small['network']}, with {short(small['multiply-adds'])} multiply-adds "
        f"in {small['layers']:,} layers; the costliest is {large['network']}, with "
        f"{_factor(most / small['multiply-adds'])} times the multiply-adds and "
        f"{_factor(large['parameters'] / small['parameters'])} times the parameters in "
        f"{large['layers']:,} layers."
    )


def _factor(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def told_apart(alike: Sequence[str], graphs: Mapping[str, Graph]) -> Iterator[str]:
    """What sets networks apart whose layers are the same, one sentence for each but the first."""
    if len(alike) < 2:
        return
    first, *others = alike
    ours, base = _features(graphs[first]), cnn_models.spec(first).display_name
    for other in others:
        theirs, name = _features(graphs[other]), cnn_models.spec(other).display_name
        facts = [f"{f} ({theirs[f]}, not {ours[f]})" for f in ours if ours[f] != theirs[f]]
        but = f"; it differs in {listed(facts)}" if facts else ""
        yield f"{name} has the layers of {base}{but}."


def _features(graph: Graph) -> dict[str, str]:
    """What tables of configurations leave out, in words."""
    joins = Counter(op.kind for op in graph.operations if len(op.inputs) > 1)
    strided = Counter(
        sides(op.kernel)
        for op in graph.operations
        if op.kind == "convolution" and op.kernel and max(op.stride or (1,)) > 1
    )
    steps = [f"{number} of {kernel}" for kernel, number in strided.items()]
    return {
        "additions": f"{joins['addition']:,}",
        "batch norms": f"{sum(op.kind == 'batch norm' for op in graph.operations):,}",
        "convolutions with a stride": listed(steps) if steps else "none",
    }
