"""One decision of one network made anew: what it costs before and after."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import torch
from torch import nn

import cnn_models
from analysis.amounts import listed
from analysis.structure import graph
from analysis.structure.decisions.bottleneck import BOTTLENECK_BLOCK
from analysis.structure.decisions.cardinality import CARDINALITY
from analysis.structure.decisions.change import Change, NotOffered, Offer, Row, Value
from analysis.structure.decisions.decision import NETWORKS_HELD, Decision, Network
from analysis.structure.decisions.dense import DENSE
from analysis.structure.decisions.fire import FIRE
from analysis.structure.decisions.head import HEAD
from analysis.structure.decisions.inception import INCEPTION
from analysis.structure.decisions.separable import SEPARABLE_CONVOLUTION
from analysis.structure.decisions.shuffle import SHUFFLE
from analysis.structure.decisions.squeeze_excite import SQUEEZE_EXCITE
from analysis.structure.operations import Shape, Totals
from analysis.structure.stages import groups_by_stage
from cnn_models.blocks.initialise import without_torch_defaults

# In the order in which the lectures meet them.
DECISIONS: Mapping[str, Decision] = {
    "inception": INCEPTION,
    "bottleneck": BOTTLENECK_BLOCK,
    "cardinality": CARDINALITY,
    "separable": SEPARABLE_CONVOLUTION,
    "fire": FIRE,
    "shuffle": SHUFFLE,
    "squeeze_excite": SQUEEZE_EXCITE,
    "dense": DENSE,
    "head": HEAD,
}


def offered(key: str) -> tuple[Offer, ...]:
    """The decisions that can be made anew in the network `key`.

    Raises:
        UnknownModel: if there is no such network.
    """
    return tuple(offer for d in DECISIONS if (offer := _offer(key, d)) is not None)


def offer_of(key: str, decision: str) -> Offer:
    """What `decision` can be in the network `key`.

    Raises:
        UnknownModel: if there is no such network.
        NotOffered: if there is no such decision, or none in this network; the message says why,
            and which decisions or networks would work.
    """
    spec = cnn_models.spec(key)
    if decision not in DECISIONS:
        known = listed(DECISIONS)
        raise NotOffered(f"There is no decision called {decision!r}; there are {known}.")
    found = _offer(key, decision)
    if found is None:
        rule = DECISIONS[decision]
        other = cnn_models.spec(rule.example).display_name
        raise NotOffered(f"{spec.display_name} {rule.absent}. Try {other}.")
    return found


def apply(key: str, decision: str, value: Value) -> Change:
    """The network `key` before and after `decision` becomes `value`, counted without weights.

    Raises:
        UnknownModel: if there is no such network.
        NotOffered: if the network has no such decision, or the decision no such value; the
            message says what it can be.
    """
    with torch.device("meta"):
        model, what = _changed(key, decision, value)
    before, after = Network(key).graph, graph.trace(model, cnn_models.spec(key).input_shape)
    return Change(
        key=key,
        decision=decision,
        value=value,
        present=offer_of(key, decision).present,
        what=what,
        before=before.totals(),
        after=after.totals(),
        fields=(_sides(before), _sides(after)),
        rows=_rows(before, after, cnn_models.spec(key).stages),
    )


def build_changed(key: str, decision: str, value: Value) -> nn.Module:
    """The network `key` with another decision, in training mode, on the current default device.

    Layers that stay start as `cnn_models.build` lets them; new ones start by He's rule.

    Raises:
        UnknownModel, NotOffered: as `apply`.
    """
    return _changed(key, decision, value)[0]


def _changed(key: str, decision: str, value: Value) -> tuple[nn.Module, str]:
    offer = offer_of(key, decision)
    offer.check(value)
    network = Network(key)
    if value == offer.present:
        return network.model, f"Nothing changes: this is how {network.name} is built."
    with without_torch_defaults():
        return DECISIONS[decision].change(network, value)


@lru_cache(maxsize=NETWORKS_HELD * len(DECISIONS))
def _offer(key: str, decision: str) -> Offer | None:
    with torch.device("meta"):
        return DECISIONS[decision].offer(Network(key))


def _sides(traced: graph.Graph) -> Shape:
    try:
        return traced.receptive_field().size
    except graph.NoReceptiveField:
        return ()


def _rows(before: graph.Graph, after: graph.Graph, stages: tuple[str, ...]) -> tuple[Row, ...]:
    """One for each stage, and for what lies between the stages; parts of one side stand last."""
    old, new = _by_part(before, stages), _by_part(after, stages)
    nothing = Totals(0, 0, 0, 0)
    parts = dict.fromkeys((*new, *old))
    return tuple(Row(part, old.get(part, nothing), new.get(part, nothing)) for part in parts)


def _by_part(traced: graph.Graph, stages: tuple[str, ...]) -> dict[str, Totals]:
    part_of = groups_by_stage(traced, stages)
    held: dict[str, list[graph.Operation]] = {}
    for op in traced.operations:
        held.setdefault(part_of[op.name], []).append(op)
    return {
        part: graph.Graph(part, traced.input_shape, tuple(operations)).totals()
        for part, operations in held.items()
    }
