"""A run: one network that learns one data set, said in full, so that anybody can repeat it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import torch
from torch import nn

import cnn_models
from analysis.experiments import augment, lab
from analysis.experiments.data import Data
from analysis.experiments.datasets import normalised
from analysis.experiments.folder import Folder, to_two
from analysis.experiments.sources import SOURCES, Source, in_colour
from analysis.experiments.training import TrainingConfig, TrainingError, check_config
from analysis.experiments.transfer.backbones import NoBackbone, backbone, needed
from analysis.experiments.transfer.parts import ALL
from analysis.experiments.transfer.start import begin
from cnn_models.spec import Preprocessing

FOLDER = "folder"


@dataclass(frozen=True)
class Run:
    """Which network learns what, and how.

    Attributes:
        network: key of the catalogue, or a name of `lab.BUILDERS`.
        data: a name of `sources.SOURCES`, or "folder" where the pictures are handed over; all of
            those are used, whatever `train` and `test` say.
        side: height and width of an image, in pixels.
        train: images to learn from.
        test: images to be judged by, which are none of those.
        config: how to train; its seed also decides the first weights and the data.
        options: of the network, and of `lab.altered`.
        label: what a chart calls the run.
        augment: how the images are varied, such as "crop+flip" or "none", as `augment.composed`
            takes it; as the data set does by itself where empty.
        weights: what the network starts from, as `transfer.backbones` names it, such as
            "shipped shapes"; with fresh weights where empty. The last layer is always fresh.
        unfrozen: how many stages before the last layer learn, counted from the output; -1 for
            all of them.
    """

    network: str
    data: str = "shapes"
    side: int = 32
    train: int = 2000
    test: int = 500
    config: TrainingConfig = field(default_factory=TrainingConfig)
    options: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    augment: str = ""
    weights: str = ""
    unfrozen: int = ALL

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
        for name in ("data", "side", "train", "test", "augment", "weights", "unfrozen"):
            if getattr(self, name) != getattr(default, name):
                parts += [f"--{name}", str(getattr(self, name))]
        for name, value in asdict(self.config).items():
            if value != getattr(TrainingConfig(), name):
                flag = f"--{name.replace('_', '-')}"
                parts += [flag] if value is True else [flag, str(value)]
        if self.data == FOLDER:
            parts += ["--pictures", "FOLDER"]
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
            model = lab.build(run.network, classes, options_of(run))
        with torch.no_grad():
            model.eval()(torch.zeros(1, channels, run.side, run.side))
        begin(model, run.network, run.weights, run.unfrozen)
    except NoBackbone:
        raise
    except (cnn_models.UnknownModel, TypeError, ValueError, RuntimeError) as problem:
        raise TrainingError(f"{run.title} cannot be trained so. {problem}") from problem
    return model.train()


def options_of(run: Run) -> dict[str, Any]:
    """The options of the network: those that its first weights need, and the run's own."""
    return {**needed(run.network, run.weights), **run.options}


def channels_of(run: Run) -> int:
    """How many channels the network takes: 3, but 1 for LeNet."""
    return lab.channels(run.network)


def preprocessing(run: Run) -> Preprocessing:
    """What is done to a picture: as the weights want it that the run starts from.

    Raises:
        NoBackbone: if there are no such weights.
    """
    return backbone(run.network, run.weights).preprocessing if run.weights else to_two(run.side)


def sized(run: Run, folder: Folder | None) -> Run:
    """The run with as many images as the user's pictures give, where it learns those."""
    if run.data != FOLDER or folder is None:
        return run
    learned, held = folder.split(run.config.seed)
    return replace(run, train=len(learned), test=len(held))


def check(run: Run, folder: Folder | None = None) -> None:
    """Refuse what the data cannot give, before anything is drawn.

    Raises:
        TrainingError: if the data set does not have so many images, is not here, or does not suit
            the network; if there is no such augmentation.
    """
    recipe = preprocessing(run)
    if recipe.crop != run.side:
        raise TrainingError(
            f"The weights {run.weights!r} of {run.network} want pictures of {recipe.crop} pixels a "
            f"side, not {run.side}."
        )
    if run.data == FOLDER:
        if folder is None:
            raise TrainingError("There are no pictures of your own to learn from; choose some.")
        _check_channels(run, folder.images.shape[1], "your folder")
        check_config(len(folder.split(run.config.seed)[0]), run.config)
    else:
        _check_source(run, run.source())
        check_config(run.train, run.config)
    try:
        augment.parts(run.augment or augment.NONE)
    except augment.UnknownAugmentation as problem:
        raise TrainingError(str(problem)) from problem


def _check_source(run: Run, source: Source) -> None:
    if source.most is not None and run.train > source.most:
        raise TrainingError(
            f"{source.title} has {source.most:,} images to learn from, not {run.train:,}."
        )
    if min(run.train, run.test) < 1:
        raise TrainingError("At least one image is needed to learn from, and one to be judged by.")
    _check_channels(run, source.channels, source.title)
    if source.archive:
        source.archive.check_is_here()


def _check_channels(run: Run, channels: int, title: str) -> None:
    if channels_of(run) < channels:
        ink = " or ".join(source.title for source in SOURCES.values() if source.channels == 1)
        raise TrainingError(
            f"{run.title} takes one channel of ink, and {title} has three of colour. It can learn "
            f"{ink}."
        )


def drawn(run: Run, folder: Folder | None = None) -> Data:
    """The images, with as many channels as the network takes, varied as the run says.

    Args:
        run: what is learned.
        folder: the pictures of the user, where the run learns those.

    Raises:
        TrainingError: as `check`.
    """
    check(run, folder)
    if run.data == FOLDER and folder:
        data = folder.data(run.side, run.config.seed, preprocessing(run))
    else:
        data = run.source().draw(run.side, run.train, run.test, run.config.seed)
        if run.weights and data.train.images.dtype == torch.uint8:
            data = replace(data, prepare=normalised(preprocessing(run)))
    if run.augment:
        data = replace(data, augment=augment.composed(run.augment, data.train.images))
    return in_colour(data, channels_of(run))
