"""ShuffleNet v1 against Tables 1, 2 and 5 of the paper, and what the shuffle does."""

import json
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import nn

import cnn_models
from analysis.structure import described
from cnn_models.families.shufflenet_v1 import ShuffleNetV1, ShuffleUnit
from tests.flops import torchs_flops

# Of Table 1: channels of stage 2, and millions of multiply-adds.
CHANNELS = {1: 144, 2: 200, 3: 240, 4: 272, 8: 384}
MILLIONS = {1: 143, 2: 140, 3: 137, 4: 133, 8: 137}
PRINTED = json.loads(
    (Path(cnn_models.__file__).parent / "records/published/shufflenet_v1.json").read_text()
)


def on_meta(groups: int = 3, width: float = 1) -> nn.Module:
    with torch.device("meta"):
        return ShuffleNetV1(groups=groups, width=width).eval()


def _note(shapes: dict, name: str, _module: nn.Module, _inputs: tuple, y: torch.Tensor) -> None:
    shapes[name] = y.shape[1:]


def multiply_adds(network: nn.Module, kind: str) -> int:
    """Of one image; `kind` is "convolution" or "addmm", which is the linear layer."""
    with torchs_flops() as counter:
        network(torch.empty(1, 3, 224, 224, device="meta"))
    counts = counter.get_flop_counts()["Global"]
    return next(flops for op, flops in counts.items() if kind in str(op)) // 2


@pytest.mark.parametrize(("groups", "millions"), MILLIONS.items())
def test_the_convolutions_do_the_multiply_adds_of_table_1(groups, millions):
    convolutions = multiply_adds(on_meta(groups=groups), "convolution")
    assert round(convolutions / 1e6) == millions
    row = PRINTED[f"shufflenet_v1_g{groups}"][0]
    assert (row["value"], row["source"]) == (f"{millions}M", "Table 1")
    assert f"{convolutions / 1e6:.1f}" in cnn_models.spec(f"shufflenet_v1_g{groups}").departures[0]


@pytest.mark.parametrize(
    ("width", "groups", "millions"),
    [(0.25, 1, 13), (0.25, 2, 13), (0.25, 3, 13), (0.5, 1, 38), (0.5, 2, 38), (0.5, 3, 37)],
)
def test_narrow_networks_have_about_the_multiply_adds_of_table_2(width, groups, millions):
    """The table prints 13 and 38 million for every number of groups."""
    network = on_meta(groups=groups, width=width)
    assert round(multiply_adds(network, "convolution") / 1e6) == millions


@pytest.mark.parametrize(("width", "millions"), [(1.5, 292), (2, 524)])
def test_wide_networks_do_the_multiply_adds_of_table_5_with_their_linear_layer(width, millions):
    network = on_meta(groups=3, width=width)
    total = multiply_adds(network, "convolution") + multiply_adds(network, "addmm")
    assert round(total / 1e6) == millions
    assert f"{total / 1e6:.1f}" in " ".join(cnn_models.spec("shufflenet_v1_g3").departures)


@pytest.mark.parametrize(("groups", "channels"), CHANNELS.items())
def test_the_maps_have_the_sizes_of_table_1(groups, channels):
    network = on_meta(groups=groups)
    shapes: dict[str, torch.Size] = {}
    for name, module in network.named_children():
        module.register_forward_hook(partial(_note, shapes, name))
    network(torch.empty(1, 3, 224, 224, device="meta"))
    assert shapes["stem"] == (24, 56, 56)
    assert shapes["stage2"] == (channels, 28, 28)
    assert shapes["stage3"] == (2 * channels, 14, 14)
    assert shapes["stage4"] == (4 * channels, 7, 7)


def by_hand(g: int, c: int) -> int:
    """Parameters of the network with c channels in stage 2, counted layer by layer."""
    total, inputs = 3 * 9 * 24 + 2 * 24, 24
    for outputs, repeat in ((c, 4), (2 * c, 8), (4 * c, 4)):
        neck = outputs // 4
        for unit in range(repeat):
            made = outputs - inputs if unit == 0 else outputs
            first = inputs * neck // (1 if inputs == 24 else g)
            total += first + 9 * neck + neck * made // g + 2 * (neck + neck + made)
            inputs = outputs
    return total + 4 * c * 1000 + 1000


@pytest.mark.parametrize(("groups", "channels"), CHANNELS.items())
def test_parameters_counted_by_hand(groups, channels):
    assert cnn_models.spec(f"shufflenet_v1_g{groups}").exact_params == by_hand(groups, channels)


def test_only_the_first_pointwise_convolution_is_not_grouped():
    network = on_meta(groups=8)
    pointwise = [m for m in network.modules() if isinstance(m, nn.Conv2d) and m.kernel_size[0] == 1]
    assert [m.groups for m in pointwise] == [1] + [8] * 31


def test_a_network_without_groups_has_no_shuffle():
    kinds = [type(m) for m in on_meta(groups=1).modules()]
    assert nn.ChannelShuffle not in kinds
    assert [type(m) for m in on_meta(groups=2).modules()].count(nn.ChannelShuffle) == 16


def test_the_shuffle_transposes_groups_and_channels():
    unit = ShuffleUnit(24, 24, stride=1, groups=3)
    x = torch.arange(6.0).view(1, 6, 1, 1)  # 3 groups of 2
    shuffle = unit.get_submodule("branch.shuffle")
    assert shuffle(x).flatten().tolist() == [0, 2, 4, 1, 3, 5]


@pytest.mark.parametrize("groups", [1, 3])
def test_after_the_shuffle_a_group_knows_all_groups(groups):
    """Without it, two grouped convolutions would leave a third of the inputs to each output."""
    unit = ShuffleUnit(36, 36, stride=1, groups=groups).eval()
    x = torch.randn(1, 36, 8, 8, requires_grad=True)
    (gradient,) = torch.autograd.grad(unit.branch(x)[0, 0].sum(), x)
    seen = gradient.abs().sum(dim=(0, 2, 3)) > 0
    assert seen.view(3, 12).any(dim=1).all()


def test_the_unit_adds_its_input_or_concatenates_its_pooled_input():
    x = torch.rand(2, 24, 8, 8)
    same = ShuffleUnit(24, 24, stride=1, groups=3).eval()
    torch.testing.assert_close(same(x), torch.relu(x + same.branch(x)))
    half = ShuffleUnit(24, 60, stride=2, groups=3).eval()
    y = half(x)
    assert y.shape == (2, 60, 4, 4)
    torch.testing.assert_close(y[:, :24], nn.functional.avg_pool2d(x, 3, 2, 1))
    torch.testing.assert_close(y[:, 24:], torch.relu(half.branch(x)))


def test_the_shuffle_may_stand_behind_the_depthwise_convolution():
    """As in the authors' later code: the same function with the depthwise filters reordered."""
    unit = ShuffleUnit(24, 24, stride=1, groups=3).eval()
    for norm in (m for m in unit.modules() if isinstance(m, nn.BatchNorm2d)):
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias)
    gconv1, bn1, relu1, shuffle, dwconv, bn2, gconv2, bn3 = unit.branch
    order = shuffle(torch.arange(6).view(1, 6, 1, 1)).flatten().argsort()
    x = torch.rand(2, 24, 5, 5)
    expected = unit.branch(x)
    for layer in (dwconv, bn2):
        state = layer.state_dict()
        layer.load_state_dict({n: t[order] if t.ndim else t for n, t in state.items()})
    later = nn.Sequential(gconv1, bn1, relu1, dwconv, bn2, shuffle, gconv2, bn3)
    torch.testing.assert_close(later(x), expected)


@pytest.mark.parametrize("groups", [-1, 0, 5, 16])
def test_other_group_counts_are_refused(groups):
    with pytest.raises(ValueError, match=rf"groups is {groups}; .* 1, 2, 3, 4 and 8"):
        cnn_models.build("shufflenet_v1_g3", groups=groups)


@pytest.mark.parametrize("width", [-1, 0, 0.75, 3, float("nan")])
def test_other_widths_are_refused(width):
    with pytest.raises(ValueError, match=rf"width is {width}; .* 0\.25, 0\.5, 1, 1\.5 and 2"):
        cnn_models.build("shufflenet_v1_g3", width=width)


@pytest.mark.parametrize("groups", CHANNELS)
@pytest.mark.parametrize("width", [0.25, 0.5, 1.5, 2])
def test_every_width_works_with_every_number_of_groups(groups, width):
    assert on_meta(groups=groups, width=width)(torch.empty(1, 3, 32, 32, device="meta")).shape == (
        1,
        1000,
    )


@pytest.mark.parametrize("side", [1, 5, 225])
def test_any_image_size_works(side):
    assert on_meta()(torch.empty(1, 3, side, side, device="meta")).shape == (1, 1000)


def test_weights_start_by_hes_rule_for_the_inputs_of_a_unit():
    torch.manual_seed(0)
    network = cnn_models.build("shufflenet_v1_g3")
    for name, inputs in (("stage4.1.branch.gconv1", 960 / 3), ("stage4.1.branch.dwconv", 9)):
        weight = network.get_parameter(f"{name}.weight")
        assert weight.std().item() == pytest.approx((2 / inputs) ** 0.5, rel=0.05)
        assert abs(weight.mean().item()) < 0.1 * weight.std().item()
    assert network.get_parameter("fc.weight").std().item() == pytest.approx(0.01, rel=0.02)
    assert not network.get_parameter("fc.bias").any()


def test_the_traced_graph_knows_shuffles_and_what_the_last_map_sees():
    g = described.traced("shufflenet_v1_g3")
    assert (g.totals().params, g.totals().macs) == (1_865_728, 137_460_672)
    assert [op.kind for op in g.operations].count("channel shuffle") == 16
    # 3×3 windows: stem and pooling at steps 1 and 2, then in each stage one at the step before
    # halving (the average pooling sees as far as the branch) and the rest behind it.
    size = 1 + 2 * (1 + 2 + 4 + 3 * 8 + 8 + 7 * 16 + 16 + 3 * 32)
    assert g.receptive_field().size == (size, size)
    assert g.receptive_field().stride == (32, 32)
