"""Grades of explanations: a row for each method and picture, and their means with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from torch import nn

from analysis.progress import Report, silent
from analysis.vision.grading import curves, intervals
from analysis.vision.grading.exam import SEED, Exam, answered, draw
from analysis.vision.grading.explained import Explained, controls, explained
from analysis.vision.grading.measures import MEASURES
from analysis.vision.grading.randomised import randomised
from analysis.vision.grading.similarity import rank_correlation, ssim
from analysis.vision.grading.truth import inside, pointing, target_area, tolerance
from analysis.vision.probe import Shared
from analysis.vision.voices import Voice

Maps = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Plan:
    """How to grade: `count` pictures of one seed; `filling` and `steps` are of the two curves."""

    count: int = 20
    seed: int = SEED
    filling: str = "absent"
    steps: int = curves.STEPS


PLAN = Plan()


@dataclass(frozen=True, eq=False)
class Grades:
    """A row for each method and picture, with a column for each measure and `ssim`.

    Of `drawn` pictures the network names `right`, and only those are graded. `refused` gives the
    reason of each method that cannot be asked.
    """

    rows: pd.DataFrame
    drawn: int
    right: int
    refused: Mapping[str, str]


def grade(
    model: nn.Module | Shared,
    speaker: Voice,
    methods: Sequence[str],
    plan: Plan = PLAN,
    report: Report = silent,
) -> Grades:
    """Grade the explanations of one network that knows Shapes by every measure.

    Raises:
        ValueError: if the network names none of the pictures, or the plan cannot be done.
    """
    thirds = _parts(report, 3)
    drawn = draw(speaker.preprocessing, plan.count, plan.seed)
    exam, found = examined(model, drawn, methods, thirds[0])
    rows = graded_by("inside", model, exam, found, plan)
    for measure, part in (("insertion", thirds[1]), ("weights", thirds[2])):
        more = graded_by(measure, model, exam, found, plan, part)
        rows = rows.merge(more, how="left", on=["method", "picture"])
    return Grades(rows, plan.count, len(exam), found.refused)


def examined(
    model: nn.Module | Shared, drawn: Exam, methods: Sequence[str], report: Report = silent
) -> tuple[Exam, Explained]:
    """The pictures whose class the network names, and its maps of them; `report` counts maps.

    Raises:
        ValueError: if it names none of them.
    """
    exam = drawn.of(answered(model, drawn))
    if not len(exam):
        raise ValueError(f"The network names none of these {len(drawn)} pictures; draw more.")
    return exam, explained(model, exam, methods, report)


def graded_by(
    measure: str,
    model: nn.Module | Shared,
    exam: Exam,
    found: Explained,
    plan: Plan = PLAN,
    report: Report = silent,
) -> pd.DataFrame:
    """Grade maps, and the controls, by one of `MEASURES`: columns method, picture and the measure.

    All measures of its group come together, and `ssim` with the weights.

    Raises:
        ValueError: for a measure or a filling that there is not.
    """
    if measure not in MEASURES:
        raise ValueError(f"There is no measure {measure!r}; take {', '.join(MEASURES)}.")
    group = MEASURES[measure].group
    everything = {**found.maps, **controls(exam, plan.seed)}
    if group == "truth":
        return against_truth(everything, exam)
    if group == "pixels":
        return by_pixels(model, exam, everything, plan, report)
    return under_random_weights(model, exam, found, plan.seed, report)


def against_truth(maps: Maps, exam: Exam) -> pd.DataFrame:
    """Pointing game and share inside: columns method, picture, pointing, inside."""
    return pd.DataFrame(
        [
            (method, place, pointing(values, mask), inside(values, mask))
            for method, found in maps.items()
            for place, (values, mask) in enumerate(zip(found, exam.masks, strict=True))
        ],
        columns=["method", "picture", "pointing", "inside"],
    )


def by_pixels(
    model: nn.Module | Shared, exam: Exam, maps: Maps, plan: Plan = PLAN, report: Report = silent
) -> pd.DataFrame:
    """Areas of the two curves: columns method, picture, insertion, deletion."""
    rows = []
    for place, target in enumerate(exam.labels):
        report(place, len(exam))
        x, absent = exam.inputs[place : place + 1], exam.absent[place : place + 1]
        orders = np.stack([curves.order(found[place], plan.seed) for found in maps.values()])
        baseline = curves.filling(plan.filling, x, absent)
        run = curves.insertion_deletion(model, x, orders, int(target), baseline, plan.steps)
        rows += [
            (method, place, float(put), float(taken))
            for method, put, taken in zip(maps, *run.areas, strict=True)
        ]
    report(len(exam), len(exam))
    return pd.DataFrame(rows, columns=["method", "picture", "insertion", "deletion"])


def under_random_weights(
    model: nn.Module | Shared, exam: Exam, found: Explained, seed: int, report: Report = silent
) -> pd.DataFrame:
    """Likeness to the maps of a twin with random weights: method, picture, weights, ssim.

    `weights` is the rank correlation. The edges of the picture come along: they stay the same.
    """
    twin = randomised(model, exam.inputs, seed)
    forgot = {**explained(twin, exam, list(found.maps), report).maps}
    edges = controls(exam)["edges"]
    pairs = {method: (found.maps[method], forgot[method]) for method in forgot}
    pairs["edges"] = edges, edges
    return pd.DataFrame(
        [
            (method, place, rank_correlation(one, other), ssim(one, other))
            for method, both in pairs.items()
            for place, (one, other) in enumerate(zip(*both, strict=True))
        ],
        columns=["method", "picture", "weights", "ssim"],
    )


def summary(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """One row a method: mean, low, high (95%) and n, in the order of `rows`.

    The interval is Wilson's for the pointing game and Student's for the other measures.
    """
    values: dict[str, list[float]] = {}
    for row in rows.to_dict("records"):
        if not np.isnan(row[measure]):
            values.setdefault(row["method"], []).append(row[measure])
    found = {method: _mean(measure, np.array(own)) for method, own in values.items()}
    return pd.DataFrame.from_dict(found, orient="index", columns=list(intervals.Mean._fields))


def _mean(measure: str, values: np.ndarray) -> intervals.Mean:
    if measure in MEASURES and MEASURES[measure].is_share:
        return intervals.share(values)
    return intervals.mean(values, least=-1 if measure in ("weights", "ssim") else 0)


def chance(measure: str, exam: Exam, rows: pd.DataFrame) -> float | None:
    """The grade of a map that knows nothing: by area, or as the random map did; None for weights.

    For the pointing game the area is the object's with the tolerance around it.
    """
    if measure == "pointing":
        allowed = tolerance(exam.masks.shape[1])
        return float(np.mean([target_area(mask, allowed).mean() for mask in exam.masks]))
    if measure == "inside":
        return float(exam.masks.mean())
    if measure in ("insertion", "deletion"):
        return float(summary(rows, measure).to_dict("index")["random"]["mean"])
    return None


def _parts(report: Report, parts: int) -> list[Report]:
    """Reports of works that follow each other, each with an equal part of the bar."""
    size = 1000

    def of(part: int) -> Report:
        return lambda done, total: report(
            part * size + (size * done // total if total else 0), parts * size
        )

    return [of(part) for part in range(parts)]
