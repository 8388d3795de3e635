"""What the record of transfer comes to, in numbers and in a sentence that quotes them."""

from __future__ import annotations

import pandas as pd

from analysis.amounts import counted, percent
from analysis.experiments.studies.spread import Spread, over, seeds_said
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer.parts import ALL
from analysis.experiments.transfer.samples import CLASSES
from analysis.experiments.transfer.study import FIXED, MOST, PROBE, SCRATCH, STAGES, TUNED
from analysis.experiments.transfer.tuning import FRESH_STEPS, STEPS


def by_shots(rows: pd.DataFrame) -> dict[str, dict[int, Spread]]:
    """Right answers of each way by pictures a class, over the seeds, all layers trained or none."""
    found: dict[str, dict[int, list[float]]] = {PROBE: {}, TUNED: {}, SCRATCH: {}}
    for row in rows.to_dict("records"):
        if row["way"] == PROBE or row["unfrozen"] == ALL:
            found[row["way"]].setdefault(int(row["shots"]), []).append(float(row["accuracy"]))
    return {way: _over_seeds(line) for way, line in found.items()}


def _over_seeds(line: dict[int, list[float]]) -> dict[int, Spread]:
    return {place: over(line[place]) for place in sorted(line)}


def by_stages(rows: pd.DataFrame) -> dict[int, Spread]:
    """Right answers at ten pictures a class by how many stages before the last layer learn."""
    found: dict[int, list[float]] = {}
    for row in rows.to_dict("records"):
        if row["way"] == TUNED and row["shots"] == FIXED:
            count = STAGES if row["unfrozen"] == ALL else int(row["unfrozen"])
            found.setdefault(count, []).append(float(row["accuracy"]))
    return _over_seeds(found)


def verdict(rows: pd.DataFrame) -> str:
    """What trained weights are worth, with the range over the seeds.

    Raises:
        TrainingError: if the record lacks a way or ten pictures a class.
    """
    ways = by_shots(rows)
    if not all(FIXED in line for line in ways.values()):
        raise TrainingError("The record lacks ten pictures a class; record it once more.")
    probe, tuned, scratch = (ways[way] for way in (PROBE, TUNED, SCRATCH))
    last = max(scratch)
    return (
        f"With {FIXED} pictures a class, a new last layer on trained features is right on "
        f"{probe[FIXED]} of pictures it has not seen, all layers tuned from trained weights on "
        f"{tuned[FIXED]}, and the same network from scratch, with {FRESH_STEPS / STEPS:g} times "
        f"the steps, on {scratch[FIXED]}, where guessing gives {percent(1 / len(CLASSES))}. With "
        f"{last} pictures "
        f"a class the network from scratch comes to {scratch[last]}, and with {MOST} the new last "
        f"layer to {probe[MOST]}. {_of_stages(by_stages(rows))} "
        f"({seeds_said(rows)})."
    )


def _of_stages(stages: dict[int, Spread]) -> str:
    """Which number of tuned stages did best, if the ranges over the seeds decide it."""
    best, worst = (pick(stages, key=lambda n: stages[n].mean) for pick in (max, min))
    if max(one.low for one in stages.values()) <= min(one.high for one in stages.values()):
        return (
            f"How many stages are tuned at {FIXED} pictures is not decided by these seeds, whose "
            f"ranges overlap: from {stages[worst]} with {worst} to {stages[best]} with {best}"
        )
    return (
        f"Tuning {counted(best, 'stage')} before the last layer did best at {FIXED} pictures, "
        f"{stages[best]}, and {worst} worst, {stages[worst]}"
    )
