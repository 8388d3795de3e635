"""Orders of made-up measurements."""

from itertools import pairwise
from typing import Any

import pytest

from analysis.charts.slopes import slopes
from analysis.vision import orders
from analysis.vision.latency import Timing, Trial
from analysis.vision.orders import Run
from analysis.vision.timing import Spread


def run(name: str, macs: int, *milliseconds: float, batch: int = 1) -> Run:
    spread = Spread(tuple(value / 1000 for value in milliseconds))
    return Run(name, macs, Timing(Trial(name, batch), spread, "processor", 2, 2))


NARROW = run("Narrow", 400_000_000, 29, 30, 31)  # 13.3 G a second
PLAIN = run("Plain", 1_800_000_000, 19, 20, 21)  # 90 G a second
HEAVY = run("Heavy", 15_000_000_000, 140, 150, 160)


def test_fewer_multiply_adds_that_take_longer_are_found() -> None:
    (found,) = orders.inversions([HEAVY, NARROW, PLAIN])
    assert (found.slow, found.fast, found.is_clear) == (NARROW, PLAIN, True)


def test_agreement_is_said() -> None:
    assert orders.inversions([PLAIN, HEAVY]) == []
    said = orders.notice([HEAVY, PLAIN])
    assert said[0] == "The two orders agree, by multiply-adds and by time: Plain and Heavy."


def test_a_change_is_quoted_with_its_numbers() -> None:
    change, rates = orders.notice([NARROW, PLAIN])
    assert "Narrow has 4.5 times fewer multiply-adds than Plain (400 M against 1.8 G)" in change
    assert "takes 1.5 times as long (30 ms against 20 ms)" in change
    assert "Plain computes 90 G of them a second, Narrow 13.33 G, 6.75 times fewer" in rates


def test_overlapping_spreads_are_no_proof() -> None:
    wide = run("Wide", 400_000_000, 18, 21, 24)
    (found,) = orders.inversions([wide, PLAIN])
    assert not found.is_clear
    assert "cannot be told" in orders.notice([wide, PLAIN])[0]


def test_equal_costs_and_equal_times_are_no_change() -> None:
    assert orders.inversions([run("A", 10, 5), run("B", 10, 6), run("C", 11, 6)]) == []


def test_the_largest_contrast_comes_first() -> None:
    slowest = run("Slowest", 100_000_000, 200, 201, 202)
    found = orders.inversions([NARROW, PLAIN, HEAVY, slowest])
    assert (found[0].slow.name, found[0].fast.name) == ("Slowest", "Heavy")
    # 150 times fewer and 1.34 times as long, against 18 and 10.05
    assert len(found) == 4


def test_an_unsteady_machine_is_said() -> None:
    unsteady = run("Unsteady", 10, 10, 20, 30)  # quartiles 15 and 25: half of the median
    assert (
        "The passes of Unsteady took very different times" in orders.notice([unsteady, PLAIN])[-1]
    )


def test_one_network_asks_for_a_second() -> None:
    (said,) = orders.notice([run("Alone", 2_000_000_000, 100, batch=4)])
    assert "Alone takes 100 ms for 4 images and computes 80 G multiply-adds a second" in said
    assert orders.notice([]) == []


def test_the_table_says_under_which_conditions() -> None:
    (row,) = orders.table([run("Four", 2_000_000_000, 50, 100, 150, batch=4)]).to_dict("records")
    assert row["images a second"] == pytest.approx(40)
    assert row["10⁹ multiply-adds a second"] == pytest.approx(80)
    assert (row["first quartile (ms)"], row["third quartile (ms)"]) == pytest.approx((75, 125))
    assert (row["batch"], row["runs"], row["warm-up runs"]) == (4, 3, 2)
    assert (row["device"], row["threads"]) == ("processor", 2)


def test_lines_cross_where_the_order_changes() -> None:
    figure: Any = slopes([NARROW, PLAIN, HEAVY], ["mobilenet", "resnet", "resnet"])
    narrow, plain, heavy = (list(trace.y) for trace in figure.data)
    assert narrow[0] < plain[0] < heavy[0]
    assert plain[1] < narrow[1] < heavy[1]
    assert figure.data[1].line.dash != figure.data[2].line.dash
    assert {a.text for a in figure.layout.annotations} >= {"<b>Plain</b><br>1.8 G"}


def test_names_of_equal_networks_are_moved_apart() -> None:
    twins = [run(name, 10**9, 20, 20, 20) for name in ("A", "B", "C", "D")]
    figure: Any = slopes(twins, ["vgg"] * 4)
    heights = sorted(a.y for a in figure.layout.annotations if a.x == 0)
    assert min(b - a for a, b in pairwise(heights)) > 0
