"""The ledger against figures that papers print, and counts made by hand."""

from collections.abc import Callable

import pytest

import cnn_models
from analysis.structure.graph import Graph
from analysis.structure.ledger import Ledger, Row, ledger
from cnn_models.spec import Published

Traced = Callable[[str], Graph]


def row(of: Ledger, quantity: str) -> Row:
    return next(row for row in of.rows if row.quantity == quantity)


def values(entries: tuple) -> list[str]:
    return [entry.value for entry in entries]


def said(of: Ledger, topic: str) -> str:
    return " ".join(remark.sentence for remark in of.remarks if remark.topic == topic)


def test_three_columns_of_a_network_that_its_owner_built_alike(traced: Traced) -> None:
    found = ledger("vgg16", traced("vgg16"))
    assert found.owner == "torchvision"
    params = row(found, "parameters")
    assert values(params.paper) == ["138 M"]
    assert values(params.here) == values(params.owner) == ["138,357,544"]
    assert values(row(found, "multiply-adds").owner) == ["15,470,264,320"]
    assert values(row(found, "top-1 error").owner) == ["28.408%"]  # 100 - 71.592
    assert said(found, "parameters") == "The printed 138 M (Table 2) is 138,357,544, rounded."


@pytest.mark.parametrize(
    ("key", "sibling", "params", "macs"),  # the sibling's file, and its network at 224 × 224
    [
        ("resnet50", "ResNet-50 v1.5", "25,557,032", "4,089,184,256"),
        ("googlenet", "GoogLeNet with batch norm", "13,004,888", "1,498,376,192"),
        ("alexnet", "AlexNet (one tower)", "61,100,840", "714,188,480"),
    ],
)
def test_weights_of_a_sibling(
    traced: Traced, key: str, sibling: str, params: str, macs: str
) -> None:
    found = ledger(key, traced(key))
    assert found.owner == f"torchvision, of {sibling}"
    assert values(row(found, "parameters").owner) == [params]
    assert values(row(found, "multiply-adds").owner) == [macs]
    assert f"They belong to {sibling}" in said(found, "public weights")


def test_a_siblings_departures_are_the_owners(traced: Traced) -> None:
    assert "3×3 convolution" in said(ledger("resnet50", traced("resnet50")), "public weights")
    of_googlenet = said(ledger("googlenet", traced("googlenet")), "public weights")
    assert "5×5 convolutions are 3×3" in of_googlenet
    assert "6,379,984 belong to auxiliary classifiers" in of_googlenet  # 13,004,888 - 6,624,904


def test_the_owners_crop_decides_the_owners_multiply_adds(traced: Traced) -> None:
    found = ledger("efficientnet_b2", traced("efficientnet_b2"))
    assert values(row(found, "input (pixels)").here) == ["260 × 260"]
    assert values(row(found, "input (pixels)").owner) == ["288 × 288"]
    assert values(row(found, "multiply-adds").owner) == ["1,087,529,456"]  # torchvision's, at 288
    assert "288 × 288 pixels" in said(found, "public weights")


def test_a_network_without_public_weights(traced: Traced) -> None:
    found = ledger("lenet5", traced("lenet5"))
    assert found.owner is None
    assert not any(row.owner for row in found.rows)
    assert said(found, "public weights") == ""
    assert values(row(found, "test error").paper) == ["0.95%"]


def test_the_size_of_the_image_is_told_where_an_owner_has_another(traced: Traced) -> None:
    told = {"alexnet": True, "vgg16": False, "lenet5": False}
    for key, differs in told.items():
        rows = ledger(key, traced(key)).rows
        assert any(row.quantity == "input (pixels)" for row in rows) == differs


def test_remarks_stand_in_the_order_of_their_topics(traced: Traced) -> None:
    topics = [remark.topic for remark in ledger("alexnet", traced("alexnet")).remarks]
    assert list(dict.fromkeys(topics)) == [
        "parameters", "public weights", "departure", "top-1 error",
    ]  # fmt: skip


def test_flops_that_are_multiply_adds(traced: Traced) -> None:
    sentence = said(ledger("resnet50", traced("resnet50")), "multiply-adds")
    assert "3.8 × 10⁹ (Table 1) is called FLOPs" in sentence
    assert "3,857,973,248 multiply-adds, cut off instead of rounded" in sentence


def with_published(monkeypatch: pytest.MonkeyPatch, key: str, figure: Published) -> None:
    """Let the paper of `key` print `figure` alone, and let no departure talk about it."""
    known = vars(cnn_models.spec(key))
    monkeypatch.setitem(known, "published", (figure,))
    monkeypatch.setitem(known, "departures", ())


@pytest.mark.parametrize(
    ("value", "protocol", "sentence"),
    [
        ("30.9 G", "printed as FLOPs", "with multiplications and additions counted apart"),
        ("15.5 G", "printed as FLOPs", "is called FLOPs, but it is 15,470,264,320"),
        ("15.5 G", "", "is 15,470,264,320 multiply-adds, rounded."),
        ("15.3 G", "", "15,470,264,320 multiply-adds are built, 1.1% more."),
        ("15.3 G", "convolutions only", "15,346,630,656 multiply-adds in the convolutions"),
        ("16 G", "the budget", "Table 9 prints 16 G; 15,470,264,320 multiply-adds are built"),
    ],
)
def test_a_printed_count_against_ours(
    monkeypatch: pytest.MonkeyPatch, traced: Traced, value: str, protocol: str, sentence: str
) -> None:
    figure = Published("multiply-adds", value, protocol, "Table 9")
    with_published(monkeypatch, "vgg16", figure)
    assert sentence in said(ledger("vgg16", traced("vgg16")), "multiply-adds")


def test_a_count_that_no_rounding_explains(monkeypatch: pytest.MonkeyPatch, traced: Traced) -> None:
    with_published(monkeypatch, "vgg16", Published("parameters", "140 M", "", "abstract"))
    found = ledger("vgg16", traced("vgg16"))
    assert said(found, "parameters") == (
        "The abstract prints 140 M; 138,357,544 are built, 1.2% fewer."
    )


@pytest.mark.parametrize(
    ("bound", "verdict"), [("less than 140 M", "holds"), ("less than 100 M", "does not hold")]
)
def test_a_bound_holds_or_not(
    monkeypatch: pytest.MonkeyPatch, traced: Traced, bound: str, verdict: str
) -> None:
    with_published(monkeypatch, "vgg16", Published("parameters", bound, "", "abstract"))
    assert said(ledger("vgg16", traced("vgg16")), "parameters") == (
        f"The abstract prints {bound}, which {verdict}: 138,357,544 are built."
    )


@pytest.mark.parametrize(
    ("protocol", "verdict"),
    [
        ("single centre crop, ILSVRC 2012 val", "so they can be compared"),
        ("1 model, 1 crop", "so they can be compared"),
        ("10-crop val", "so they cannot be compared"),
        ("single model, fully convolutional multi-scale", "so they cannot be compared"),
        ("single test scale, dense evaluation", "so they cannot be compared"),
        ("7 models 1 crop", "so they cannot be compared"),
        ("single crop, val images that are not blacklisted", "so they cannot be compared"),
    ],
)
def test_only_one_crop_is_compared_with_one_crop(
    monkeypatch: pytest.MonkeyPatch, traced: Traced, protocol: str, verdict: str
) -> None:
    with_published(monkeypatch, "vgg16", Published("top-1 error", "25.6%", protocol, "Table 3"))
    assert verdict in said(ledger("vgg16", traced("vgg16")), "top-1 error")


def test_an_owners_own_release_is_not_printed_twice(traced: Traced) -> None:
    errors = row(ledger("alexnet_owt", traced("alexnet_owt")), "top-1 error")
    assert errors.paper == ()
    assert values(errors.owner) == ["43.478%"]


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_ledger_counts_what_its_spec_says(traced: Traced, key: str) -> None:
    spec, found = cnn_models.spec(key), ledger(key, traced(key))
    assert values(row(found, "parameters").here) == [f"{spec.exact_params:,}"]
    assert values(row(found, "multiply-adds").here) == [f"{spec.exact_macs:,}"]
    assert (found.owner is None) == (not spec.weights and spec.public_version is None)
    told = [remark.sentence for remark in found.remarks]
    assert set(spec.departures) <= set(told)
    assert all(sentence.endswith(".") for sentence in told)
