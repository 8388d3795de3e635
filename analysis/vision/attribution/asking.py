"""Ask a method about one picture, under a probe and with every choice checked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from torch import Tensor, nn

from analysis.progress import Report, silent
from analysis.vision.attribution.attribution_map import AttributionMap
from analysis.vision.attribution.method import NOT_FINITE, Method, Question
from analysis.vision.attribution.methods import METHODS
from analysis.vision.attribution.options import Options, settled
from analysis.vision.device import device_of, run_in_smaller_batches
from analysis.vision.probe import Shared, probe

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
    if target == options.against:
        raise ValueError(f"Class {target} cannot be compared with itself; choose another.")
    checked = settled(options, x, chosen.samples)
    with probe(model) as network:
        network.requires_grad_(False)  # only pixels are asked about; what weights need is not kept
        image = x.detach().to(device_of(network)).clone()
        question = Question(image.requires_grad_(), int(target), checked, report)
        found = _run(chosen, network, question)
    if not np.isfinite(found.values).all():
        raise ValueError(NOT_FINITE)
    if found.values.any():
        return found
    return replace(found, note=f"{_why_empty(found)} {found.note}".strip())


def refusal(model: nn.Module | Shared, method: str) -> str:
    """Why `method` would be wrong for this network, in a sentence; empty if it is right.

    Decided from the network's own layers and calls, without running it.

    Raises:
        ValueError: if there is no such method.
    """
    chosen = _method(method)
    with probe(model) as network:
        return chosen.refuses(network)


def _run(method: Method, network: nn.Module, asked: Question) -> AttributionMap:
    """Run the method, with fewer images at once where the device's memory is too small."""
    wanted = asked.options.batch if "batch" in method.takes else 1
    found, fitting = run_in_smaller_batches(
        lambda batch: method.run(
            network, replace(asked, options=replace(asked.options, batch=batch))
        ),
        wanted,
    )
    if fitting == wanted:
        return found
    note = f"The memory was full with {wanted} images at once, so it was done with {fitting}."
    return replace(found, note=f"{found.note} {note}".strip())


def _method(name: str) -> Method:
    if name not in METHODS:
        raise ValueError(f"There is no method {name!r}; choose {', '.join(METHODS)}.")
    return METHODS[name]


def _why_empty(found: AttributionMap) -> str:
    if found.layer is not None:
        return f"Nothing in layer {found.layer} speaks for this class: the map is zero everywhere."
    return "No pixel matters to this score: the map is zero everywhere."
