"""Real pictures to judge an exciting image by, and what they show."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from analysis.vision.samples import samples
from analysis.vision.shape_batch import knows_shapes, shape_batch
from analysis.vision.sight import sight
from analysis.vision.voices import Voice

COUNT = 100
SEED = 0


@dataclass(frozen=True, eq=False)
class Real:
    """Pictures as the network gets them, each (C, H, W), what each shows, and whose they are."""

    images: tuple[Tensor, ...]
    shows: tuple[str, ...]
    whose: str


def real(speaker: Voice) -> Real:
    """Pictures that a network did not learn from.

    For one that learned Shapes or reads digits: the first 100 of the test split of seed 0. For
    any other, also one that learned nothing: the sample pictures that ship with the atlas.
    """
    if speaker.reads_ink:
        return _digits()
    if knows_shapes(speaker):
        return _shapes(speaker)
    return _samples(speaker)


def _digits() -> Real:
    from analysis.experiments.digits import digits

    held = digits(SEED).test  # (599, 1, 32, 32), 0 paper to 1 ink
    shows = tuple(f"a {int(label)}" for label in held.labels[:COUNT])
    return Real(tuple(held.images[:COUNT].float()), shows, f"{len(shows)} digits of the test split")


def _shapes(speaker: Voice) -> Real:
    held = shape_batch(speaker, COUNT, SEED)
    shows = tuple(_a(speaker.classes[label]) for label in held.labels)
    whose = f"{COUNT} pictures of Shapes, test split, seed {SEED}"
    return Real(tuple(held.images), shows, whose)


def _samples(speaker: Voice) -> Real:
    images, shows = [], []
    for sample in samples().values():
        with Image.open(sample.path) as opened:
            images.append(torch.as_tensor(sight(opened.copy(), speaker).tensor[0]))
        shows.append(f"the sample “{sample.label}”")
    return Real(tuple(images), tuple(shows), f"{len(images)} sample pictures")


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
