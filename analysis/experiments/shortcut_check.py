"""Whether a network goes by the tag: how often it is right with a true one, none, a lying one."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn

from analysis.experiments.data import Split
from analysis.experiments.datasets import normalised, shapes_split
from analysis.experiments.shortcut import Shortcut
from analysis.experiments.training import accuracy
from cnn_models.spec import Preprocessing


class Taken(NamedTuple):
    """Shares of the test pictures, 0..1.

    The first three are right answers by what the tag does; `follows_lying_tag` is the share that
    are called what the lying tag says.
    """

    true_tag: float
    no_tag: float
    lying_tag: float
    follows_lying_tag: float


def measured(model: nn.Module, preprocessing: Preprocessing, count: int, seed: int = 0) -> Taken:
    """Test a network on pictures 0 to `count` - 1 of the test split, with each kind of tag."""
    prepare = normalised(preprocessing)

    def pictures(tag: str) -> Split:
        return shapes_split(Shortcut(seed, "test", tag), count, preprocessing.crop)

    lying = pictures("lying")
    said = torch.tensor([Shortcut(seed, "test", "lying")[index].said for index in range(count)])
    return Taken(
        true_tag=accuracy(model, pictures("true"), prepare),
        no_tag=accuracy(model, pictures("none"), prepare),
        lying_tag=accuracy(model, lying, prepare),
        follows_lying_tag=accuracy(model, Split(lying.images, said), prepare),
    )
