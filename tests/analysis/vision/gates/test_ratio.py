"""What gates cost with other ratios: the paper's table, and networks that are built so."""

import pytest

from analysis.structure import decisions, described
from analysis.vision.gates.places import Gate, gates_of_key
from analysis.vision.gates.ratio import OWN, ratio_costs, reduction


def test_the_parameters_of_the_papers_table_10() -> None:
    totals = described.traced("se_resnet50").totals()
    rows = ratio_costs(gates_of_key("se_resnet50"), totals.params, totals.macs)
    millions = {row.label: (row.params + row.rest_params) / 1e6 for row in rows}
    printed = {"r = 2": 45.7, "r = 4": 35.7, "r = 8": 30.7, "r = 16": 28.1, "r = 32": 26.9}
    for label, size in printed.items():  # whether averages of batch norm count is not said
        assert millions[label] == pytest.approx(size, abs=0.1)
    assert [row.label for row in rows if row.own] == ["r = 16"]
    assert rows[0].rest_params == 25_557_032  # ResNet-50 by torchvision


@pytest.mark.parametrize("key", ["cifar_se_resnet20", "mobilenet_v3_small"])
def test_the_costs_are_those_of_the_network_built_so(key: str) -> None:
    totals = described.traced(key).totals()
    rows = {row.label: row for row in ratio_costs(gates_of_key(key), totals.params, totals.macs)}
    for value, label in ((8, "r = 8"), ("none", None)):
        after = decisions.apply(key, "squeeze_excite", value).after
        row = rows[label] if label else next(iter(rows.values()))
        gates = (row.params, row.macs) if label else (0, 0)
        assert row.rest_params + gates[0] == after.params
        assert row.rest_macs + gates[1] == after.macs


def test_gates_of_several_ratios_are_shown_as_built() -> None:
    gates = gates_of_key("efficientnet_b0")
    rows = ratio_costs(gates, 5_288_548, 10**9)
    assert reduction(gates) is None
    assert [row.label for row in rows if row.own] == [OWN]
    assert rows[0].label == OWN


def test_a_ratio_must_leave_the_narrowest_gate_a_value() -> None:
    gates = [Gate("a", 16, 2, "sigmoid", biased=False), Gate("b", 64, 8, "sigmoid", biased=False)]
    rows = ratio_costs(gates, 10_000, 10_000)
    assert [row.label for row in rows] == ["r = 2", "r = 4", "r = 8", "r = 16"]
    assert rows[2].params == rows[2].macs == 2 * (16 * 2 + 64 * 8)  # no biases
    assert rows[2].own
