"""GoogLeNet's Table 1, as the paper prints it where its arithmetic is right."""

from collections.abc import Callable

import pytest

from analysis.structure.graph import Graph
from analysis.structure.inception_table import inception_table

Traced = Callable[[str], Graph]

# Widths in the order of the paper: #1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5, pool proj; and the
# operations that it prints, in millions. Block 5a is left out: its printed 54M is not its own.
TABLE_1 = {
    "inception (3a)": ("28 × 28 × 256", (64, 96, 128, 16, 32, 32), 128),
    "inception (3b)": ("28 × 28 × 480", (128, 128, 192, 32, 96, 64), 304),
    "inception (4a)": ("14 × 14 × 512", (192, 96, 208, 16, 48, 64), 73),
    "inception (4b)": ("14 × 14 × 512", (160, 112, 224, 24, 64, 64), 88),
    "inception (4c)": ("14 × 14 × 512", (128, 128, 256, 24, 64, 64), 100),
    "inception (4d)": ("14 × 14 × 528", (112, 144, 288, 32, 64, 64), 119),
    "inception (4e)": ("14 × 14 × 832", (256, 160, 320, 32, 128, 128), 170),
    "inception (5b)": ("7 × 7 × 1024", (384, 192, 384, 48, 128, 128), 71),
}
WIDTHS = ["#1×1", "#3×3 reduce", "#3×3", "#5×5 reduce", "#5×5", "pool proj"]


@pytest.mark.parametrize("block", TABLE_1)
def test_blocks_of_table_1(traced: Traced, block: str) -> None:
    rows = inception_table(traced("googlenet")).to_dict("records")
    found = next(row for row in rows if row["type"] == block)
    size, widths, millions = TABLE_1[block]
    assert (found["output size"], found["depth"]) == (size, 2)
    assert [found[name] for name in WIDTHS] == [str(width) for width in widths]
    assert found["ops"] == pytest.approx(millions * 1e6, rel=0.01)


def test_rows_stand_in_the_order_of_the_paper(traced: Traced) -> None:
    rows = inception_table(traced("googlenet"))
    stem = ["convolution", "max pool", "convolution", "max pool"]
    assert list(rows["type"])[:4] == stem
    assert list(rows["patch size / stride"])[:4] == ["7×7/2", "3×3/2", "3×3/1", "3×3/2"]
    assert list(rows["type"])[-3:] == ["avg pool", "dropout", "linear"]
    assert rows["patch size / stride"].iloc[-3] == "7×7/1"
    assert rows.loc[2, ["depth", "#3×3 reduce", "#3×3"]].tolist() == [2, "64", "192"]


@pytest.mark.parametrize("key", ["googlenet", "googlenet_bn"])
def test_rows_add_up_to_the_network(traced: Traced, key: str) -> None:
    rows, totals = inception_table(traced(key)), traced(key).totals()
    assert sum(rows["params"].tolist()) == totals.params
    assert sum(rows["ops"].tolist()) == totals.macs
    assert sum(rows["depth"].tolist()) == 22


def test_a_network_without_such_blocks_is_refused(traced: Traced) -> None:
    with pytest.raises(ValueError, match="four branches"):
        inception_table(traced("vgg16"))
