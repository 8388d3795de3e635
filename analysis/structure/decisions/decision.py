"""A design decision as something that can be looked for in a network, and changed there."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

from torch import nn

import cnn_models
from analysis.structure import described
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.graph import Graph
from cnn_models import ModelSpec

NETWORKS_HELD = 32  # whose graphs and offers are kept


@dataclass(frozen=True)
class Network:
    """A network of the registry that is about to be changed.

    `model` is freshly built, on the current default device; a decision may change it in place.
    """

    key: str

    @property
    def spec(self) -> ModelSpec:
        return cnn_models.spec(self.key)

    @property
    def name(self) -> str:
        return self.spec.display_name

    @cached_property
    def model(self) -> nn.Module:
        return cnn_models.build(self.key)

    @property
    def graph(self) -> Graph:
        """The network as it is, whatever happens to `model`."""
        return _traced(self.key)

    @property
    def options(self) -> dict[str, Any]:
        """What `build` takes, with the values that this network has."""
        return _options(self.spec.build)

    def rebuilt(self, **options: Any) -> nn.Module:
        """The network with other options."""
        return cnn_models.build(self.key, **options)


@lru_cache(maxsize=NETWORKS_HELD)
def _traced(key: str) -> Graph:
    return described.traced(key)


def _options(build: Callable[..., Any]) -> dict[str, Any]:
    """Defaults of `build`, and of the network or block that it hands its options to."""
    first = build.args[0] if isinstance(build, partial) and build.args else None
    inner = _options(first) if callable(first) else {}
    own = inspect.signature(build).parameters.values()
    return inner | {p.name: p.default for p in own if p.default is not p.empty}


@dataclass(frozen=True)
class Decision:
    """What `costs.Decision` sums up for one block, done to the modules of a whole network.

    `offer` looks for it in a network: None where it makes no sense there.

    `change` gives the network with another value, and a sentence on what was changed, where and
    how often. `absent` completes "VGG-16 …" where there is no offer, and `example` is the key of
    a network that has one.
    """

    absent: str
    example: str
    offer: Callable[[Network], Offer | None]
    change: Callable[[Network, Value], tuple[nn.Module, str]]
