"""The networks of the lectures, as their papers drew them.

>>> import cnn_models
>>> cnn_models.spec("resnet50").exact_params
25557032
"""

from cnn_models import weights
from cnn_models.registry import UnknownModel, build, names, spec
from cnn_models.spec import ModelSpec
from cnn_models.weights import WeightsUnavailable, pretrained

__all__ = [
    "ModelSpec",
    "UnknownModel",
    "WeightsUnavailable",
    "build",
    "names",
    "pretrained",
    "spec",
    "weights",
]
