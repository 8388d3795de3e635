"""What is to be noticed when a network looks at one picture several times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

import cnn_models
from analysis.amounts import percent, short
from analysis.structure.graph import trace
from analysis.vision.predicting.dense import DenseAnswer
from analysis.vision.predicting.together import average
from analysis.vision.voices import Voice

DENSE = (
    "The network slides over the whole picture at three sizes, as VGG and OverFeat did. Its fully "
    "connected layers become convolutions, the scores are averaged over the picture and the "
    "probabilities over the sizes. A picture more than twice as long as wide loses its far ends."
)


def captions(classes: Sequence[str], shares: np.ndarray, labels: Sequence[str]) -> list[str]:
    """Under each look its place, its class and how sure the network is."""
    return [
        f"{label}: {classes[row.argmax()]} {percent(row.max())}"
        for label, row in zip(labels, shares, strict=True)
    ]


def work_of_one(speaker: Voice) -> int:
    """Multiply-adds of one look, at the size and with the classes of the weights that speak."""
    with torch.device("meta"):
        model = cnn_models.build(speaker.key, num_classes=len(speaker.classes))
    return trace(model, speaker.input_shape).totals().macs


def of_crops(name: str, classes: Sequence[str], shares: np.ndarray, macs: int) -> str:
    """The average against each look alone, and what the looks cost.

    Args:
        name: of the network.
        classes: that it knows.
        shares: (N, classes), a row a look.
        macs: multiply-adds of one look.
    """
    mean, count = average(shares), len(shares)
    best = int(mean.argmax())
    said = f"{name} says **{classes[best]}** with {percent(mean[best])}"
    if count == 1:
        return f"{said}, for {short(macs)} multiply-adds."
    alone = shares[:, best]
    alike = int((shares.argmax(axis=1) == best).sum())
    return (
        f"{said} on average over {count} images. Alone they give it {percent(alone.min())} to "
        f"{percent(alone.max())}, and {alike} of {count} put it first. The price is {count} times "
        f"the work: {short(count * macs)} multiply-adds."
    )


def of_dense(name: str, speaker: Voice, answer: DenseAnswer) -> str:
    """The average against each size alone, and what it costs."""
    mean = average(answer.shares)
    best = int(mean.argmax())
    sizes = ", ".join(
        f"{percent(row[best])} at {height} × {width}"
        for (height, width), row in zip(answer.sizes, answer.shares, strict=True)
    )
    height, width = speaker.input_shape[1:]
    return (
        f"{name} says **{speaker.classes[best]}** with {percent(mean[best])} on average: {sizes} "
        f"pixels. The price is {answer.pixels:.1f} times the pixels of one look at "
        f"{height} × {width}."
    )
