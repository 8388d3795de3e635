"""One picture of those that are graded: its maps, its mask, and the grade of each map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from torch import nn

from analysis.amounts import percent
from analysis.progress import Report, silent
from analysis.vision.attribution import AttributionMap
from analysis.vision.grading import curves
from analysis.vision.grading.exam import Exam
from analysis.vision.grading.explained import CONTROLS, as_map, controls, explained
from analysis.vision.grading.grades import PLAN, Plan, against_truth
from analysis.vision.grading.randomised import randomised
from analysis.vision.grading.similarity import rank_correlation
from analysis.vision.probe import Shared


@dataclass(frozen=True, eq=False)
class Example:
    """`maps` by method, (S, S) each, controls included; `forgot` those of the random twin.

    `grades` are numbers by method: 0 or 1 for the pointing game, 0..1 for the rest. `run` holds
    the two curves in the order of `maps`, where they are what is graded.
    """

    picture: np.ndarray
    mask: np.ndarray
    label: int
    maps: Mapping[str, AttributionMap]
    grades: Mapping[str, float]
    forgot: Mapping[str, AttributionMap]
    run: curves.Curves | None = None
    refused: Mapping[str, str] | None = None


def example(
    measure: str,
    model: nn.Module | Shared,
    exam: Exam,
    place: int,
    methods: Sequence[str],
    plan: Plan = PLAN,
    report: Report = silent,
) -> Example:
    """Grade the maps of picture `place` of `exam` by one of `MEASURES`; `report` counts maps.

    Raises:
        ValueError: for a filling that there is not.
        IndexError: if the exam has no such picture.
    """
    one = exam.of(np.array([place]))
    found = explained(model, one, methods, report)
    values = {**found.maps, **controls(exam, plan.seed)}
    values = {name: maps[place if name in CONTROLS else 0] for name, maps in values.items()}
    plain = Example(
        one.pictures[0],
        one.masks[0],
        int(one.labels[0]),
        {name: as_map(name, map_) for name, map_ in values.items()},
        {},
        {},
        refused=found.refused,
    )
    if measure in ("insertion", "deletion"):
        return _followed(plain, measure, model, one, plan)
    if measure == "weights":
        return _forgotten(plain, model, exam, one, plan.seed, report)
    marks = against_truth({name: map_[None] for name, map_ in values.items()}, one)
    return replace(plain, grades=dict(zip(marks["method"], marks[measure], strict=True)))


def _followed(
    plain: Example, measure: str, model: nn.Module | Shared, one: Exam, plan: Plan
) -> Example:
    orders = np.stack([curves.order(map_.values, plan.seed) for map_ in plain.maps.values()])
    baseline = curves.filling(plan.filling, one.inputs, one.absent)
    run = curves.insertion_deletion(model, one.inputs, orders, plain.label, baseline, plan.steps)
    areas = run.areas[0 if measure == "insertion" else 1]
    return replace(plain, grades=dict(zip(plain.maps, map(float, areas), strict=True)), run=run)


def _forgotten(
    plain: Example, model: nn.Module | Shared, exam: Exam, one: Exam, seed: int, report: Report
) -> Example:
    twin = randomised(model, exam.inputs, seed)
    asked = [method for method in plain.maps if method not in CONTROLS]
    forgot = {name: maps[0] for name, maps in explained(twin, one, asked, report).maps.items()}
    forgot["edges"] = plain.maps["edges"].values
    kept = {name: plain.maps[name] for name in forgot}
    alike = {name: rank_correlation(kept[name].values, forgot[name]) for name in forgot}
    later = {name: as_map(name, values) for name, values in forgot.items()}
    return replace(plain, maps=kept, forgot=later, grades=alike)


def verdict(measure: str, grade: float) -> str:
    """A grade of one map in words."""
    if measure == "pointing":
        return "hit" if grade == 1 else "miss" if grade == 0 else f"{percent(grade)} of a hit"
    said = {
        "inside": f"{percent(grade)} inside",
        "insertion": f"area {percent(grade)}",
        "deletion": f"area {percent(grade)}",
        "weights": f"rank correlation {grade:.2f}",
    }
    return said[measure]
