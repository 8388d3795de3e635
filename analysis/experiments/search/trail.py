"""What a search has tried, as a table and in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

import cnn_models
from analysis.amounts import percent
from analysis.experiments.messages import Judged, Search
from analysis.experiments.search.child import CONFIG, JUDGED
from analysis.experiments.search.watched import Seen
from cnn_models.families.searched import DECISIONS, key_of, layers_of


def best(seen: Sequence[Seen]) -> int:
    """Place of the highest reward, counted from 0; of equal ones, the first.

    Raises:
        ValueError: if nothing has been tried.
    """
    return max(range(len(seen)), key=lambda place: seen[place].reward)


def table(seen: Sequence[Seen]) -> pd.DataFrame:
    """One row a network, in the order in which they were tried.

    Columns: "step", from 1; "network", its key; "layers", in words; "parameters" and
    "multiply-adds"; "reward", 0..1, and "baseline", both as in `Seen`; for a controller one column
    for each decision, "filters, layer 1: 16" …, with the chance of the option that it names.
    """
    return pd.DataFrame([_row(step, one) for step, one in enumerate(seen, start=1)])


def _row(step: int, one: Seen) -> dict[str, object]:
    spec = cnn_models.spec(key_of(one.number))
    chances = {
        f"{decision.title}: {decision.options[-1]}": own[-1]
        for decision, own in zip(DECISIONS, one.chances, strict=False)
    }
    return {
        "step": step,
        "network": spec.key,
        "layers": in_words(one.number),
        "parameters": spec.exact_params,
        "multiply-adds": spec.exact_macs,
        "reward": one.reward,
        "baseline": one.baseline,
        **chances,
    }


def csv(search: Search, judged: Sequence[Judged]) -> str:
    """The table as CSV, with what went wrong, and the settings of the search and of training."""
    rows = table([report.seen for report in judged])
    rows["problem"] = [report.problem for report in judged]
    training = {f"training {name}": value for name, value in asdict(CONFIG).items()}
    settings = {**asdict(search), **training, "training seed": search.seed, "judged by": JUDGED}
    return rows.assign(**settings).to_csv(index=False, lineterminator="\n")


def in_words(number: int) -> str:
    """The layers of a network, such as "16 of 3×3; 4 of 5×5, stride 2; 16 of 3×3, skip"."""
    return "; ".join(str(layer) for layer in layers_of(number))


def best_in_words(seen: Sequence[Seen]) -> str:
    """Which network has the highest reward, and what it costs, in sentences."""
    if not seen:
        return "No network has been judged yet."
    place = best(seen)
    spec = cnn_models.spec(key_of(seen[place].number))
    of = "the only one" if len(seen) == 1 else f"the best of {len(seen):,}"
    return (
        f"**{spec.display_name}**, tried as number {place + 1:,}, is {of} so far: it gets "
        f"{percent(seen[place].reward)} of the {JUDGED} digits right that judge it, with "
        f"{spec.exact_params:,} parameters and {spec.exact_macs:,} multiply-adds. Its "
        f"layers: {in_words(seen[place].number)}."
    )


def learned_in_words(seen: Sequence[Seen], window: int = 50) -> str:
    """Whether what is tried gets better, and how sure the controller is, in sentences."""
    size = min(window, len(seen) // 2)
    if size < 5:
        return "The first networks are drawn almost evenly: the controller has learned little yet."
    first, last = (sum(one.reward for one in part) / size for part in (seen[:size], seen[-size:]))
    said = (
        f"The first {size} networks have a mean reward of {percent(first)}, the last {size} of "
        f"{percent(last)}."
    )
    if not seen[-1].chances:
        return said
    surest = max(range(len(DECISIONS)), key=lambda place: max(seen[-1].chances[place]))
    options = DECISIONS[surest].options
    chance = max(seen[-1].chances[surest])
    option = options[seen[-1].chances[surest].index(chance)]
    return (
        f"{said} In the end the controller is surest of “{DECISIONS[surest].title}”: it takes "
        f"{option} with a chance of {percent(chance)}."
    )
