"""How much memory training and inference need: weights, gradients, optimiser, activations.

The sum is what has to fit if all of it is there at once. In a real step it is not quite: the
gradients grow while the kept activations are freed, and an optimiser makes temporary tensors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import torch
from torch import nn

from analysis.structure.graph import Graph
from analysis.structure.liveness import Moment, peak
from analysis.structure.saved_tensors import COPIES, Kept

MOST_IMAGES = 4096  # in a batch


@dataclass(frozen=True)
class Precision:
    """Bytes of a number: of the trained weights with their gradients, and of what layers give."""

    label: str
    weight: int
    value: int


PRECISIONS = {
    "float32": Precision("float32", weight=4, value=4),
    "half": Precision("16 bit", weight=2, value=2),
    "mixed": Precision("mixed", weight=4, value=2),
}

MakeOptimiser = Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer]


@dataclass(frozen=True)
class Optimiser:
    """An optimiser by the name that the page shows; `make` takes the parameters."""

    label: str
    make: MakeOptimiser


OPTIMISERS: Mapping[str, Optimiser] = {
    "sgd": Optimiser("SGD", partial(torch.optim.SGD, lr=0.1)),
    "momentum": Optimiser("SGD with momentum", partial(torch.optim.SGD, lr=0.1, momentum=0.9)),
    "adam": Optimiser("Adam", torch.optim.Adam),
    "adamw": Optimiser("AdamW", torch.optim.AdamW),
}


@dataclass(frozen=True)
class Footprint:
    """What the sums are made of: numbers of values, and what autograd keeps, in bytes.

    `frozen` weights have no gradients; `averages` are the running averages of batch norm.
    """

    trained: int
    frozen: int
    averages: int
    kept: tuple[Kept, ...]
    worst: Moment


@dataclass(frozen=True)
class Part:
    """One part of the memory: `numbers` is the sum with its numbers, and comes to `bytes`."""

    name: str
    bytes: int
    rule: str
    numbers: str


def footprint(model: nn.Module, graph: Graph, kept: tuple[Kept, ...]) -> Footprint:
    """The facts of one network; `kept` is what `saved_tensors.of_network` gives."""
    parameters = [*model.parameters()]
    return Footprint(
        trained=sum(p.numel() for p in parameters if p.requires_grad),
        frozen=sum(p.numel() for p in parameters if not p.requires_grad),
        averages=sum(b.numel() for b in model.buffers() if b.is_floating_point()),
        kept=kept,
        worst=peak(graph),
    )


@cache
def numbers_for_each_weight(optimiser: str) -> int:
    """How many numbers an optimiser keeps for each weight: found by letting torch take a step."""
    weight = nn.Parameter(torch.zeros(7))  # a size that no counter of steps has
    stepper = OPTIMISERS[optimiser].make([weight])
    weight.grad = torch.ones(7)
    stepper.step()
    state = (value for values in stepper.state.values() for value in values.values())
    return sum(
        isinstance(value, torch.Tensor) and value.numel() == weight.numel() for value in state
    )


def check_images(images: int) -> int:
    """The batch, if it is one.

    Raises:
        ValueError: unless it is a whole number from 1 to MOST_IMAGES.
    """
    if not isinstance(images, int) or not 1 <= images <= MOST_IMAGES:
        raise ValueError(f"A batch of {images} is no batch; give 1 to {MOST_IMAGES:,} images.")
    return images


def training(facts: Footprint, images: int, optimiser: str, precision: str) -> tuple[Part, ...]:
    """What a training step needs: weights, gradients, optimiser state, activations.

    Raises:
        ValueError: if `images` is no batch of 1 to MOST_IMAGES.
        KeyError: if there is no such optimiser or precision.
    """
    kept = [row for row in facts.kept if row.kind != COPIES]
    each, fixed = sum(row.each for row in kept), sum(row.fixed for row in kept)
    size, state = PRECISIONS[precision].weight, numbers_for_each_weight(optimiser)
    parts = (
        *_weights(facts, precision),
        Part(
            "Gradients",
            facts.trained * size,
            "trained weights × bytes",
            f"{facts.trained:,} × {size}",
        ),
        Part(
            "Optimiser state",
            facts.trained * state * size,
            "trained weights × state × bytes",
            f"{facts.trained:,} × {state} × {size}",
        ),
        Part(
            "Activations",
            check_images(images) * each + fixed,
            "images × kept + kept once",
            f"{images:,} × {each:,} + {fixed:,}",
        ),
    )
    return tuple(part for part in parts if part.bytes)


def inference(facts: Footprint, images: int, precision: str) -> tuple[Part, ...]:
    """What a forward pass in evaluation needs: weights, and the most that is alive at once.

    Raises:
        ValueError: if `images` is no batch of 1 to MOST_IMAGES.
        KeyError: if there is no such precision.
    """
    check_images(images)
    worst, width = facts.worst, PRECISIONS[precision]
    return (
        *_weights(facts, precision),
        Part(
            "Activations",
            images * (worst.image * width.weight + worst.maps * width.value),
            "images × (image + alive at once)",
            f"{images:,} × ({worst.image:,} × {width.weight} + {worst.maps:,} × {width.value})",
        ),
    )


def _weights(facts: Footprint, precision: str) -> tuple[Part, ...]:
    size, all_weights = PRECISIONS[precision].weight, facts.trained + facts.frozen
    held, numbers = all_weights + facts.averages, f"{all_weights:,} × {size}"
    rule = "weights × bytes"
    if facts.averages:
        numbers = f"({all_weights:,} + {facts.averages:,}) × {size}"
        rule = "(weights + averages) × bytes"
    copies = sum(row.fixed for row in facts.kept if row.kind == COPIES)
    parts = [Part("Weights", held * size, rule, numbers)]
    if copies:
        half = PRECISIONS[precision].value
        parts.append(
            Part(COPIES, copies, "weights of layers × bytes",
                 f"{copies // half:,} × {half}")
        )  # fmt: skip
    return tuple(parts)


def total(parts: Iterable[Part]) -> int:
    """The sum of all parts, in bytes."""
    return sum(part.bytes for part in parts)
