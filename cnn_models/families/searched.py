"""Searched networks: a space small enough to train every network in it.

After Zoph, Le, "Neural Architecture Search with Reinforcement Learning" (ICLR 2017): each layer has
a number of filters, a kernel and a stride of its own, and may read, beside the layer before it,
what came before that. Their space has more networks than can ever be trained; this one has 2,048
of three layers, which have all been (`analysis.experiments.search`), so that what a search finds
can be held against the best there is.

              image  ──►  layer 1  ──►  layer 2  ──►  layer 3  ──►  mean, linear
                │            │             ▲             ▲
                │            └─ skip 3 ────┼─────────────┘
                └─ skip 2 ─────────────────┘

A network is named by its number, whose mixed-radix digits are the picks of `DECISIONS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod
from typing import NamedTuple

import torch
from torch import Tensor, nn

from cnn_models.blocks.conv_norm import conv_norm
from cnn_models.blocks.initialise import he_in_words, he_normal
from cnn_models.families.nas import PAPER
from cnn_models.spec import ModelSpec

PREFIX = "searched_"  # of a key, before the number
LAYERS, SIDE, CHANNELS, CLASSES = 3, 8, 3, 10  # images are digits, in three equal channels


class Decision(NamedTuple):
    """One thing that a search decides: `what` of a layer, counted from 1, and what it may be."""

    layer: int
    what: str
    options: tuple[int, ...]

    @property
    def title(self) -> str:
        return f"{self.what}, layer {self.layer}"


class Layer(NamedTuple):
    """A layer that was decided on; with `skip` it also reads what the layer before it read."""

    filters: int
    kernel: int
    stride: int
    skip: int = 0

    def __str__(self) -> str:
        return f"{self.filters} of {self.kernel}×{self.kernel}" + (
            f", stride {self.stride}" * (self.stride > 1) + ", skip" * self.skip
        )


_OPTIONS = {"filters": (4, 16), "kernel": (3, 5), "stride": (1, 2), "skip": (0, 1)}
DECISIONS: tuple[Decision, ...] = tuple(
    Decision(layer, what, options)
    for layer in range(1, LAYERS + 1)
    for what, options in _OPTIONS.items()
    if layer > 1 or what != "skip"
)
COUNT = prod(len(decision.options) for decision in DECISIONS)


def picks_of(number: int) -> tuple[int, ...]:
    """Which option of each decision the network `number` has, counted from 0.

    Raises:
        ValueError: if there is no such number.
    """
    if not 0 <= number < COUNT:
        raise ValueError(f"number is {number}; searched networks are numbered 0 to {COUNT - 1}.")
    picks = []
    for decision in reversed(DECISIONS):
        number, pick = divmod(number, len(decision.options))
        picks.append(pick)
    return tuple(reversed(picks))


def number_of(picks: Sequence[int]) -> int:
    """The number of the network with these picks, one for each decision."""
    number = 0
    for decision, pick in zip(DECISIONS, picks, strict=True):
        number = number * len(decision.options) + pick
    return number


def layers_of(number: int) -> tuple[Layer, ...]:
    """The layers of a network.

    Raises:
        ValueError: if there is no such number.
    """
    found: list[dict[str, int]] = [{} for _ in range(LAYERS)]
    for decision, pick in zip(DECISIONS, picks_of(number), strict=True):
        found[decision.layer - 1][decision.what] = decision.options[pick]
    return tuple(Layer(**layer) for layer in found)


class Searched(nn.Module):
    """The network of a number: (N, 3, H, W) to (N, num_classes).

    A skip joins what two layers made, side by side; the larger map is averaged down to the smaller.

    Raises:
        ValueError: if there is no such number.
    """

    def __init__(self, num_classes: int = CLASSES, number: int = 0) -> None:
        super().__init__()
        self.plan = layers_of(number)
        before, last, halved = 0, CHANNELS, 1  # channels, and by how much the last layer halves
        for place, layer in enumerate(self.plan, start=1):
            inputs = last + before * layer.skip
            self.add_module(f"conv{place}", _layer(inputs, layer))
            pool = nn.AvgPool2d(halved, ceil_mode=True) if halved > 1 else nn.Identity()
            if layer.skip:
                self.add_module(f"skip{place}", pool)
            before, last, halved = last, layer.filters, layer.stride
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(last, num_classes)
        he_normal(self)

    def forward(self, x: Tensor) -> Tensor:
        before = x
        for place, layer in enumerate(self.plan, start=1):
            given = x
            if layer.skip:
                skipped = self.get_submodule(f"skip{place}")(before)
                x = torch.cat((x, skipped), dim=1)  # (N, last + before, H, W)
            before, x = given, self.get_submodule(f"conv{place}")(x)
        return self.fc(self.avgpool(x).flatten(1))


def _layer(inputs: int, layer: Layer) -> nn.Sequential:
    return conv_norm(inputs, layer.filters, layer.kernel, layer.stride, activation=nn.ReLU)


def spec(key: str) -> ModelSpec | None:
    """The network of a key such as "searched_417", None where there is none of that name."""
    digits = key.removeprefix(PREFIX)
    if digits == key or not digits.isdecimal() or str(int(digits)) != digits:
        return None
    if int(digits) >= COUNT:
        return None
    return _spec(int(digits))


def key_of(number: int) -> str:
    """The key of a network, as `cnn_models.build` takes it."""
    return f"{PREFIX}{number}"


def _spec(number: int) -> ModelSpec:
    plan = layers_of(number)
    params, macs = _counts(plan)
    return ModelSpec(
        key=key_of(number),
        family="nasnet",
        display_name=f"Searched {number}",
        build=partial(Searched, number=number),
        input_shape=(CHANNELS, SIDE, SIDE),
        num_classes=CLASSES,
        paper=PAPER,
        idea=f"One of {COUNT:,} networks among which a search chooses: {_in_words(plan)}.",
        stages=(*(f"conv{place}" for place in range(1, LAYERS + 1)), "fc"),
        initialisation=he_in_words("outputs"),
        exact_params=params,
        exact_macs=macs,
        counts_source="the sizes of its layers, added up",
        departures=(
            f"The paper searches networks for CIFAR-10, of up to 39 layers; these have "
            f"{LAYERS} and read digits of {SIDE} × {SIDE} pixels.",
            "Where a skip joins maps of unlike sizes, the paper pads the smaller with zeros; here "
            "the larger is averaged down.",
        ),
    )


def _in_words(plan: Sequence[Layer]) -> str:
    return "; ".join(str(layer) for layer in plan)


def _counts(plan: Sequence[Layer]) -> tuple[int, int]:
    """Trainable parameters, and multiply-adds of one image."""
    params = macs = 0
    before, last, side = 0, CHANNELS, SIDE
    for layer in plan:
        inputs = last + before * layer.skip
        side = -(-side // layer.stride)
        weights = inputs * layer.filters * layer.kernel**2
        params += weights + 2 * layer.filters
        macs += weights * side**2
        before, last = last, layer.filters
    return params + last * CLASSES + CLASSES, macs + last * CLASSES
