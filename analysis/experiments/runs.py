"""A run: one network that learns one data set, said in full, so that anybody can repeat it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import nn

import cnn_models
from analysis.experiments import lab
from analysis.experiments.data import Data
from analysis.experiments.sources import SOURCES, Source, in_colour
from analysis.experiments.training import TrainingConfig, TrainingError, check_config


@dataclass(frozen=True)
class Run:
    """Which network learns what, and how.

    Attributes:
        network: key of the catalogue, or a name of `lab.BUILDERS`.
        data: a name of `sources.SOURCES`, or "folder" where the pictures are handed over.
        side: height and width of an image, in pixels.
        train: images to learn from.
        test: images to be judged by, which are none of those.
        config: how to train; its seed also decides the first weights and the data.
        options: of the network, and of `lab.altered`.
        label: what a chart calls the run.
    """

    network: str
    data: str = "shapes"
    side: int = 32
    train: int = 2000
    test: int = 500
    config: TrainingConfig = field(default_factory=TrainingConfig)
    options: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""

    @property
    def title(self) -> str:
        return self.label or self.network

    def source(self) -> Source:
        """The data set.

        Raises:
            TrainingError: if there is none of this name.
        """
        if self.data not in SOURCES:
            known = ", ".join(SOURCES)
            raise TrainingError(f"There is no data set called {self.data!r}; there are {known}.")
        return SOURCES[self.data]

    def command(self) -> str:
        """The command that repeats the run, for a terminal in the project's folder."""
        parts = ["python", "-m", "analysis.experiments.train", self.network]
        default = Run(self.network)
        for name in ("data", "side", "train", "test"):
            if getattr(self, name) != getattr(default, name):
                parts += [f"--{name}", str(getattr(self, name))]
        for name, value in asdict(self.config).items():
            if value != getattr(TrainingConfig(), name):
                flag = f"--{name.replace('_', '-')}"
                parts += [flag] if value is True else [flag, str(value)]
        if self.options:
            parts += ["--options", json.dumps(dict(self.options))]
        return shlex.join(parts)


def network(run: Run, classes: int, channels: int) -> nn.Module:
    """The network with its first weights, which the seed decides; it takes `channels`.

    Raises:
        TrainingError: if the network cannot be built so, or cannot take images of this side.
    """
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(run.config.seed)
            model = lab.build(run.network, classes, dict(run.options))
        with torch.no_grad():
            model.eval()(torch.zeros(1, channels, run.side, run.side))
    except (cnn_models.UnknownModel, TypeError, ValueError, RuntimeError) as problem:
        raise TrainingError(f"{run.title} cannot be trained so. {problem}") from problem
    return model.train()


def check(run: Run) -> None:
    """Refuse what the data cannot give, before anything is drawn.

    Raises:
        TrainingError: with a sentence that says what would work.
    """
    source = run.source()
    if source.most is not None and run.train > source.most:
        raise TrainingError(
            f"{source.title} has {source.most:,} images to learn from, not {run.train:,}."
        )
    if source.side not in (None, run.side):
        raise TrainingError(f"Images of {source.title} have {source.side} pixels a side here.")
    if min(run.train, run.test) < 1:
        raise TrainingError("At least one image is needed to learn from, and one to be judged by.")
    if lab.channels(run.network) < source.channels:
        ink = " or ".join(s.title for s in SOURCES.values() if s.channels == 1)
        raise TrainingError(
            f"{run.title} takes one channel of ink, and {source.title} has three of colour. "
            f"It can learn {ink}."
        )
    check_config(run.train, run.config)


def drawn(run: Run) -> Data:
    """The images, with as many channels as the network takes.

    Raises:
        TrainingError: if the data set does not have so many.
    """
    check(run)
    data = run.source().draw(run.side, run.train, run.test, run.config.seed)
    return in_colour(data, lab.channels(run.network))
