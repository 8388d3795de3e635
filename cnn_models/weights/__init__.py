"""Weights files: those that others publish, and those that ship with this project.

>>> import cnn_models.weights
>>> cnn_models.weights.cached("vgg16")  # None, or the path of a whole file with the right digest
>>> cnn_models.weights.load_shipped("lenet5_modern")  # trained, in eval mode

`python -m cnn_models.weights fetch vgg16 resnet18` prepares a classroom before the lesson.
"""

from cnn_models.weights.at_hand import AtHand, Speaking, speaking
from cnn_models.weights.errors import CorruptWeights, WeightsUnavailable
from cnn_models.weights.public import cached, convert, directory, fetch, location, pretrained, url
from cnn_models.weights.shipping import (
    ShippedWeights,
    load_shipped,
    shipped,
    shipped_all,
    shipped_one,
)
from cnn_models.weights.state_dict import load_state_dict

__all__ = [
    "AtHand",
    "CorruptWeights",
    "ShippedWeights",
    "Speaking",
    "WeightsUnavailable",
    "cached",
    "convert",
    "directory",
    "fetch",
    "load_shipped",
    "load_state_dict",
    "location",
    "pretrained",
    "shipped",
    "shipped_all",
    "shipped_one",
    "speaking",
    "url",
]
