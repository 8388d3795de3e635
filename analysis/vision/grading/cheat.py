"""Explanations of a network that cheats: how much of each map lies on the tag that betrays it.

The cheating network learned from pictures with a tag of their class's colour in a corner; the
honest one never saw a tag. Both are graded on the same pictures with true tags.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from torch import nn

from analysis.experiments.datasets import resized
from analysis.experiments.shortcut import Shortcut
from analysis.progress import Report, silent
from analysis.vision.attribution import AttributionMap, attribute
from analysis.vision.grading.exam import SEED, SPLIT, Exam, answered, as_inputs, small_mask
from analysis.vision.grading.explained import controls, explained
from analysis.vision.grading.truth import inside
from analysis.vision.prediction import predict
from analysis.vision.probe import Shared
from cnn_models.spec import Preprocessing

KEY = "cifar_resnet20"
CHEATING, HONEST = "shapes_shortcut", "shapes"  # what the two networks learned from


@dataclass(frozen=True, eq=False)
class TaggedExam:
    """Pictures with a tag: `exam.absent` is each without its tag, `exam.masks` are the objects.

    `tags` (N, S, S) bool are the tags' pixels, `said` (N,) the classes that they name, -1 for none.
    """

    exam: Exam
    tags: np.ndarray
    said: np.ndarray

    def of(self, chosen: np.ndarray) -> TaggedExam:
        """The pictures at these places."""
        return TaggedExam(self.exam.of(chosen), self.tags[chosen], self.said[chosen])


def draw_tagged(
    preprocessing: Preprocessing, count: int, seed: int = SEED, tag: str = "true"
) -> TaggedExam:
    """Pictures 0 to `count` - 1 of the test split with this tag, as `exam.draw` draws them.

    Raises:
        ValueError: if `count` is not positive.
        analysis.experiments.shapes.ShapesError: for an unknown tag or a negative seed.
    """
    if count < 1:
        raise ValueError(f"{count} pictures cannot be graded; take 1 or more.")
    side, plain = preprocessing.crop, Shortcut(seed, SPLIT, "none")
    samples = [Shortcut(seed, SPLIT, tag)[index] for index in range(count)]
    pictures = np.stack([resized(sample.image, side) for sample in samples])
    absent = np.stack([resized(plain[index].image, side) for index in range(count)])
    exam = Exam(
        pictures,
        as_inputs(pictures, preprocessing),
        as_inputs(absent, preprocessing),
        np.stack([small_mask(sample.mask, side) for sample in samples]),
        np.array([sample.label for sample in samples]),
    )
    tags = np.stack([small_mask(sample.tag, side) for sample in samples])
    return TaggedExam(exam, tags, np.array([sample.said for sample in samples]))


def both_right(networks: Mapping[str, Shared], drawn: TaggedExam) -> TaggedExam:
    """The pictures whose class every network names."""
    return drawn.of(in_all([answered(network, drawn.exam) for network in networks.values()]))


def in_all(places: Sequence[np.ndarray]) -> np.ndarray:
    """The places that are in each list, in order.

    Raises:
        ValueError: if there is none.
    """
    common = set.intersection(*(set(found.tolist()) for found in places))
    if not common:
        raise ValueError("There is no picture whose class all networks name; draw more.")
    return np.array(sorted(common), dtype=np.int64)


def exposed(
    networks: Mapping[str, Shared],
    drawn: TaggedExam,
    methods: Sequence[str],
    report: Report = silent,
) -> pd.DataFrame:
    """Shares of the maps on the tag and on the object.

    Args:
        networks: by what they learned from, such as `CHEATING` and `HONEST`.
        drawn: pictures whose class all of them name.
        methods: keys of `METHODS`; the edges of the pictures come along.
        report: counts maps.

    Returns:
        Columns network, method, picture, tag, object; the shares are 0..1.
    """
    rows, size = [], len(methods) * len(drawn.tags)
    for place, (name, network) in enumerate(networks.items()):

        def counted(done: int, _total: int, before: int = place * size) -> None:
            report(before + done, size * len(networks))

        maps = dict(explained(network, drawn.exam, methods, counted).maps)
        maps["edges"] = controls(drawn.exam)["edges"]
        masks = drawn.tags, drawn.exam.masks
        for method, found in maps.items():
            rows += [
                (name, method, i, inside(values, tag), inside(values, whole))
                for i, (values, tag, whole) in enumerate(zip(found, *masks, strict=True))
            ]
    return pd.DataFrame(rows, columns=["network", "method", "picture", "tag", "object"])


@dataclass(frozen=True, eq=False)
class Told:
    """What one network says of one tagged picture, and its map for the class that it names.

    `picture` (S, S, 3) uint8; `mask` and `tag` (S, S) bool; `label`, `said` and `named` are the
    true class, the tag's (-1 for none) and the network's; all shares are 0..1.
    """

    picture: np.ndarray
    mask: np.ndarray
    tag: np.ndarray
    label: int
    said: int
    named: int
    probability: float
    map: AttributionMap
    on_tag: float
    on_object: float


def told(model: nn.Module | Shared, drawn: TaggedExam, place: int, method: str) -> Told:
    """Ask a network about picture `place`, and one method why.

    Raises:
        ValueError: if the method is wrong for the network.
    """
    exam, tag = drawn.exam, drawn.tags[place]
    x, mask = exam.inputs[place : place + 1], exam.masks[place]
    shares = predict(model, x)[0]
    named = int(shares.argmax())
    found = attribute(model, x, named, method)
    return Told(
        exam.pictures[place],
        mask,
        tag,
        int(exam.labels[place]),
        int(drawn.said[place]),
        named,
        float(shares[named]),
        found,
        inside(found.values, tag),
        inside(found.values, mask),
    )
