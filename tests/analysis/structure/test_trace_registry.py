"""Every network of the registry, traced, against the catalogue and against its own tables."""

import json
from pathlib import Path

import pytest
import torch

import cnn_models
from analysis.structure.graph import Graph, trace
from tests.flops import torchs_flops
from tests.networks import every_network, one_of_each_paper

CATALOGUE = {
    row["key"]: row
    for row in json.loads(
        (Path(__file__).parents[2] / "data" / "catalogue.json").read_text(encoding="utf-8")
    )
}


def at(side: int, key: str) -> Graph:
    with torch.device("meta"):
        return trace(cnn_models.build(key), (3, side, side))


@every_network
def test_totals_are_those_of_the_catalogue(key, traced):
    known, totals = CATALOGUE[key], traced(key).totals()
    assert totals.params == (known["params"] or cnn_models.spec(key).exact_params)
    if known["macs"] is not None:  # counted at another size than the network's own for one of them
        side = known.get("macs_at", known["input"][1])
        sized = totals if side == known["input"][1] else at(side, key).totals()
        assert sized.macs + known.get("cropped", 0) == known["macs"]


@one_of_each_paper
def test_totals_are_half_of_what_torch_counts(key, traced):
    with torch.device("meta"), torch.no_grad():
        model = cnn_models.build(key).eval()
        with torchs_flops() as counter:
            model(torch.empty(1, *cnn_models.spec(key).input_shape))
    assert 2 * traced(key).totals().macs == counter.get_total_flops()


@every_network
def test_rows_add_up_to_the_totals(key, traced):
    g = traced(key)
    table, totals = g.table(), g.totals()
    assert len(table) == len(g.operations)
    assert table["parameters"].sum() == totals.params
    assert table["multiply-adds"].sum() == totals.macs
    assert table["memory (MiB)"].sum() * 2**20 == pytest.approx(totals.activation_bytes)


@every_network
def test_names_are_unique_and_inputs_come_earlier(key, traced):
    known = {"input"}
    for op in traced(key).operations:
        assert op.name not in known
        assert op.inputs
        assert set(op.inputs) <= known
        known.add(op.name)


@every_network
def test_the_last_operation_gives_one_value_a_class(key, traced):
    assert traced(key).operations[-1].output_shape == (cnn_models.spec(key).num_classes,)


@every_network
def test_a_receptive_field_is_known_for_every_operation(key, traced):
    unknown = [op.name for op in traced(key).operations if op.receptive_field is None]
    assert unknown == []


def test_auxiliary_heads_take_no_part_in_evaluation(traced):
    with torch.device("meta"):
        model = cnn_models.build("googlenet", aux_heads=True)
    assert trace(model, (3, 224, 224)).totals() == traced("googlenet").totals()
