"""The networks of the lectures, as their papers drew them.

>>> import cnn_models
>>> cnn_models.spec("resnet50").exact_params
25557032
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnn_models import weights
from cnn_models.registry import UnknownModel, build, names, spec
from cnn_models.spec import ModelSpec
from cnn_models.weights import WeightsUnavailable, pretrained

if TYPE_CHECKING:
    from cnn_models.squeeze_excite import with_squeeze_excite

__all__ = [
    "ModelSpec",
    "UnknownModel",
    "WeightsUnavailable",
    "build",
    "names",
    "pretrained",
    "spec",
    "weights",
    "with_squeeze_excite",
]


def __getattr__(name: str) -> object:
    """Import what needs torch when it is asked for, since the pages that only list need none."""
    if name == "with_squeeze_excite":
        from cnn_models.squeeze_excite import with_squeeze_excite

        return with_squeeze_excite
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
