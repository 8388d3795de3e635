"""Which decisions the networks of the registry offer, and that what is offered works."""

from __future__ import annotations

import pandas as pd
import pytest

import cnn_models
from analysis.structure import decisions
from analysis.structure.decisions import Change, Offer
from cnn_models import registry


def _smallest(family: str) -> str:
    return min(cnn_models.names(family), key=lambda key: cnn_models.spec(key).exact_params)


NETWORKS = [_smallest(family) for family in registry.FAMILIES]


@pytest.mark.parametrize(("turn", "key"), list(enumerate(NETWORKS)), ids=NETWORKS)
def test_what_is_offered_can_be_chosen(turn: int, key: str) -> None:
    offers = decisions.offered(key)
    for offer in offers:
        _check(offer)
    offer = offers[turn % len(offers)]
    change = decisions.apply(key, offer.decision, offer.values[-1 if turn % 2 else 0])
    _check_sums(change)
    same = change.value == offer.present
    assert (change.before == change.after) == same
    assert change.before.params == cnn_models.spec(key).exact_params


def _check(offer: Offer) -> None:
    assert offer.decision in decisions.DECISIONS
    assert offer.present in offer.values
    assert offer.default in offer.values
    assert offer.default != offer.present
    spelled = {str(value) for value in offer.values}  # as the address has them
    assert len(spelled) == len(offer.values) == len(offer.texts) == len(set(offer.texts))
    assert offer.sentence.endswith(".")


def _check_sums(change: Change) -> None:
    """The totals are the sums over the parts, and so is their difference."""
    for amount in ("params", "macs", "activations", "activation_bytes"):
        for side in ("before", "after"):
            parts = sum(getattr(getattr(row, side), amount) for row in change.rows)
            assert parts == getattr(getattr(change, side), amount)
    table, totals = change.table(), change.totals()
    for amount in ("parameters", "multiply-adds", "memory (MiB)"):
        difference = totals["change"].to_dict()[amount]
        assert sum(table[f"Δ {amount}"].tolist()) == pytest.approx(difference)


def test_decisions_are_found_by_what_a_network_is_made_of() -> None:
    def found(key: str) -> set[str]:
        return {offer.decision for offer in decisions.offered(key)}

    assert found("vgg16") == {"separable", "squeeze_excite", "head"}
    assert found("cifar_plain20") == {"separable", "squeeze_excite", "head"}
    assert found("cifar_resnet20") == {"bottleneck", "separable", "squeeze_excite", "head"}
    assert found("squeezenet1_0") == {"separable", "fire", "shuffle", "squeeze_excite"}
    assert found("cifar_densenet_bc100_k12") >= {"dense", "shuffle", "separable"}
    assert "inception" in found("inception_v4")
    assert "cardinality" in found("regnet_y_400mf")
    assert "cardinality" not in found("mobilenet_v1")


def test_every_decision_names_a_network_that_has_it() -> None:
    for name, decision in decisions.DECISIONS.items():
        assert decisions.offer_of(decision.example, name).values


def test_the_same_value_changes_nothing() -> None:
    change = decisions.apply("resnet18", "squeeze_excite", "none")
    assert change.before == change.after
    assert change.table().empty
    assert len(change.table(everything=True)) == len(change.rows)
    assert change.what == "Nothing changes: this is how ResNet-18 is built."


def test_totals_and_effect_say_the_same() -> None:
    change = decisions.apply("vgg16", "head", "pooled")
    expected = pd.DataFrame(
        {
            "before": [138_357_544, 15_470_264_320],
            "after": [15_227_688, 15_347_142_656],
            "change": [-123_129_856, -123_121_664],
        },
        index=pd.Index(["parameters", "multiply-adds"], name="amount"),
    )
    shown = change.totals().loc[expected.index, list(expected)].astype("int64")
    pd.testing.assert_frame_equal(shown, expected)
    assert change.effect == (
        "Parameters: from 138.4 M to 15.23 M (× 0.11); multiply-adds: from 15.47 G to 15.35 G "
        "(-0.8%); memory: from 109.4 MiB to 109.2 MiB (-0.14%). "
        "The receptive field stays at 212 pixels."
    )
