import pandas as pd
import pytest

from analysis.structure import landscape, per_cost
from analysis.structure.per_cost import COSTS


def test_ratios_of_two_networks_divided_by_hand() -> None:
    rows = landscape.shown(landscape.table(landscape.IMAGENET, landscape.ACCURACY))
    by_macs = per_cost.ranking(rows, COSTS["macs"])
    assert by_macs.loc["vgg16", "for each"] == pytest.approx(71.592 / 15.470264320)
    by_params = per_cost.ranking(rows, COSTS["params"])
    assert by_params.loc["squeezenet1_1", "for each"] == pytest.approx(58.178 / 1.235496)


def few() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "network": ["small", "middle", "large"],
            "multiply-adds": [10**8, 10**9, 10**10],
            "parameters": [10**6, 10**6, 10**8],
            "accuracy": [50.0, 70.0, 80.0],
        },
        index=pd.Index(["s", "m", "l"], name="key"),
    )


def test_the_best_is_first_and_the_notice_quotes_both_ends() -> None:
    ranked = per_cost.ranking(few(), COSTS["macs"])
    assert list(ranked["rank"]) == [1, 2, 3]
    assert list(ranked["for each"]) == pytest.approx([500, 70, 8])
    first, second = per_cost.notice(ranked, COSTS["macs"])
    assert "**small** gives most: 50.0% for 100 M multiply-adds, 500 points" in first
    assert "**large** gives least, 8 (80.0% for 10 G)" in first
    assert "large with 80.0%, is number 3 of 3" in second
    assert list(per_cost.ranking(few(), COSTS["params"]).index) == ["m", "s", "l"]


def test_those_in_focus_and_the_last_stay() -> None:
    rows = landscape.shown(landscape.table(landscape.IMAGENET, landscape.ACCURACY))
    ranked = per_cost.ranking(rows, COSTS["macs"])
    short = per_cost.shortened(ranked, 3, ["vgg16"])
    assert list(short["rank"]) == [1, 2, 3, ranked.loc["vgg16", "rank"], len(ranked)]


@pytest.mark.parametrize(("value", "text"), [(1495.9, "1,496"), (99.96, "100"), (4.6277, "4.63")])
def test_points_read_without_powers_of_ten(value: float, text: str) -> None:
    assert per_cost.points(value) == text
