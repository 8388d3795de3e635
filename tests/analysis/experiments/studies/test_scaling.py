"""The grid: eight designs, each grown from the base in the directions that its name says."""

from analysis.experiments import records
from analysis.experiments.studies import scaling
from analysis.experiments.studies.scaling import BASE, GRID, Design


def test_designs_are_named_for_what_has_grown() -> None:
    assert GRID[0] == BASE
    assert len(set(GRID)) == 8
    assert scaling.grown(BASE) == "nothing"
    assert scaling.grown(Design(22, 2, 16)) == "depth, width and resolution"
    assert len(scaling.STUDY.preset) == 4  # the base, and one step in each direction


def test_three_ways_of_spending_about_the_same() -> None:
    rows = records.read("scaling").rows
    cost = {point.grown: point.cost for point in scaling.points(rows, "multiply_adds")}
    assert all(3 < cost[way] / cost["nothing"] < 4.1 for way in ("depth", "width", "resolution"))
    same = {point.grown: point.cost for point in scaling.points(rows, "parameters")}
    assert same["resolution"] == same["nothing"]
    said = scaling.verdict(rows)
    assert all(f"more {way} " in said for way in ("depth", "width", "resolution"))
