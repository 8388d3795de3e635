"""Ask a method about one picture, under a probe and with every choice checked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from analysis.progress import Report, silent
from analysis.vision.attribution.attribution_map import AttributionMap, MethodRefused
from analysis.vision.attribution.method import Method, Question
from analysis.vision.attribution.methods import METHODS
from analysis.vision.attribution.options import Options, settled
from analysis.vision.device import device_of
from analysis.vision.probe import Shared, probe

_NOT_FINITE = (
    "The scores or their gradients are not finite numbers; the weights or the input are broken."
)
_AS_GIVEN = Options()


def attribute(
    model: nn.Module | Shared,
    x: Tensor,
    target: int,
    method: str,
    options: Options = _AS_GIVEN,
    report: Report = silent,
) -> AttributionMap:
    """Attribute the score of one class to the pixels of one image.

    The network is in evaluation mode meanwhile and afterwards as it was, and a `Shared` one is
    locked; `x` is not touched.

    Args:
        model: a classifier, on any device.
        x: (1, C, H, W), normalised as the weights want it.
        target: index of the class.
        method: a key of `METHODS`.
        options: the method uses what its `takes` names.
        report: called between batches; what it raises ends the work.

    Raises:
        MethodRefused: if the method would be wrong for this network, saying why.
        ValueError: if the method, target, layer or a number is out of range, saying what is not.
    """
    chosen = _method(method)
    if x.ndim != 4 or x.shape[0] != 1:
        raise ValueError(f"One image (1, C, H, W) can be attributed, not {tuple(x.shape)}.")
    checked = settled(options, x, chosen.samples)
    with probe(model) as network:
        if reason := chosen.refuses(network):
            raise MethodRefused(reason)
        image = x.detach().to(device_of(network)).clone()
        _check_classes(network, image, int(target), options.against)
        question = Question(image.requires_grad_(), int(target), checked, report)
        found = chosen.run(network, question)
    if not np.isfinite(found.values).all():
        raise ValueError(_NOT_FINITE)
    return found if found.values.any() else replace(found, note=_why_empty(found))


def refusal(model: nn.Module | Shared, method: str) -> str:
    """Why `method` would be wrong for this network, in a sentence; empty if it is right.

    Decided from the network's own layers and calls, without running it.

    Raises:
        ValueError: if there is no such method.
    """
    chosen = _method(method)
    with probe(model) as network:
        return chosen.refuses(network)


def _method(name: str) -> Method:
    if name not in METHODS:
        raise ValueError(f"There is no method {name!r}; choose {', '.join(METHODS)}.")
    return METHODS[name]


def _why_empty(found: AttributionMap) -> str:
    if found.layer is not None:
        return f"Nothing in layer {found.layer} speaks for this class: the map is zero everywhere."
    return "No pixel matters to this score: the map is zero everywhere."


def _check_classes(network: nn.Module, image: Tensor, target: int, against: int | None) -> None:
    with torch.no_grad():
        scores = network(image)
    if not isinstance(scores, Tensor) or scores.ndim != 2:
        raise ValueError("The network does not give one row of scores an image; use a classifier.")
    for index in (target, against):
        if index is not None and not 0 <= index < scores.shape[1]:
            raise ValueError(
                f"There is no class {index}; this network has classes 0 to {scores.shape[1] - 1}."
            )
    if target == against:
        raise ValueError(f"Class {target} cannot be compared with itself; choose another.")
    if not bool(torch.isfinite(scores).all()):
        raise ValueError(_NOT_FINITE)
