"""Squeeze-and-excitation gates: put in, taken out, or with another reduction r."""

from __future__ import annotations

import torch
from torch import nn

import cnn_models
from analysis.amounts import counted
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import Gate, gates, leave_out, named, replace
from cnn_models.squeeze_excite import Gated, attach

REDUCTIONS = (2, 4, 8, 16, 32)  # Table 10 of the paper
NONE, OWN = "none", "own"


def _offer(network: Network) -> Offer | None:
    found = gates(network.model)
    present = _reduction(found) if found else NONE
    narrowest = min(_channels(found or gates(_gated(network.key))))
    fitting = {r for r in REDUCTIONS if r <= narrowest}
    if isinstance(present, int):
        fitting.add(present)
    values = (*([OWN] if present == OWN else []), NONE, *sorted(fitting))
    return Offer(
        decision="squeeze_excite",
        label="Channel attention",
        values=values,
        texts=tuple(map(_text, values)),
        present=present,
        sentence=(
            "The squeeze-and-excitation gates go, or reduce the channels by another r between "
            "their two layers. All other layers stay."
            if found
            else "Squeeze-and-excitation gates are put in, each with a reduction of r between its "
            "two layers. All other layers stay."
        ),
        telling=(NONE, 16),
    )


def _channels(found: dict[str, Gate]) -> list[int]:
    return [gate.fc1.in_channels for gate in found.values()]


def _gated(key: str) -> nn.Module:
    with torch.device("meta"):
        return attach(cnn_models.build(key), 1)


def _reduction(found: dict[str, Gate]) -> Value:
    """The r that all gates have; OWN where they differ."""
    sizes = {(gate.fc1.in_channels, gate.fc1.out_channels) for gate in found.values()}
    channels, squeezed = max(sizes)
    r = channels // squeezed
    return r if all(c // r == s for c, s in sizes) else OWN


def _text(value: Value) -> str:
    return {NONE: "no gates", OWN: "gates as published"}.get(str(value), f"gates with r = {value}")


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    found = gates(network.model)
    if isinstance(value, int) and not found:
        model = attach(network.model, value)
        places = counted(len(gates(model)), "gate")
        return model, f"{network.name} got {places} with r = {value}."
    for name, gate in found.items():
        if isinstance(value, int):
            _resize(network.model, name, gate, value)
        else:
            leave_out(network.model, name)
    for name, gated in named(network.model, Gated).items():
        if value == NONE:
            network.model.set_submodule(name, gated.layer)
    number = counted(len(found), "gate")
    done = f"now have r = {value}" if isinstance(value, int) else "were taken out"
    return network.model, f"The {number} of {network.name} {done}."


def _resize(model: nn.Module, name: str, gate: Gate, reduction: int) -> None:
    channels = gate.fc1.in_channels
    replace(model, f"{name}.fc1", nn.Conv2d(channels, channels // reduction, 1))
    replace(model, f"{name}.fc2", nn.Conv2d(channels // reduction, channels, 1))


SQUEEZE_EXCITE = Decision(
    absent="has no layer that a gate could follow",
    example="resnet50",
    offer=_offer,
    change=_change,
)
