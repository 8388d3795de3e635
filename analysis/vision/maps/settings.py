"""What a user chooses once for all networks and methods, and what each map is made with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from analysis.vision.attribution import METHODS, Options
from analysis.vision.attribution.baselines import value_range
from analysis.vision.maps.target import Target
from analysis.vision.voices import Voice


@dataclass(frozen=True)
class Settings:
    """Choices that mean the same for inputs of any size.

    Attributes:
        layers: names of the layers of CAM methods by the network's key; the last spatial layer
            for networks that are not named.
        baseline, steps, samples, noise, pieces, superpixels, seed: as in `Options`.
        windows: how many of occlusion's squares, side by side, are as wide as the input.
        strides: how many steps of the square are as wide as itself.
    """

    layers: Mapping[str, str] = field(default_factory=dict)
    baseline: str = "zero"
    steps: int = 32
    samples: int | None = None
    noise: float = 0.15
    windows: int = 7
    strides: int = 2
    pieces: int = 49
    superpixels: bool = True
    seed: int = 0

    def options(self, speaker: Voice, target: Target, method: str) -> Options:
        """The options of one map; those that the method does not take have their defaults.

        So two maps that cannot differ have equal options.
        """
        window = max(1, min(speaker.input_shape[1:]) // self.windows)
        chosen: dict[str, Any] = {
            "layer": self.layers.get(speaker.key),
            "baseline": self.baseline,
            "value_range": value_range(speaker.preprocessing),
            "steps": self.steps,
            "samples": self.samples,
            "noise": self.noise,
            "window": window,
            "stride": max(1, window // self.strides),
            "pieces": self.pieces,
            "superpixels": self.superpixels,
            "seed": self.seed,
        }
        takes = METHODS[method].takes
        taken = {name: value for name, value in chosen.items() if name in takes}
        return replace(Options(against=target.against), **taken)


def taken(methods: Iterable[str]) -> frozenset[str]:
    """The fields of `Options` that at least one of the methods uses."""
    return frozenset().union(*(METHODS[method].takes for method in methods))
