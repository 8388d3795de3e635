"""Every network of the registry, against the catalogue of exact counts and its own promises."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import Tensor, fx, nn
from torch.utils.flop_counter import FlopCounterMode

import cnn_models

CATALOGUE = {
    row["key"]: row
    for row in json.loads(
        (Path(__file__).parents[1] / "data" / "catalogue.json").read_text(encoding="utf-8")
    )
}

every_network = pytest.mark.parametrize("key", cnn_models.names())


@cache
def network(key: str) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key).eval()


@cache
def traced(key: str) -> fx.GraphModule:
    return fx.symbolic_trace(network(key))


def image(key: str) -> Tensor:
    return torch.empty(1, *cnn_models.spec(key).input_shape, device="meta")


@every_network
def test_what_the_spec_says_is_what_the_catalogue_says(key):
    spec, row = cnn_models.spec(key), CATALOGUE[key]
    assert spec.family == row["family"]
    assert list(spec.input_shape) == row["input"]
    assert spec.num_classes == row["classes"]
    if row["params"] is not None:
        assert spec.exact_params == row["params"]
    if row["macs"] is not None:
        assert spec.exact_macs == row["macs"]
    if printed := re.search(r"([\d.]+) G multiply-adds", row["note"]):
        assert spec.exact_macs is not None
        assert f"{spec.exact_macs / 1e9:.3f}" == printed[1]
    assert bool(spec.weights) == (row["pretrained"] is not None)
    assert {weights.source for weights in spec.weights} == {*(row["pretrained"] or ())[:1]}


@every_network
def test_the_built_network_has_the_parameters_that_its_spec_says(key):
    trainable = sum(p.numel() for p in network(key).parameters() if p.requires_grad)
    assert trainable == cnn_models.spec(key).exact_params


@every_network
def test_the_built_network_does_the_multiply_adds_that_its_spec_says(key):
    with FlopCounterMode(display=False) as counter:
        network(key)(image(key))
    assert counter.get_total_flops() == 2 * (cnn_models.spec(key).exact_macs or 0)


@every_network
def test_building_on_meta_allocates_nothing(key):
    tensors = [*network(key).parameters(), *network(key).buffers()]
    assert tensors
    assert all(tensor.is_meta for tensor in tensors)


@every_network
def test_the_traced_network_answers_as_the_network_does(key):
    answer = traced(key)(image(key))
    assert answer.shape == (1, cnn_models.spec(key).num_classes)


@every_network
def test_each_relu_is_a_module_of_its_own_that_leaves_its_input_alone(key):
    relus = {n for n, m in network(key).named_modules() if isinstance(m, nn.ReLU | nn.ReLU6)}
    called = [node.target for node in traced(key).graph.nodes if node.target in relus]
    assert sorted(called) == sorted(relus)
    assert not any(network(key).get_submodule(name).inplace for name in relus)


@every_network
def test_stages_name_submodules_in_the_order_of_the_forward_pass(key):
    stages, seen = cnn_models.spec(key).stages, []
    handles = [
        network(key).get_submodule(name).register_forward_hook(lambda *_, n=name: seen.append(n))
        for name in stages
    ]
    network(key)(image(key))
    for handle in handles:
        handle.remove()
    assert tuple(seen) == stages


@every_network
def test_another_number_of_classes_changes_the_answer_only(key):
    with torch.device("meta"):
        narrower = cnn_models.build(key, num_classes=7)
    assert narrower.eval()(image(key)).shape == (1, 7)


@every_network
def test_every_parameter_takes_part_in_the_training(key):
    torch.manual_seed(0)
    channels, height, _ = cnn_models.spec(key).input_shape
    side = height if key == "alexnet" else min(height, 64)  # fc6 of AlexNet fixes its input
    fresh = cnn_models.build(key, num_classes=10).train()
    answer = fresh(torch.randn(2, channels, side, side))
    assert answer.shape == (2, 10)
    nn.functional.cross_entropy(answer, torch.tensor([3, 7])).backward()
    gradients = {n: p.grad for n, p in fresh.named_parameters() if p.requires_grad}
    lost = [n for n, g in gradients.items() if g is None or not g.isfinite().all()]
    assert not lost


@every_network
def test_what_a_spec_says_in_words(key):
    spec = cnn_models.spec(key)
    assert spec.idea.endswith(".")
    assert not re.search(r"\.\s", spec.idea), "the idea is one sentence"
    assert isinstance(spec.departures, tuple)
    assert all(text.endswith(".") for text in spec.departures)
    assert re.search(r"\w\)?$", spec.counts_source), "it completes a sentence on a page"
    assert ". " not in spec.counts_source
    assert spec.paper.year <= 2018


# A letter x for a multiplication sign, a space before a percent sign, a curled quotation mark.
ODDLY_SET = re.compile(r"\d ?x ?\d|\d\s%|[\u2018\u2019\u201c\u201d]")


@every_network
def test_what_a_page_prints_is_set_in_one_way(key):
    spec = cnn_models.spec(key)
    printed = (figure.value for figure in spec.published)
    protocols = (figure.protocol for figure in spec.published)
    texts = (spec.display_name, spec.idea, spec.counts_source, *spec.departures)
    assert not [t for t in (*texts, *printed, *protocols) if ODDLY_SET.search(t)]


@pytest.mark.parametrize("oddly", ["3x3", "7 x 7", "28.2 %", "the paper\u2019s"])
def test_the_odd_settings_are_found(oddly):
    assert ODDLY_SET.search(oddly)
