"""What a network learns from and what it is judged by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor


class Split(NamedTuple):
    """Labelled images: (N, C, H, W) of any dtype that `Data.prepare` takes, and (N,) int64."""

    images: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> Split:
        return Split(self.images.to(device), self.labels.to(device))


def _unchanged(images: Tensor) -> Tensor:
    return images


def _as_they_are(images: Tensor, _: torch.Generator) -> Tensor:
    return images


@dataclass(frozen=True)
class Data:
    """Two splits, and what happens to a batch on its way into the network.

    `augment` varies a batch of training images, drawing from the generator, which is on the CPU;
    `prepare` turns any batch, after that, into what the network takes: float32 (N, C, H, W).
    `classes` names the labels, where they have names.
    """

    train: Split
    test: Split
    prepare: Callable[[Tensor], Tensor] = _unchanged
    augment: Callable[[Tensor, torch.Generator], Tensor] = _as_they_are
    classes: tuple[str, ...] = ()

    @property
    def outputs(self) -> int:
        """How many classes a network has to tell apart."""
        return len(self.classes) or int(torch.cat([self.train.labels, self.test.labels]).max()) + 1

    def to(self, device: torch.device) -> Data:
        """The same with all images on the device, so that no step waits for a copy."""
        return replace(self, train=self.train.to(device), test=self.test.to(device))
