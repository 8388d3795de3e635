"""What can be excited: a channel of a layer, one place of it, or the score of a class."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from analysis.vision.device import device_of
from analysis.vision.features.maps import arrived
from analysis.vision.route import Route


@dataclass(frozen=True)
class Unit:
    """One number that a network makes of an image.

    With a `way` it is channel `index` of the layer at its end: the mean of its map or, with
    `place` (row, column), the value there. `before` is the way to what goes into that layer, where
    the layer is a ReLU: while the ReLU keeps the unit at zero, one climbs what goes in. Without a
    way it is the score of class `index`, before the softmax.
    """

    index: int
    way: Route | None = None
    place: tuple[int, int] | None = None
    before: Route | None = None

    def values(self, network: nn.Module, images: Tensor) -> Tensor:
        """(N,) for images (N, C, H, W). Call it inside a probe.

        Raises:
            ValueError: if the network has no such channel, place or class.
        """
        if self.way is None:
            return self._scores(network(images.to(device_of(network))))
        return self._picked(arrived(network, self.way, images))

    def climbed(self, network: nn.Module, image: Tensor) -> Tensor:
        """The number to climb for one image: the value, or while that is stuck what goes in."""
        value = self.values(network, image)[0]
        if self.before is None or value > 0:
            return value
        return self._picked(arrived(network, self.before, image))[0]

    def _picked(self, maps: Tensor) -> Tensor:
        if not 0 <= self.index < maps.shape[1]:
            raise ValueError(
                f"There is no channel {self.index}; this layer has 0 to {maps.shape[1] - 1}."
            )
        chosen = maps[:, self.index]  # (N, h, w)
        if self.place is None:
            return chosen.mean((1, 2))
        row, column = self.place
        if not (0 <= row < chosen.shape[1] and 0 <= column < chosen.shape[2]):
            raise ValueError(f"There is no place {self.place} on a map of {tuple(maps.shape[2:])}.")
        return chosen[:, row, column]

    def _scores(self, scores: object) -> Tensor:
        if not isinstance(scores, Tensor) or scores.ndim != 2:
            raise ValueError("The network gives no row of scores an image; choose a channel.")
        if not 0 <= self.index < scores.shape[1]:
            raise ValueError(
                f"There is no class {self.index}; this network has 0 to {scores.shape[1] - 1}."
            )
        return scores[:, self.index].float()
