"""Which network speaks: a key with the weights at hand, the classes it knows, and its model."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

import cnn_models
from analysis.vision.prediction import imagenet_classes
from cnn_models import weights
from cnn_models.spec import Preprocessing

# For a network that learned nothing: the whole picture, values from -1 to 1.
_SEED = 0
_SEEDED = threading.Lock()  # torch's generator is one for all threads, and so for all sessions
_NEUTRAL = (0.5,)


@dataclass(frozen=True)
class Voice:
    """A network and the best weights on this machine: shipped, else public, else none.

    `weights_name` tells one set of weights from another, also for a cache; `sentence` says whose
    they are. `classes` are the names of the outputs. `trained_on` is empty for random weights.
    `fetchable` says that public weights exist but are not here yet; `size_mib` is then the size of
    their file in MiB, None where their owner states none.
    """

    key: str
    weights_name: str
    sentence: str
    trained_on: str
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]
    preprocessing: Preprocessing
    fetchable: bool = False
    size_mib: float | None = None

    @property
    def reads_ink(self) -> bool:
        """Whether the network takes one channel of ink, as LeNet does."""
        return self.input_shape[0] == 1


def voice(key: str, dataset: str | None = None) -> Voice:
    """The network `key` with the best weights that are on this machine; nothing is loaded.

    Of several weights that ship the first speaks, or those trained on `dataset`.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
        cnn_models.WeightsUnavailable: if none that ship were trained on `dataset`.
    """
    spec, speaking = cnn_models.spec(key), weights.speaking(key)
    if dataset is not None:
        return _trained(weights.shipped_one(key, dataset))
    if speaking.shipped:
        return _trained(speaking.shipped[0])
    if speaking.public and speaking.path:
        public = speaking.public
        return Voice(
            key,
            f"public {public.name}",
            speaking.sentence,
            "imagenet",
            imagenet_classes(),
            (3, public.preprocessing.crop, public.preprocessing.crop),
            public.preprocessing,
        )
    channels, side, _ = spec.input_shape
    neutral = _NEUTRAL * channels
    return Voice(
        key,
        "untrained",
        speaking.sentence,
        "",
        tuple(f"output {i}" for i in range(spec.num_classes)),
        spec.input_shape,
        Preprocessing(side, side, "bilinear", neutral, neutral),
        fetchable=speaking.public is not None,
        size_mib=speaking.public.size_mib if speaking.public else None,
    )


def _trained(own: weights.ShippedWeights) -> Voice:
    return Voice(
        own.key,
        f"shipped {own.dataset}",
        own.sentence,
        own.dataset,
        own.classes,
        own.input_shape,
        own.preprocessing,
    )


def load(speaker: Voice, device: torch.device) -> nn.Module:
    """The network of `speaker` in evaluation mode on `device`; random weights come from one seed.

    Raises:
        cnn_models.WeightsUnavailable: if its file has gone or is damaged.
    """
    if speaker.weights_name.startswith("shipped"):
        model = weights.load_shipped(speaker.key, speaker.trained_on)
    elif speaker.weights_name.startswith("public"):
        model = weights.pretrained(speaker.key)
    else:
        model = untrained(speaker.key)
    return model.eval().to(device)


def untrained(key: str, **options: Any) -> nn.Module:
    """The network `key` with random weights, the same every time.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
        TypeError, ValueError: as `cnn_models.build`, for the options.
    """
    with _SEEDED, torch.random.fork_rng(devices=[]):
        torch.manual_seed(_SEED)
        return cnn_models.build(key, **options)


def trained_here() -> tuple[str, ...]:
    """Keys of the networks that can speak on any machine, because their weights ship."""
    return tuple(dict.fromkeys(own.key for own in weights.shipped_all()))
