"""Every network of the registry, against the catalogue of exact counts and its own promises."""

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import Tensor, fx, nn
from torch.utils._python_dispatch import TorchDispatchMode

import cnn_models
from tests.flops import shapes_only, torchs_flops
from tests.networks import every_network, one_of_each_paper

CATALOGUE = {
    row["key"]: row
    for row in json.loads(
        (Path(__file__).parents[1] / "data" / "catalogue.json").read_text(encoding="utf-8")
    )
}

MANY = 20_000_000  # parameters
PASSES = 40  # a block that is left out half of the time is missing from all with odds of 1e-12


@cache
def network(key: str) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key).eval()


@cache
def traced(key: str) -> fx.GraphModule:
    return fx.symbolic_trace(network(key))


class Fills(TorchDispatchMode):
    """Counts how often the memory at an address was filled at random."""

    def __init__(self) -> None:
        super().__init__()
        self.at = Counter[int]()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func in (torch.ops.aten.normal_.default, torch.ops.aten.uniform_.default):
            self.at[args[0].data_ptr()] += 1
        return func(*args, **(kwargs or {}))


@contextmanager
def counted_fills() -> Iterator[Counter[int]]:
    """Count random fills; memory that nobody fills holds NaN instead of what was there before."""
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        with Fills() as fills:
            yield fills.at
    finally:
        torch.use_deterministic_algorithms(before)


def image(key: str) -> Tensor:
    return torch.empty(1, *cnn_models.spec(key).input_shape, device="meta")


@cache
def multiply_adds(key: str, side: int) -> int:
    with torchs_flops() as counter:
        network(key)(torch.empty(1, cnn_models.spec(key).input_shape[0], side, side, device="meta"))
    return counter.get_total_flops() // 2


def test_every_network_of_the_lectures_is_here():
    assert set(cnn_models.names()) == set(CATALOGUE)


@every_network
def test_what_the_spec_says_is_what_the_catalogue_says(key):
    spec, row = cnn_models.spec(key), CATALOGUE[key]
    assert spec.family == row["family"]
    assert list(spec.input_shape) == row["input"]
    assert spec.num_classes == row["classes"]
    if row["params"] is not None:
        assert spec.exact_params == row["params"]
    if row["macs"] is not None:  # counted at another size than the network's own for one of them
        side = row.get("macs_at", row["input"][1])
        assert multiply_adds(key, side) + row.get("cropped", 0) == row["macs"]
    if printed := re.search(r"([\d.]+) G multiply-adds", row["note"]):
        assert spec.exact_macs is not None
        assert f"{spec.exact_macs / 1e9:.3f}" == printed[1]
    assert bool(spec.weights) == (row["pretrained"] is not None)
    assert {weights.source for weights in spec.weights} == {*(row["pretrained"] or ())[:1]}


@every_network
def test_the_built_network_has_the_parameters_that_its_spec_says(key):
    trainable = sum(p.numel() for p in network(key).parameters() if p.requires_grad)
    assert trainable == cnn_models.spec(key).exact_params


@one_of_each_paper
def test_the_built_network_does_the_multiply_adds_that_its_spec_says(key):
    assert (
        multiply_adds(key, cnn_models.spec(key).input_shape[1]) == cnn_models.spec(key).exact_macs
    )


@every_network
def test_building_on_meta_allocates_nothing(key):
    tensors = [*network(key).parameters(), *network(key).buffers()]
    assert tensors
    assert all(tensor.is_meta for tensor in tensors)


@one_of_each_paper
def test_the_traced_network_answers_as_the_network_does(key):
    with shapes_only():
        answer = traced(key)(image(key))
    assert answer.shape == (1, cnn_models.spec(key).num_classes)


@one_of_each_paper
def test_each_relu_is_a_module_of_its_own_that_leaves_its_input_alone(key):
    relus = {n for n, m in network(key).named_modules() if isinstance(m, nn.ReLU | nn.ReLU6)}
    called = [node.target for node in traced(key).graph.nodes if node.target in relus]
    assert sorted(called) == sorted(relus)
    assert not any(network(key).get_submodule(name).inplace for name in relus)


@one_of_each_paper
def test_stages_name_submodules_in_the_order_of_the_forward_pass(key):
    stages, seen = cnn_models.spec(key).stages, []
    handles = [
        network(key).get_submodule(name).register_forward_hook(lambda *_, n=name: seen.append(n))
        for name in stages
    ]
    with shapes_only():
        network(key)(image(key))
    for handle in handles:
        handle.remove()
    assert tuple(seen) == stages


@one_of_each_paper
def test_another_number_of_classes_changes_the_answer_only(key):
    with torch.device("meta"):
        narrower = cnn_models.build(key, num_classes=7).eval()
    with shapes_only():
        assert narrower(image(key)).shape == (1, 7)


@cache
def smallest_side(key: str) -> int:
    """The side of the smallest image that the network takes, as its refusal of one pixel says."""
    channels = cnn_models.spec(key).input_shape[0]
    try:
        network(key)(torch.empty(1, channels, 1, 1, device="meta"))
    except ValueError as refusal:
        return int(re.findall(r"takes sides (?:of at least|from) (\d+)", str(refusal))[0])
    return 1


@one_of_each_paper
def test_the_smallest_image_that_a_refusal_names_is_the_smallest_that_works(key):
    side, classes = smallest_side(key), cnn_models.spec(key).num_classes
    channels = cnn_models.spec(key).input_shape[0]
    assert side <= cnn_models.spec(key).input_shape[1]
    smallest = torch.empty(1, channels, side, side, device="meta")
    with shapes_only():
        assert network(key)(smallest).shape == (1, classes)
    if side > 1:
        with pytest.raises((RuntimeError, ValueError)):
            network(key).forward(smallest[..., 1:, 1:])  # past the guard, which is a hook


@one_of_each_paper
def test_each_weight_is_filled_once(key):
    with counted_fills() as fills:
        fresh = cnn_models.build(key, num_classes=10)
    parameters = {n: p for n, p in fresh.named_parameters() if p.requires_grad}
    assert not [n for n, p in parameters.items() if not p.sum().isfinite()], "left unfilled"
    assert not [n for n, p in parameters.items() if fills[p.data_ptr()] > 1], "filled twice"


@one_of_each_paper
def test_each_weight_takes_part_in_the_training(key):
    torch.manual_seed(0)
    small = cnn_models.spec(key).exact_params < MANY  # a larger one is followed on meta tensors
    device = torch.device("cpu" if small else "meta")
    with device:
        fresh = cnn_models.build(key, num_classes=10).train()
        side = max(32, smallest_side(key))
        images = torch.randn(2, cnn_models.spec(key).input_shape[0], side, side)
    parameters = {n: p for n, p in fresh.named_parameters() if p.requires_grad}
    lost = [key]
    for _ in range(PASSES):  # the first is enough but where blocks are left out at random
        answer = fresh(images)
        assert answer.shape == (2, 10)
        nn.functional.cross_entropy(answer, torch.tensor([3, 7], device=device)).backward()
        lost = [n for n, p in parameters.items() if p.grad is None]
        if not lost:
            break
    assert not lost
    if small:
        gradients = {n: p.grad for n, p in parameters.items() if p.grad is not None}
        assert not [n for n, gradient in gradients.items() if not gradient.sum().isfinite()]


def nonsense(default: object) -> object:
    """A value that an option with this default cannot have."""
    return {str: "nonsense", tuple: ()}.get(type(default), -1)


@one_of_each_paper
def test_an_option_out_of_range_is_refused_by_name(key):
    built = cnn_models.spec(key).build
    for name, option in inspect.signature(built).parameters.items():
        open_ended = option.kind is option.VAR_KEYWORD or isinstance(option.default, bool)
        if name != "num_classes" and not open_ended:
            with torch.device("meta"), pytest.raises(ValueError, match=name):
                built(**{name: nonsense(option.default)})


@every_network
def test_what_a_spec_says_in_words(key):
    spec = cnn_models.spec(key)
    assert spec.idea.endswith(".")
    assert not re.search(r"\.\s", spec.idea), "the idea is one sentence"
    assert isinstance(spec.departures, tuple)
    assert all(text.endswith(".") for text in spec.departures)
    assert re.search(r"\w\)?$", spec.counts_source), "it completes a sentence on a page"
    assert ". " not in spec.counts_source
    assert 1998 <= spec.paper.year <= 2022


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
