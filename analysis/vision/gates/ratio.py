"""What the gates of a network cost, with the reduction ratio r that it has and with others.

A gate of C channels takes them to C // r values and back: 2·C·(C // r) weights and as many
multiply-adds, since the small layers work once an image, and C + C // r biases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.vision.gates.places import Gate

REDUCTIONS = (2, 4, 8, 16, 32, 64)
OWN = "as built"


@dataclass(frozen=True)
class RatioCost:
    """The cost of all gates together; `own` says that the network is built so.

    `params` and `macs` are of the gates, `rest_params` and `rest_macs` of everything else.
    """

    label: str
    params: int
    macs: int
    rest_params: int
    rest_macs: int
    own: bool

    def amount(self, quantity: str) -> int:
        """Of the gates, by "params" or "macs"."""
        return self.params if quantity == "params" else self.macs

    def rest(self, quantity: str) -> int:
        """Of everything else, by "params" or "macs"."""
        return self.rest_params if quantity == "params" else self.rest_macs


def ratio_costs(gates: Sequence[Gate], params: int, macs: int) -> tuple[RatioCost, ...]:
    """The gates with every r that leaves the narrowest gate a value, the smallest r first.

    Args:
        gates: of one network.
        params: trainable parameters of the whole network as it is.
        macs: multiply-adds of the whole network as it is.

    Returns:
        One row a ratio. Where the network has none of these, or not the same in all gates, a row
        called "as built" comes first.
    """
    has = [(gate.channels, gate.squeezed) for gate in gates]
    own_params, own_macs = _params(gates, has), _macs(has)
    rest = (params - own_params, macs - own_macs)
    rows = []
    present = reduction(gates)
    if present is None:
        rows.append(RatioCost(OWN, own_params, own_macs, *rest, own=True))
    for r in _offered(present, min(channels for channels, _ in has)):
        sizes = [(channels, channels // r) for channels, _ in has]
        rows.append(RatioCost(f"r = {r}", _params(gates, sizes), _macs(sizes), *rest, r == present))
    return tuple(rows)


def reduction(gates: Sequence[Gate]) -> int | None:
    """The r of all gates; None where they have no common one, as in MobileNet v3."""
    widest = max(gates, key=lambda gate: gate.channels)
    r = widest.channels // widest.squeezed
    return r if all(gate.channels // r == gate.squeezed for gate in gates) else None


def _offered(present: int | None, narrowest: int) -> list[int]:
    known = set(REDUCTIONS) if present is None else {*REDUCTIONS, present}
    return sorted(r for r in known if r <= narrowest)


def _params(gates: Sequence[Gate], sizes: Sequence[tuple[int, int]]) -> int:
    biases = sum(c + s for gate, (c, s) in zip(gates, sizes, strict=True) if gate.biased)
    return _macs(sizes) + biases


def _macs(sizes: Sequence[tuple[int, int]]) -> int:
    return sum(2 * channels * squeezed for channels, squeezed in sizes)
