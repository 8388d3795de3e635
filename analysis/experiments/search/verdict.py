"""What the comparison of strategies comes to: a table of intervals, and what they decide."""

from __future__ import annotations

import pandas as pd

from analysis.amounts import listed, percent
from analysis.experiments.search.comparison import SEVERAL, Comparison, Course
from analysis.experiments.search.strategies import STRATEGIES, TITLES

CHANCE = "random"
LEARNING = tuple(name for name in STRATEGIES if name != CHANCE)


def table(found: Comparison) -> pd.DataFrame:
    """A row a strategy, in percentage points after the last step: mean and 95% interval.

    How far its best network is behind the best of all, and how far the strategy is ahead of
    random search from the same seed: by its best network, by its best 15, and by what it tries
    towards the end. Random search is not ahead of itself; its cells are empty.
    """
    return pd.DataFrame(
        [
            {
                "strategy": _title(name),
                "behind the best": _points(found.course(name)),
                "ahead: best network": _cell(found, name, "regret"),
                f"ahead: best {SEVERAL}": _cell(found, name, "several"),
                "ahead: what it tries": _cell(found, name, "sampled"),
            }
            for name in STRATEGIES
        ]
    )


def sentence(found: Comparison) -> str:
    """Which strategies beat chance, and by which of their networks."""
    first, last = (found.course("reinforce", "sampled").mean[place] for place in (0, -1))
    against = " ".join(_against_chance(found, name) for name in LEARNING)
    return (
        f"After {found.steps[-1]} networks: {against} What the controller tries has a reward of "
        f"{percent(first)} at first and {percent(last)} in the end. The best of many random "
        "networks can still be as good, because rewards are noisy and many networks are nearly as "
        "good as the best."
    )


def ahead(found: Comparison, name: str, quantity: str) -> Course:
    """By how much a strategy is ahead of chance, seed by seed: the lower regret, else the higher.

    Raises:
        KeyError: if there is no such strategy or quantity.
    """
    pair = (CHANCE, name) if quantity == "regret" else (name, CHANCE)
    return found.difference(*pair, quantity)


def _against_chance(found: Comparison, name: str) -> str:
    outcomes: dict[str, list[str]] = {}
    measures = {"regret": "its best network", "several": f"its best {SEVERAL}"}
    for quantity, measure in measures.items():
        course = ahead(found, name, quantity)
        mean, low, high = _numbers(course)
        text = f"{measure} ({mean} points, {low} to {high})"
        outcomes.setdefault(_outcome(course), []).append(text)
    said = [f"{outcome} with {listed(texts)}" for outcome, texts in outcomes.items()]
    return f"**{_title(name)}** {', and '.join(said)}."


def _outcome(course: Course) -> str:
    if course.low[-1] > 0:
        return "beats chance"
    return "loses to chance" if course.high[-1] < 0 else "is not decidedly ahead or behind"


def _cell(found: Comparison, name: str, quantity: str) -> str:
    return "" if name == CHANCE else _points(ahead(found, name, quantity))


def _points(course: Course) -> str:
    mean, low, high = _numbers(course)
    return f"{mean} ({low} to {high})"


def _numbers(course: Course) -> list[str]:
    return [f"{100 * part[-1]:.2f}".replace("-", "−") for part in course]


def _title(name: str) -> str:
    return TITLES[name][0].upper() + TITLES[name][1:]
