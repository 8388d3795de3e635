"""The controller on rewards whose best design is known."""

import pandas as pd

from analysis.experiments.studies import scaling, search
from analysis.experiments.studies.scaling import Design

BEST = Design(22, 1, 16)


def _rows(best: Design | None) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (design.label, seed, 1, 0.1 if design == best else 0.5)
            for design in scaling.GRID
            for seed in (0, 1, 2)
        ],
        columns=["run", "seed", "epoch", "test_error"],
    )


def test_searches_find_the_one_good_design() -> None:
    found = search.searches(_rows(BEST))
    assert [one.likeliest for one in found] == [BEST] * len(search.SEEDS)
    assert search.improves(found)
    assert found[0].expected[0] == (0.9 + 7 * 0.5) / 8
    assert all(one.expected[-1] > 0.8 for one in found)
    assert f"favour {BEST.label}" in search.verdict(found)
    assert search.search(_rows(BEST), 0) == found[0]


def test_where_all_designs_are_equal_nothing_is_found() -> None:
    assert not search.improves(search.searches(_rows(None)))
