"""How many pictures a class needs, with trained weights and without: a record over seeds.

Five shapes that no network of the project has learned (`samples`) are learned from a few pictures
each, in three ways, and at ten pictures with more and more stages trained. Each seed draws its own
pictures to learn from; all are judged by the same others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd
import torch

from analysis.experiments import runs
from analysis.experiments.data import Data, Split
from analysis.experiments.datasets import fitted_all, mirrored, normalised
from analysis.experiments.folder import Folder
from analysis.experiments.runs import Run
from analysis.experiments.training import accuracy, fit
from analysis.experiments.transfer import head, probe
from analysis.experiments.transfer.backbones import FIRST, backbone
from analysis.experiments.transfer.samples import CLASSES, samples
from analysis.experiments.transfer.tuning import tuning
from analysis.vision.voices import Voice

QUESTION = "How many pictures a class does a network need that has learned other classes before?"
SEEDS = (0, 1, 2, 3)
WEIGHTS = "shipped shapes"
PROBE, TUNED, SCRATCH = "new last layer", "all layers tuned", "from scratch"
SHOTS = (1, 5, 10, 20)  # pictures a class
MOST = 50  # pictures a class for the probe, which costs nothing more
FIXED = 10  # pictures a class, at which the stages are counted
STAGES = 4  # of the network before its last layer, all of which is -1
HELD = 50  # pictures a class that all are judged by
Say = Callable[[str], None]


def rows(seeds: Sequence[int], say: Say) -> Iterator[pd.DataFrame]:
    """Columns way, shots, unfrozen, accuracy and seed; the unfrozen stages are -1 for all.

    The probe, which trains no stage and is no run, has `unfrozen` 0 and its own name.
    """
    voice, held = backbone(FIRST, WEIGHTS), samples(HELD, split="test")
    for seed in seeds:
        found = []
        for line in _of_seed(voice, samples(MOST, seed), held, seed):
            say(f"seed {seed}: {line[0]}, {line[1]} a class, unfrozen {line[2]}: {line[3]:.1%}")
            found.append(line)
        table = pd.DataFrame(found, columns=["way", "shots", "unfrozen", "accuracy"])
        yield table.assign(seed=seed)


Line = tuple[str, int, int, float]


def _of_seed(voice: Voice, drawn: Folder, held: Folder, seed: int) -> Iterator[Line]:
    seen, judge = probe.look(voice, drawn), probe.look(voice, held)
    for shots in (*SHOTS, MOST):
        count = shots * len(CLASSES)
        layer = head.fitted(seen.features[:count], drawn.labels[:count], len(CLASSES))
        right = layer.scores(judge.features).argmax(axis=1) == held.labels
        yield PROBE, shots, 0, float(np.mean(right))
    for run, shots in planned(seed):
        yield run.label, shots, run.unfrozen, _learned(run, drawn, held, shots)


def planned(seed: int = 0) -> list[tuple[Run, int]]:
    """The runs of a seed, each with its pictures a class."""
    everything = [(_run(way, shots, seed), shots) for shots in SHOTS for way in (TUNED, SCRATCH)]
    some = [(replace(_run(TUNED, FIXED, seed), unfrozen=count), FIXED) for count in range(STAGES)]
    return [*everything, *some]


def _run(way: str, shots: int, seed: int) -> Run:
    fresh = way == SCRATCH
    count = shots * len(CLASSES)
    return Run(
        FIRST,
        side=backbone(FIRST, WEIGHTS).preprocessing.crop,
        train=count,
        test=HELD * len(CLASSES),
        config=tuning(count, seed, fresh),
        label=way,
        weights="" if fresh else WEIGHTS,
    )


def _learned(run: Run, drawn: Folder, held: Folder, shots: int) -> float:
    """The share of right answers after the run; it is looked at once, at the end."""
    recipe, count = runs.preprocessing(run), shots * len(CLASSES)
    train = _split(drawn.images[:count], drawn.labels[:count], run)
    few = Split(train.images[:1], train.labels[:1])
    model = runs.network(run, len(CLASSES), runs.channels_of(run))
    fit(model, Data(train, few, normalised(recipe), mirrored, CLASSES), run.config)
    return accuracy(model, _split(held.images, held.labels, run), normalised(recipe))


def _split(images: np.ndarray, labels: np.ndarray, run: Run) -> Split:
    pictures = fitted_all(images, runs.preprocessing(run))
    return Split(torch.from_numpy(pictures), torch.from_numpy(labels))


def settings() -> list[dict[str, Any]]:
    """What the card says of the runs of the first seed."""
    return [{**asdict(run), "shots": shots} for run, shots in planned()]
