"""Each difference between two counters is explained, to the last operation."""

import pytest
import torch
import torchinfo
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

import cnn_models
from analysis.structure.counters import by_atlas, by_flop_counter, causes, differences, rows
from analysis.structure.counters.subject import Subject, subject, subject_of

NETWORKS = (
    "lenet5",  # gathers maps, and ends in no layer of torch's
    "alexnet",  # grouped convolutions and local response normalisation
    "vgg16",
    "googlenet",
    "resnet50",
    "cifar_densenet40_k12",
    "cifar_se_resnet20",
    "mobilenet_v3_small",
    "shufflenet_v2_x0_5",
    "convnext_tiny",  # linear layers that work on maps
)


def explained(found: Subject) -> differences.Comparison:
    comparison = differences.compare(found)
    assert not comparison.refusals
    ours = found.graph.totals().macs
    for account in comparison.accounts.values():
        assert account.remainder == 0, account.pieces
        assert ours + sum(piece.amount for piece in account.pieces) == account.count.total
        assert sum(work.theirs for work in account.works) == account.count.total
    return comparison


def by_cause(account: differences.Account) -> dict[tuple[str, str], int]:
    amounts: dict[tuple[str, str], int] = {}
    for piece in account.pieces:
        key = piece.cause, piece.rule
        amounts[key] = amounts.get(key, 0) + piece.amount
    return amounts


@pytest.mark.parametrize("key", NETWORKS)
def test_the_amounts_sum_to_the_differences(key, traced):
    comparison = explained(subject(key, traced(key)))
    with torch.device("meta"):
        model = cnn_models.build(key).eval()
        image = torch.empty(1, *cnn_models.spec(key).input_shape)
    accounts = comparison.accounts
    theirs = torchinfo.summary(model, input_data=image, device="meta", verbose=0)
    assert accounts["torchinfo"].count.total == theirs.total_mult_adds
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(image)
    assert accounts["FlopCounterMode"].count.total == counter.get_total_flops()


def test_what_vgg16_adds_is_the_bias_of_each_value(traced):
    accounts = explained(subject("vgg16", traced("vgg16"))).accounts
    maps = [(64, 224, 2), (128, 112, 2), (256, 56, 3), (512, 28, 3), (512, 14, 3)]
    biased = sum(layers * width * side**2 for width, side, layers in maps) + 4096 + 4096 + 1000
    assert by_cause(accounts["torchinfo"]) == {(causes.BIAS, "1 for each value written"): biased}
    assert by_cause(accounts["fvcore"]) == {
        ("Adaptive average pooling", "1 for each value read"): 512 * 7 * 7
    }
    assert accounts["FlopCounterMode"].unit == 2


def test_batch_norm_is_counted_by_two_rules(traced):
    accounts = explained(subject("resnet50", traced("resnet50"))).accounts
    channels = 26_560  # of its 53 batch norms: each has one γ and one β a channel
    assert by_cause(accounts["torchinfo"])["Batch norm", "1 for each trained number"] == (
        2 * channels
    )
    values = sum(op.activations for op in traced("resnet50").operations if op.kind == "batch norm")
    assert by_cause(accounts["fvcore"])["Batch norm", "2 for each value read"] == 2 * values


def test_auxiliary_heads_are_found_in_training(traced):
    accounts = explained(subject("googlenet", traced("googlenet"), heads=True)).accounts
    # each: 128 1×1 convolutions on 4 × 4 places of 512 or 528 maps, then 1024 and 1000 units
    heads = sum(16 * 128 * maps + 128 * 16 * 1024 + 1024 * 1000 for maps in (512, 528))
    for tool in ("fvcore", "FlopCounterMode"):
        assert by_cause(accounts[tool])[causes.HEADS, "modules that only training runs"] == heads
    assert accounts["torchinfo"].count.parameters == 13_378_280  # as its spec says
    assert accounts["CNN Atlas"].count.parameters == 6_998_552


def test_training_makes_fvcore_count_batch_norm_five_times(traced):
    account = explained(subject("googlenet_bn", traced("googlenet_bn"), heads=True)).accounts
    rules = {rule for cause, rule in by_cause(account["fvcore"]) if cause == "Batch norm"}
    assert rules == {"5 for each value read"}


class Functional(nn.Module):
    """A convolution and a product that no module does."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(8, 3, 3, 3))
        self.twice = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.conv2d(x, self.weight, padding=1)
        x = self.twice(self.twice(x)).flatten(2)
        return torch.matmul(x, x.transpose(1, 2))


def test_functions_are_not_seen_by_torchinfo():
    accounts = explained(subject_of(Functional(), (3, 10, 10))).accounts
    function, product = 100 * 8 * 27, 8 * 8 * 100
    assert by_cause(accounts["torchinfo"]) == {
        (causes.FUNCTIONS, "only modules are seen"): -function - product,
        (causes.BIAS, "1 for each value written"): 2 * 800,  # the module is used twice
    }
    for tool, times in (("fvcore", 1), ("FlopCounterMode", 2)):
        work = {one.kind: one.theirs for one in accounts[tool].works if one.module == ""}
        assert work["convolution"] == times * function
        assert work["matrix product"] == times * product


@pytest.mark.parametrize(
    ("layer", "rule"),
    [
        pytest.param(nn.Upsample(scale_factor=2), "1 for each value written", id="nearest"),
        pytest.param(nn.LayerNorm(8), "5 for each value read", id="layer norm"),
    ],
)
def test_other_layers_that_fvcore_counts(layer, rule):
    account = explained(subject_of(nn.Sequential(nn.Conv2d(3, 4, 1), layer), (3, 8, 8))).accounts
    assert rule in {rule for _, rule in by_cause(account["fvcore"])}


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_any_convolution_is_explained(data):
    draw, one_to = data.draw, st.integers
    groups = draw(one_to(1, 3))
    inputs, outputs = groups * draw(one_to(1, 3)), groups * draw(one_to(1, 3))
    kernel, dilation = draw(one_to(1, 3)), draw(one_to(1, 2))
    convolution = nn.Conv2d(
        inputs,
        outputs,
        kernel,
        stride=draw(one_to(1, 3)),
        padding=draw(one_to(0, 2)),
        dilation=dilation,
        groups=groups,
        bias=draw(st.booleans()),
    )
    layers = [convolution, nn.BatchNorm2d(outputs), nn.ReLU(), nn.AdaptiveAvgPool2d(1)]
    network = nn.Sequential(*layers, nn.Flatten(), nn.Linear(outputs, 5))
    explained(subject_of(network, (inputs, 7, 9)))


def test_what_no_rule_gives_is_said_to_be_unexplained(traced):
    found = subject("lenet5_modern", traced("lenet5_modern"))
    ours = by_atlas.count(found)
    module = next(path for path, one in found.modules.items() if isinstance(one, nn.ReLU))
    odd = rows.Row(module, "relu", 12_345)
    account = differences.account(found, rows.Count("odd", (*ours.rows, odd), None))
    assert account.remainder == 12_345
    assert [piece.module for piece in account.pieces if piece.cause == causes.UNEXPLAINED] == [
        module
    ]


def test_the_tool_that_cannot_count_says_why(monkeypatch, traced):
    def refuse(_: Subject) -> rows.Count:
        raise rows.CannotCount("It cannot run.")

    monkeypatch.setattr(by_flop_counter, "count", refuse)
    comparison = differences.compare(subject("lenet5_modern", traced("lenet5_modern")))
    assert comparison.refusals == {"FlopCounterMode": "It cannot run."}
    assert len(comparison.accounts) == 3


def test_networks_without_heads_are_refused_them(traced):
    with pytest.raises(ValueError, match="has no auxiliary heads to count"):
        subject("vgg16", traced("vgg16"), heads=True)


def test_other_networks_are_not_seen(traced):
    found = subject("lenet5_modern", traced("lenet5_modern"))
    hooks = []
    found.model.register_forward_pre_hook(
        lambda *_: hooks.append(len(nn.modules.module._global_forward_pre_hooks))
    )
    by_flop_counter.count(found)
    assert hooks == [0]  # hooks on all modules would count what other threads run
