"""What becomes of a network's answers when one of its gates is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from analysis.progress import Report, silent
from analysis.vision.batches import at_once, batches, passes
from analysis.vision.device import device_of
from analysis.vision.gates.changing import (
    Change,
    changed,
    each_without,
    to_one,
    to_values,
    without_strongest,
)
from analysis.vision.gates.places import Gate, NoGates, gates_of
from analysis.vision.probe import Shared, probe
from analysis.vision.shape_batch import knows_shapes, shape_batch
from analysis.vision.voices import Voice


@dataclass(frozen=True)
class Kind:
    """A way to change a gate, as a legend and a sentence name it."""

    label: str
    sentence: str


KINDS = {
    "one": Kind("gate set to 1", "every channel passes as it is"),
    "mean": Kind("gate set to its mean", "the gate no longer looks at the image"),
    "strongest": Kind("strongest channel set to 0", "the channel turned up most is shut"),
}


@dataclass(frozen=True, eq=False)
class Answer:
    """For N images: the probability of each image's class, and the most likely class: (N,)."""

    probability: np.ndarray
    likeliest: np.ndarray

    def right(self, labels: np.ndarray) -> float:
        """Share of the images, 0 to 1, whose most likely class is that of `labels`, (N,)."""
        return float((self.likeliest == labels).mean())


@dataclass(frozen=True, eq=False)
class Effects:
    """The answers as they are, and with one gate changed in one of the ways of `KINDS`."""

    untouched: Answer
    changed: Mapping[tuple[str, str], Answer]

    def of(self, gate: Gate, kind: str) -> Answer:
        return self.changed[gate.name, kind]


def effects(
    model: nn.Module | Shared,
    images: Tensor,
    classes: np.ndarray | None,
    means: Mapping[str, np.ndarray],
    report: Report = silent,
) -> Effects:
    """Change every gate in every way, one at a time.

    Args:
        model: a classifier with gates.
        images: (N, C, H, W), normalised as the weights want them.
        classes: (N,), whose probability is asked for; the untouched network's answers if None.
        means: the mean of each gate over a batch, (channels,), by its name.
        report: called after every pass.

    Raises:
        NoGates: if the network has no gate.
    """
    with probe(model) as network:
        gates = gates_of(network)
        if not gates:
            raise NoGates(f"This {type(network).__name__}")
    count = _Counted(report, (1 + len(gates) * len(KINDS)) * passes(images))
    untouched = _probabilities(model, images, None, count)
    asked = untouched.argmax(1) if classes is None else np.asarray(classes)
    found = {}
    for gate in gates:
        for kind, change in _changes(means[gate.name]).items():
            values = _probabilities(model, images, (gate.name, change), count)
            found[gate.name, kind] = _answer(values, asked)
    return Effects(_answer(untouched, asked), found)


def over_shapes(
    model: nn.Module | Shared,
    speaker: Voice,
    count: int,
    means: Mapping[str, np.ndarray],
    report: Report = silent,
) -> tuple[Effects, np.ndarray]:
    """`effects` for the first `count` test pictures of Shapes, and what to compare answers with.

    That is the labels (count,) where the network has learned Shapes, else its untouched answers.
    """
    batch = shape_batch(speaker, count)
    known = knows_shapes(speaker)
    found = effects(model, batch.images, batch.labels if known else None, means, report)
    return found, batch.labels if known else found.untouched.likeliest


def strongest(scale: np.ndarray, most: int) -> list[int]:
    """The channels of a gate (channels,) in order, or of a wide one the `most` strongest first."""
    if len(scale) <= most:
        return list(range(len(scale)))
    return np.argsort(-scale, kind="stable")[:most].tolist()


def without_each(
    model: nn.Module | Shared,
    image: Tensor,
    gate: str,
    channels: Sequence[int],
    target: int,
    report: Report = silent,
) -> np.ndarray:
    """The probability of class `target` with one channel of a gate at 0: (len(channels),).

    `image` is (1, C, H, W). Channel after channel is shut, alone each time.

    Raises:
        ValueError: if the network has no such gate.
    """
    found = []
    with probe(model) as network, torch.no_grad():
        size, where = at_once(image), device_of(network)
        for start in range(0, len(channels), size):
            report(start, len(channels))
            part = channels[start : start + size]
            with changed(network, gate, each_without(part)):
                scores = network(image.to(where).expand(len(part), -1, -1, -1))
            found.append(scores.float().softmax(1)[:, target].cpu().numpy())
        report(len(channels), len(channels))
    return np.concatenate(found)


def _changes(mean: np.ndarray) -> dict[str, Change]:
    return {"one": to_one, "mean": to_values(mean), "strongest": without_strongest}


class _Counted:
    """A report that knows how many passes there were."""

    def __init__(self, report: Report, total: int) -> None:
        self._report, self._total, self._done = report, total, 0

    def one_more(self) -> None:
        self._report(self._done, self._total)
        self._done += 1


def _probabilities(
    model: nn.Module | Shared,
    images: Tensor,
    change: tuple[str, Change] | None,
    count: _Counted,
) -> np.ndarray:
    """(N, classes) with one gate changed, or with none.

    The network is lent anew each time, so that other sessions get their turn in long work.
    """
    found = []
    with ExitStack() as stack:
        network = stack.enter_context(probe(model))
        stack.enter_context(torch.no_grad())
        where = device_of(network)
        if change is not None:
            stack.enter_context(changed(network, *change))
        for batch in batches(images):
            count.one_more()
            found.append(network(batch.to(where)).float().softmax(1).cpu().numpy())
    return np.concatenate(found)


def _answer(probabilities: np.ndarray, classes: np.ndarray) -> Answer:
    return Answer(probabilities[np.arange(len(classes)), classes], probabilities.argmax(1))
