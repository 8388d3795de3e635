"""The ledger of a network: what is printed, what is built here, what its weights' owner built.

Everything that is built is counted from its graph or from its tensors, at the size of image that
it is for; what is printed comes from the spec. Differences that arithmetic can explain are
explained by it, the others by the spec's departures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch

import cnn_models
from analysis.structure import graph
from analysis.structure.graph import Graph
from analysis.structure.printed import Printed, parsed
from cnn_models.spec import ModelSpec, PublicWeights, Published

QUANTITIES = ("parameters", "multiply-adds", "top-1 error", "top-5 error", "test error")
_BOUND = "less than"  # begins a figure that is no count
_TOPICS = (*QUANTITIES[:2], "public weights", "departure", *QUANTITIES[2:])


@dataclass(frozen=True)
class Entry:
    """A figure, and how it was got."""

    value: str
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One quantity: as printed, as built here, and as its weights' owner has it."""

    quantity: str
    paper: tuple[Entry, ...]
    here: tuple[Entry, ...]
    owner: tuple[Entry, ...]


@dataclass(frozen=True)
class Remark:
    """A difference in one sentence, under the topic that it is about."""

    topic: str
    sentence: str


@dataclass(frozen=True)
class Ledger:
    """`owner` says who publishes weights, and of which network; None if nobody does.

    `remarks` stand in the order of their topics: counts, public weights, departures, errors.
    """

    owner: str | None
    rows: tuple[Row, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class _Owned:
    """What an owner built: the spec of that network, its file, the file's count, its graph."""

    spec: ModelSpec
    weights: PublicWeights
    params: int
    graph: Graph

    @property
    def crop(self) -> int:
        return self.weights.preprocessing.crop


def ledger(key: str, built: Graph) -> Ledger:
    """The ledger of network `key`, whose graph at the size of its paper is `built`.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    spec = cnn_models.spec(key)
    owned = _owned(spec, built)
    rows = [*_input(spec, owned), *(_row(q, spec, built, owned) for q in QUANTITIES)]
    return Ledger(
        _owner(spec, owned),
        tuple(row for row in rows if row.paper or row.here or row.owner),
        tuple(sorted(_remarks(spec, built, owned), key=lambda remark: _TOPICS.index(remark.topic))),
    )


def _owned(spec: ModelSpec, built: Graph) -> _Owned | None:
    entry = cnn_models.spec(spec.public_version) if spec.public_version else spec
    if not entry.weights:
        return None
    weights = entry.weights[0]
    with torch.device("meta"):
        network = cnn_models.build(entry.key, **weights.options)
    params = sum(p.numel() for p in network.parameters() if p.requires_grad)
    crop = weights.preprocessing.crop
    size = (entry.input_shape[0], crop, crop)
    as_built = entry is spec and not weights.options and size == built.input_shape
    return _Owned(entry, weights, params, built if as_built else graph.trace(network, size))


def _owner(spec: ModelSpec, owned: _Owned | None) -> str | None:
    if owned is None:
        return None
    of = "" if owned.spec is spec else f", of {owned.spec.display_name}"
    return f"{owned.weights.source}{of}"


def _input(spec: ModelSpec, owned: _Owned | None) -> Iterator[Row]:
    """The size of the images, where an owner's is another one."""
    here = f"{spec.input_shape[1]} × {spec.input_shape[2]}"
    crops = {w.preprocessing.crop: w for w in owned.spec.weights} if owned else {}
    owners = [f"{crop} × {crop}" for crop in crops]
    if set(owners) - {here}:
        yield Row("input (pixels)", (), (Entry(here),), tuple(map(Entry, owners)))


def _row(quantity: str, spec: ModelSpec, built: Graph, owned: _Owned | None) -> Row:
    owner = tuple(_owners_entries(quantity, owned))
    known = {entry.value for entry in owner}  # a release's figures stand with its weights
    printed = (
        Entry(figure.value, f"{figure.protocol} ({figure.source})")
        for figure in spec.published
        if figure.quantity == quantity and not (_is_release(figure) and figure.value in known)
    )
    return Row(quantity, tuple(printed), tuple(_counted(quantity, built)), owner)


def _is_release(figure: Published) -> bool:
    """Whether a figure is from those who published weights or code, not from the paper."""
    return "release" in figure.source


def _counted(quantity: str, built: Graph) -> Iterator[Entry]:
    if quantity == "parameters":
        yield Entry(f"{built.totals().params:,}")
    if quantity == "multiply-adds":
        yield Entry(f"{built.totals().macs:,}")


def _owners_entries(quantity: str, owned: _Owned | None) -> Iterator[Entry]:
    if owned is None:
        return
    options = ", ".join(f"{name}={value}" for name, value in owned.weights.options.items())
    if quantity == "parameters":
        yield Entry(f"{owned.params:,}", f"built with {options}" if options else "")
    if quantity == "multiply-adds":
        yield Entry(f"{owned.graph.totals().macs:,}", f"at {owned.crop} × {owned.crop} pixels")
    if quantity in ("top-1 error", "top-5 error"):
        for weights in owned.spec.weights:
            accuracy = weights.top1 if quantity == "top-1 error" else weights.top5
            yield Entry(_error(accuracy), f"{weights.name}: {protocol_of(weights)}")


def _error(accuracy: float) -> str:
    """100% less the accuracy, to as many digits."""
    return f"{round(100 - accuracy, 3):g}%"


def protocol_of(weights: PublicWeights) -> str:
    """How the owner of public weights measured the accuracy that they state."""
    done = weights.preprocessing
    return f"one centre crop of {done.crop} pixels, shorter side resized to {done.resize}"


def _remarks(spec: ModelSpec, built: Graph, owned: _Owned | None) -> Iterator[Remark]:
    for figure in spec.published:
        told = any(figure.value in departure for departure in spec.departures)
        sentence = _against(figure, built, told)
        if sentence:
            yield Remark(figure.quantity, sentence)
    yield from _about_owner(spec, built, owned)
    yield from (Remark("departure", departure) for departure in spec.departures)


def _against(figure: Published, built: Graph, told: bool) -> str:
    """A printed count against ours; empty for what is no count, or is told by a departure."""
    printed = parsed(figure.value)
    if printed is None or not printed.value:
        return ""
    if figure.value.startswith(_BOUND):
        return _against_bound(figure, printed, built)
    if figure.quantity == "parameters":
        return _against_count(figure, printed, built.totals().params, told)
    if figure.quantity != "multiply-adds":
        return ""
    if "convolutions only" not in figure.protocol:
        return _against_macs(figure, printed, built.totals().macs, told)
    convolved = sum(op.macs for op in built.operations if op.kind == "convolution")
    return _against_macs(figure, printed, convolved, told, of=" in the convolutions")


def _against_bound(figure: Published, printed: Printed, built: Graph) -> str:
    counts = {"parameters": built.totals().params, "multiply-adds": built.totals().macs}
    if figure.quantity not in counts:
        return ""
    count = counts[figure.quantity]
    verdict = "which holds" if count < printed.value else "which does not hold"
    return f"{_prints(figure)}, {verdict}: {count:,} are built."


def _against_count(figure: Published, printed: Printed, built: int, told: bool) -> str:
    reason = _digits(printed, built)
    if reason is not None:
        return f"The printed {figure.value} ({figure.source}) is {built:,}{reason}."
    return "" if told else f"{_prints(figure)}; {built:,} are built, {_apart(built, printed)}."


def _against_macs(figure: Published, printed: Printed, macs: int, told: bool, of: str = "") -> str:
    """Which of the two conventions a printed count follows, and how near it comes."""
    once, twice = _digits(printed, macs), _digits(printed, 2 * macs)
    counted, is_budget = f"{macs:,} multiply-adds{of}", "budget" in figure.protocol
    if once is not None and not is_budget:
        if "FLOP" not in figure.protocol:
            return f"The printed {figure.value} ({figure.source}) is {counted}{once}."
        return (
            f"The printed {figure.value} ({figure.source}) is called FLOPs, but it is {counted}"
            f"{once}; with multiplications and additions counted apart it would be twice that."
        )
    if twice is not None or abs(printed.value / (2 * macs) - 1) < abs(printed.value / macs - 1):
        return (
            f"{_prints(figure)}, with multiplications and additions counted apart: half of it is "
            f"{printed.value / 2:,.0f}; {counted} are built, {_apart(2 * macs, printed)}."
        )
    return "" if told else f"{_prints(figure)}; {counted} are built, {_apart(macs, printed)}."


def _digits(printed: Printed, exact: int) -> str | None:
    """How `exact` becomes the printed number: to the digit, rounded, or cut off; else None."""
    if exact == printed.value:
        return ", to the digit"
    if printed.rounds(exact):
        return ", rounded"
    return ", cut off instead of rounded" if printed.truncates(exact) else None


def _prints(figure: Published) -> str:
    source = figure.source if figure.source[:1].isupper() else f"The {figure.source}"
    return f"{source} prints {figure.value}"


def _apart(built: float, printed: Printed) -> str:
    share = built / printed.value - 1
    return f"{abs(share):.1%} {'more' if share > 0 else 'fewer'}"


def _about_owner(spec: ModelSpec, built: Graph, owned: _Owned | None) -> Iterator[Remark]:
    remark = partial(Remark, "public weights")
    if owned is None:
        return
    inside, macs = owned.graph.totals().params, owned.graph.totals().macs
    if owned.spec is not spec:
        yield remark(
            f"They belong to {owned.spec.display_name}, a network of its own in this atlas, with "
            f"{_more(inside, built.totals().params, 'parameters')} and "
            f"{_more(macs, built.totals().macs, 'multiply-adds')}."
        )
        yield from (remark(departure) for departure in owned.spec.departures)
    if owned.params != inside:
        yield remark(
            f"Of the {owned.params:,} parameters in the file {owned.params - inside:,} belong to "
            "auxiliary classifiers, which answer in training only."
        )
    if owned.crop != owned.spec.input_shape[-1]:
        yield remark(
            f"Their owner measures at {owned.crop} × {owned.crop} pixels, which takes "
            f"{_more(macs, built.totals().macs, 'multiply-adds')} than the paper's size."
        )
    yield from _measured_alike(spec, owned)


def _more(count: int, than: int, what: str) -> str:
    share = count / than - 1
    if not share:
        return f"as many {what}"
    return f"{abs(share):.1%} {'more' if share > 0 else 'fewer'} {what}"


def _measured_alike(spec: ModelSpec, owned: _Owned) -> Iterator[Remark]:
    """Whether the first printed error and the owner's come from the same way of measuring."""
    own = {_error(weights.top1) for weights in owned.spec.weights}
    own |= {_error(weights.top5) for weights in owned.spec.weights}
    figures = [f for f in spec.published if f.quantity.startswith("top-") and f.value not in own]
    if not figures:
        return
    figure = next((f for f in figures if is_one_crop(f.protocol)), figures[0])
    accuracy = owned.weights.top1 if figure.quantity == "top-1 error" else owned.weights.top5
    theirs = f"the {_error(accuracy)} of {owned.weights.name}"
    yield Remark(
        figure.quantity,
        f"The printed {figure.value} and {theirs} both look at one crop, so they can be compared."
        if is_one_crop(figure.protocol)
        else f"The printed {figure.value} ({figure.protocol}) and {theirs} (one crop) are measured "
        "in different ways, so they cannot be compared.",
    )


def is_one_crop(protocol: str) -> bool:
    """Whether a protocol is that of one network and one crop of every validation image."""
    one = re.search(r"\b(single|one|1)[ -](centre |center |\d+ × \d+ )?crop", protocol)
    other = re.search(r"\b(multi|dense|average|models|blacklisted)", protocol)
    return one is not None and other is None
