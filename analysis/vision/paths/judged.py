"""How many pictures a network gets right, with one path of it or another.

The pictures are Shapes of this project (the first of the test split, which no network has learned
from), brought to the size that the network takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from analysis.vision.device import device_of
from analysis.vision.shape_batch import knows_shapes, shape_batch
from analysis.vision.voices import Voice

BATCH = 100  # pictures at a time
SEED = 0  # of Shapes: the networks that ship were judged by these pictures too


@dataclass(frozen=True, eq=False)
class Pictures:
    """Inputs (N, C, H, W) as a network wants them, and their labels (N,)."""

    inputs: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)


def pictures(speaker: Voice, count: int) -> Pictures:
    """The first `count` test pictures of Shapes for a network that learned Shapes.

    Raises:
        ValueError: if it learned something else, or `count` is below 1.
    """
    if not knows_shapes(speaker):
        raise ValueError("Only networks that learned Shapes can be judged by Shapes.")
    if count < 1:
        raise ValueError(f"count is {count}; at least 1 picture is needed.")
    batch = shape_batch(speaker, count, SEED)
    return Pictures(batch.images, torch.from_numpy(batch.labels))


@torch.no_grad()
def share_right(network: nn.Module, seen: Pictures) -> float:
    """Share of the pictures, 0..1, whose label is the network's largest score, as it is now."""
    device, right = device_of(network), 0
    for inputs, labels in zip(seen.inputs.split(BATCH), seen.labels.split(BATCH), strict=True):
        right += int((network(inputs.to(device)).argmax(1).cpu() == labels).sum())
    return right / len(seen)
