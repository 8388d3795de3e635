"""Which weights speak when a network is asked: a page has to say so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cnn_models.registry import spec
from cnn_models.spec import PublicWeights
from cnn_models.weights.public import cached, choose
from cnn_models.weights.shipping import ShippedWeights, shipped


class AtHand(StrEnum):
    """From the weights that this project ships to none at all."""

    SHIPPED = "shipped"
    PUBLIC = "public"
    FETCHABLE = "fetchable"
    UNTRAINED = "untrained"


@dataclass(frozen=True)
class Speaking:
    """What is at hand for one network.

    `shipped` are the sets that ship, `public` is the default public set or None, and `path` its
    file where that is on this machine.
    """

    key: str
    shipped: tuple[ShippedWeights, ...]
    public: PublicWeights | None
    path: Path | None

    @property
    def at_hand(self) -> AtHand:
        if self.shipped:
            return AtHand.SHIPPED
        if self.path is not None:
            return AtHand.PUBLIC
        return AtHand.FETCHABLE if self.public else AtHand.UNTRAINED

    @property
    def sentence(self) -> str:
        if self.shipped:
            return "; ".join(own.sentence for own in self.shipped)
        if self.public is None:
            return "Untrained: random weights, and none are published for this network"
        owner = f"{self.public.source} {self.public.name}, top-1 {self.public.top1:.1f}%"
        if self.path is not None:
            return f"Public weights: {owner}"
        return f"Untrained until its public weights are fetched ({owner})"


def speaking(key: str) -> Speaking:
    """Find out which weights of the network `key` are at hand, without loading any.

    Raises:
        UnknownModel: if there is no such network.
    """
    public = choose(key) if spec(key).weights else None
    return Speaking(key, shipped(key), public, cached(key))
