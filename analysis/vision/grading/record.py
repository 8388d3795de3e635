"""Grade all methods on all shipped networks that know Shapes, and keep the means.

    python -m analysis.vision.grading.record --count 50

writes assets/grading.csv, which the Grading page shows at once; its first lines say how it was
made. A row is the mean of one measure for one network and method with its interval.
"""

from __future__ import annotations

import argparse
import datetime
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import torch

from analysis.vision.attribution import METHODS
from analysis.vision.grading.cheat import (
    CHEATING,
    HONEST,
    KEY,
    both_right,
    draw_tagged,
    exposed,
)
from analysis.vision.grading.exam import SEED, answered, draw
from analysis.vision.grading.grades import Plan, chance, grade, summary
from analysis.vision.grading.measures import MEASURES
from analysis.vision.probe import Shared
from analysis.vision.shape_batch import knowing_shapes
from analysis.vision.voices import Voice, load, voice

FILE = Path(__file__).parents[3] / "assets" / "grading.csv"
COUNT = 50
CHANCE = "chance"  # in the place of a method
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Recorded:
    """What the file holds: how it was made, and a row for each network, method and measure.

    `rows` has the columns network, method, measure, mean, low, high, n. The measures are those of
    `MEASURES`, `ssim`, and `tag` and `object` for the two networks of the shortcut, which are
    called by what they learned from.
    """

    made: dict[str, str]
    rows: pd.DataFrame


@cache
def recorded() -> Recorded:
    """Read the file."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    comments = [line[1:].partition(":") for line in lines if line.startswith("#")]
    made = {name.strip(): value.strip() for name, _, value in comments}
    return Recorded(made, pd.read_csv(FILE, comment="#"))


def network_rows(speaker: Voice, plan: Plan, methods: Sequence[str]) -> pd.DataFrame:
    """The rows of one network for every measure, with what chance would give."""
    model = Shared(load(speaker, torch.device("cpu")))
    found = grade(model, speaker, methods, plan)
    drawn = draw(speaker.preprocessing, plan.count, plan.seed)
    exam = drawn.of(answered(model, drawn))
    parts = []
    for measure in (*MEASURES, "ssim"):
        by_chance = chance(measure, exam, found.rows)
        part = summary(found.rows, measure)
        parts.append(_named(part, speaker.key, measure, by_chance, len(exam)))
    return pd.concat(parts)


def shortcut_rows(plan: Plan, methods: Sequence[str]) -> pd.DataFrame:
    """The rows of the honest and of the cheating network: shares on the tag and on the object."""
    speakers = {name: voice(KEY, name) for name in (HONEST, CHEATING)}
    networks = {n: Shared(load(own, torch.device("cpu"))) for n, own in speakers.items()}
    drawn = draw_tagged(speakers[HONEST].preprocessing, plan.count, plan.seed)
    graded = both_right(networks, drawn)
    rows, parts = exposed(networks, graded, methods), []
    for name in networks:
        own = rows.query("network == @name")
        for measure, masks in (("tag", graded.tags), ("object", graded.exam.masks)):
            area = float(masks.mean())
            parts.append(_named(summary(own, measure), name, measure, area, len(masks)))
    return pd.concat(parts)


def _named(
    part: pd.DataFrame, network: str, measure: str, by_chance: float | None, n: int
) -> pd.DataFrame:
    """The rows with the names of what they are of, and one for chance where there is a number."""
    rows = [{"method": method, **row} for method, row in part.to_dict("index").items()]
    if by_chance is not None:
        same = dict.fromkeys(("mean", "low", "high"), by_chance)
        rows.append({"method": CHANCE, **same, "n": n})
    return pd.DataFrame(rows).assign(network=network, measure=measure)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; `--help` describes it."""
    parser = argparse.ArgumentParser(prog="python -m analysis.vision.grading.record")
    parser.add_argument("--count", type=int, default=COUNT, help=f"pictures (default {COUNT})")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the pictures (default {SEED})")
    parser.add_argument("--threads", type=int, default=1, help="processor threads (default 1)")
    parser.add_argument("--file", type=Path, default=FILE, help="where to write")
    choice = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(choice.threads)
    plan, methods, parts = Plan(choice.count, choice.seed), tuple(METHODS), []
    for key in knowing_shapes():
        parts.append(network_rows(voice(key), plan, methods))
        _LOG.info(f"{key} is graded.")
    parts.append(shortcut_rows(plan, methods))
    _write(pd.concat(parts), plan, choice.file)


def _write(rows: pd.DataFrame, plan: Plan, path: Path) -> None:
    command = f"python -m analysis.vision.grading.record --count {plan.count} --seed {plan.seed}"
    made = {
        "command": command,
        "count": plan.count,
        "seed": plan.seed,
        "filling": plan.filling,
        "steps": plan.steps,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
    }
    head = "".join(f"# {name}: {value}\n" for name, value in made.items())
    columns = ["network", "method", "measure", "mean", "low", "high", "n"]
    table = rows[columns].to_csv(index=False, float_format="%.5g", lineterminator="\n")
    path.write_text(head + table, encoding="utf-8")


if __name__ == "__main__":
    main()
