"""Every network by its key, in teaching order."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from cnn_models.option_types import require_types

if TYPE_CHECKING:
    from types import ModuleType

    from torch import nn

    from cnn_models.spec import ModelSpec

# In the order of the lectures. A family has a file in `cnn_models.families` for each of its papers,
# which ends in SPECS.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "lenet": ("lenet",),
    "alexnet": ("alexnet", "zfnet", "sppnet"),
    "vgg": ("vgg",),
    "inception": (
        "googlenet",
        "bn_inception",
        "inception_v3",
        "inception_v4",
        "inception_resnet",
        "xception",
    ),
    "resnet": ("resnet", "cifar_resnet", "preact_resnet", "stochastic_depth"),
    "wide_resnet": ("wide_resnet",),
    "resnext": ("resnext",),
    "densenet": ("densenet",),
    "fractalnet": ("fractalnet",),
    "squeezenet": ("squeezenet",),
    "mobilenet": ("mobilenet_v1", "mobilenet_v2", "mobilenet_v3"),
    "shufflenet": ("shufflenet_v1", "shufflenet_v2"),
    "senet": ("senet", "senet154", "se_attached"),
    "nasnet": ("nas", "nasnet", "enas"),
    "after_2017": ("mnasnet", "efficientnet", "regnet", "convnext"),
}

SEARCHED = "searched"  # the file of the networks of a search, which have keys but are in no list


class UnknownModel(LookupError):
    """No network has this key; the message names the keys that come close."""

    def __init__(self, key: object, known: tuple[str, ...]) -> None:
        close = difflib.get_close_matches(str(key), known, n=3)
        hint = f"Did you mean {' or '.join(close)}?" if close else f"Try {', '.join(known[:5])} …"
        super().__init__(f"There is no network called {str(key)!r}. {hint}")


@cache
def _specs() -> dict[str, ModelSpec]:
    specs: dict[str, ModelSpec] = {}
    for family, files in FAMILIES.items():
        for spec in (spec for file in files for spec in _module(file).SPECS):
            if spec.key in specs:
                raise ValueError(f"Two networks are called {spec.key!r}; a key means one network.")
            if spec.family != family:
                raise ValueError(f"{spec.key!r} says family {spec.family!r}, not {family!r}.")
            specs[spec.key] = spec
    return specs


def _module(file: str) -> ModuleType:
    return importlib.import_module(f"cnn_models.families.{file}")


def file_of(key: str) -> str:
    """Name of the file of `cnn_models.families` that ends in the spec of `key`.

    Raises:
        UnknownModel: if there is no such network.
    """
    entry = spec(key)
    if key not in _specs():
        return SEARCHED
    return next(file for file in FAMILIES[entry.family] if entry in _module(file).SPECS)


def names(family: str | None = None) -> tuple[str, ...]:
    """Keys of all networks, or of one family, in teaching order.

    Raises:
        UnknownModel: if no family has this name.
    """
    if family is not None and family not in FAMILIES:
        raise UnknownModel(family, tuple(FAMILIES))
    return tuple(key for key, s in _specs().items() if family is None or s.family == family)


def spec(key: str) -> ModelSpec:
    """What is known about the network `key`: one of `names()`, or of a search ("searched_417").

    Raises:
        UnknownModel: if there is no such network; the message names the close matches.
    """
    specs = _specs()
    found = specs.get(key) or (_module(SEARCHED).spec(key) if isinstance(key, str) else None)
    if found is None:
        raise UnknownModel(key, tuple(specs))
    return found


def build(key: str, num_classes: int | None = None, **options: object) -> nn.Module:
    """The network `key` with fresh weights, in training mode, on the current default device.

    Args:
        key: a name from `names()`.
        num_classes: width of the output; the paper's own number when left out.
        **options: what the family's `build` function takes, such as `width` or `aux_heads`.

    Raises:
        UnknownModel: if there is no such network.
        TypeError: if the network has no such option, or `num_classes` or an option is of another
            type than it takes.
        ValueError: if `num_classes` or an option is out of range.
    """
    entry = spec(key)
    classes = entry.num_classes if num_classes is None else num_classes
    require_types(entry.build, {"num_classes": classes, **options})
    if classes < 1:
        raise ValueError(f"num_classes is {classes}; a classifier needs at least 1 class.")
    from cnn_models.blocks.initialise import without_torch_defaults  # torch, only when building

    with without_torch_defaults():
        return entry.build(num_classes=classes, **options)
