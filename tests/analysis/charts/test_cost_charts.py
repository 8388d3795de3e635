"""Bars and tables of what design decisions cost show all of it, once."""

import re
from typing import Any

import pytest

from analysis.charts import cost_bars, cost_table
from analysis.structure.costs import COSTS, DECISIONS, Inception, Shuffle


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("name", DECISIONS)
def test_the_pieces_of_a_bar_are_its_sum(name: str, cost: str) -> None:
    sides = DECISIONS[name]().sides()
    fig: Any = cost_bars.bars(sides, cost)
    for row, side in enumerate(sides):
        pieces = [trace.x[0] for trace in fig.data if trace.y[0] == row]
        assert sum(pieces) == side.amount(cost)
        assert all(pieces)
    told = [trace.name for trace in fig.data if trace.showlegend]
    assert sorted(told) == sorted({trace.name for trace in fig.data})
    assert len(fig.layout.annotations) == len(sides)


def test_one_window_has_one_colour_and_groups_are_hatched() -> None:
    fig: Any = cost_bars.bars(Shuffle().sides(), "macs")
    pieces = {trace.name: trace.marker for trace in fig.data}
    assert pieces["1×1 convolution"].color == pieces["1×1 convolution in groups"].color
    assert pieces["1×1 convolution"].color != pieces["3×3 convolution"].color
    assert pieces["depthwise 3×3 convolution"].pattern.shape == "/"
    assert not pieces["3×3 convolution"].pattern.shape


def test_the_table_has_a_line_a_layer_and_the_sums() -> None:
    sides = Inception().sides()
    html = cost_table.html(sides, "macs")
    assert html.count("<tr>") == 1 + sum(2 + len(side.terms) for side in sides)
    assert "28 × 28 × 192 × 3 × 3 × 64 =" in html
    for number in ("854,196,224", "271,351,808", "86,704,128", "output 28 × 28 × 672"):
        assert number in html
    shares = [float(share) for share in re.findall(r"([\d.]+)%<", html)]
    assert sum(shares) == pytest.approx(200, abs=0.5)


def test_rules_name_the_kinds_that_share_them() -> None:
    rules = cost_table.rules(Shuffle().sides(), "macs")
    assert (
        "1×1 convolution and 3×3 convolution: multiply-adds = H × W × C_out × K × K × C_in" in rules
    )
    assert rules.count("/ groups") == 1
    assert "H × W" not in cost_table.rules(Shuffle().sides(), "params")
