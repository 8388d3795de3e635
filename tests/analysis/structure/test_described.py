import pytest

import cnn_models
from analysis.structure import described


def test_graph_of_a_key_is_at_the_papers_input() -> None:
    graph = described.traced("lenet5_modern")
    assert graph.input_shape == (1, 32, 32)
    assert graph.totals().params == 61_706  # 156 + 2416 + 48120 + 10164 + 850


def test_unknown_key_names_the_close_ones() -> None:
    with pytest.raises(cnn_models.UnknownModel, match="resnet50"):
        described.traced("resnet5O")


def test_ledger_puts_the_printed_figure_beside_the_count() -> None:
    rows = described.ledger("vgg16", described.traced("vgg16").totals())
    printed = rows[rows["figure"].str.startswith("parameters")].iloc[0]
    assert (printed["paper"], printed["this atlas"]) == ("138 M", "138,357,544")
    multiply_adds = rows[rows["figure"] == "multiply-adds"].iloc[0]
    assert multiply_adds["paper"] == "not printed"
    assert multiply_adds["this atlas"] == "15,470,264,320"


@pytest.mark.parametrize(
    ("key", "quantity", "printed", "here"),  # as papers print it, and what was counted by hand
    [
        ("lenet5", "parameters", "60,000", "60,000"),
        ("googlenet", "multiply-adds", "1.5 G", "1,582,671,872"),
        ("mobilenet_v1", "multiply-adds", "569 M", "568,740,352"),
        ("densenet121", "parameters", "not printed", "7,978,856"),
    ],
)
def test_ledger_of_one_quantity(key: str, quantity: str, printed: str, here: str) -> None:
    rows = described.ledger(key, described.traced(key).totals())
    row = rows[rows["figure"].str.match(quantity)].iloc[0]
    assert (row["paper"], row["this atlas"]) == (printed, here)


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_ledger_counts_what_its_spec_says(key: str) -> None:
    spec, rows = cnn_models.spec(key), described.ledger(key, described.traced(key).totals())
    here = set(rows["this atlas"]) - {""}
    assert here == {f"{spec.exact_params:,}", f"{spec.exact_macs:,}"}
