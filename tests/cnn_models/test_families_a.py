"""Facts about LeNet, AlexNet, VGG, MobileNet and DenseNet, from the papers and by hand."""

from __future__ import annotations

import math
import re
from types import ModuleType

import pytest
import torch
from torch import Tensor, nn
from torch.fx import symbolic_trace

from cnn_models.families import alexnet, densenet, lenet, mobilenet_v1, vgg
from cnn_models.spec import ModelSpec
from tests.flops import torchs_flops

MODULES: tuple[ModuleType, ...] = (lenet, alexnet, vgg, mobilenet_v1, densenet)
SPECS: dict[str, ModelSpec] = {spec.key: spec for module in MODULES for spec in module.SPECS}


def on_meta(key: str) -> tuple[nn.Module, Tensor]:
    spec = SPECS[key]
    with torch.device("meta"):
        network = spec.build(num_classes=spec.num_classes).eval()
        return network, torch.empty(1, *spec.input_shape)


def parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters() if p.requires_grad)


def multiply_adds(network: nn.Module, images: Tensor) -> int:
    with torchs_flops() as counter:
        network(images)
    return counter.get_total_flops() // 2


@pytest.mark.parametrize("key", SPECS)
def test_no_module_runs_twice(key: str) -> None:
    graph = symbolic_trace(on_meta(key)[0]).graph
    targets = [node.target for node in graph.nodes if node.op == "call_module"]
    assert len(targets) == len(set(targets))


# LeNet-5: Section II-B of the paper.


@pytest.mark.parametrize(
    ("layer", "count"), [("c1", 156), ("s2", 12), ("c3", 1516), ("s4", 32), ("f6", 10_164)]
)
def test_lenet_layer_has_the_papers_parameters(layer: str, count: int) -> None:
    assert parameters(lenet.LeNet5().get_submodule(layer)) == count


def test_lenet_multiply_adds_of_the_sum_by_hand() -> None:
    said = re.findall(r"[CSF]\d ([\d,]*\d)", SPECS["lenet5"].counts_source)
    c1, s2, c3 = 28 * 28 * 6 * 25, 14 * 14 * 6, 10 * 10 * 60 * 25  # Table I has 60 crosses
    by_hand = (c1, s2, c3, 5 * 5 * 16, 120 * 16 * 25, 84 * 120)
    assert said == [f"{count:,}" for count in by_hand]
    assert sum(by_hand) == SPECS["lenet5"].exact_macs


def test_lenet_departures_of_today_quote_what_the_layers_have() -> None:
    paper, modern = lenet.LeNet5(), lenet.ModernLeNet5()
    subsampling = parameters(paper.s2) + parameters(paper.s4)
    counts = (parameters(modern.c3), parameters(paper.c3), subsampling, parameters(modern.output))
    said = re.findall(r"[\d,]*\d\b(?= param)|(?<=has )[\d,]*\d", _departures("lenet5_modern"))
    assert said == [f"{count:,}" for count in counts]


def _departures(key: str) -> str:
    return " ".join(SPECS[key].departures)


def test_lenet_c3_map_sees_only_the_maps_of_table_1() -> None:
    # Columns 0, 6, 12, 14 and 15 of Table I, read off the page.
    table = {0: {0, 1, 2}, 6: {0, 1, 2, 3}, 12: {0, 1, 3, 4}, 14: {0, 2, 3, 5}, 15: set(range(6))}
    c3 = lenet.LeNet5().c3
    images = torch.rand(1, 6, 14, 14, requires_grad=True)
    output = c3(images)
    for column, seen in table.items():
        (gradient,) = torch.autograd.grad(output[0, column].sum(), images, retain_graph=True)
        assert {m for m in range(6) if gradient[0, m].any()} == seen


def test_lenet_squash_keeps_plus_and_minus_one() -> None:
    ends = torch.tensor([-1.0, 0.0, 1.0, 100.0])
    expected = torch.tensor([-1.0, 0.0, 1.0, 1.7159])
    torch.testing.assert_close(lenet.ScaledTanh()(ends), expected, atol=2e-5, rtol=0)


def test_lenet_subsampling_scales_the_sum_of_four() -> None:
    layer = lenet.Subsampling(1)
    weight, bias = layer.parameters()
    nn.init.constant_(weight, 0.5)
    nn.init.constant_(bias, 1.0)
    square = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    assert layer(square).item() == 0.5 * (1 + 2 + 3 + 4) + 1


def test_lenet_code_of_a_digit_is_its_own_nearest() -> None:
    codes = lenet.digit_codes()
    assert codes.shape == (10, 84)
    assert set(codes.unique().tolist()) == {-1.0, 1.0}
    scores = lenet.RadialBasis(10)(codes)
    assert scores.argmax(dim=1).tolist() == list(range(10))
    assert scores.diagonal().eq(0).all()


def test_lenet_score_is_minus_four_for_each_differing_pixel() -> None:
    code = lenet.digit_codes()[7].clone()
    code[:3] *= -1
    assert lenet.RadialBasis(10)(code[None])[0, 7].item() == -4 * 3


def test_lenet_digit_one_has_ink_as_drawn() -> None:
    one = lenet.digit_codes()[1].view(12, 7)
    assert one[0].tolist() == [-1, -1, -1, 1, 1, -1, -1]
    assert one[10:].eq(-1).all()


def test_lenet_weights_start_within_the_papers_bound() -> None:
    network = lenet.LeNet5()
    assert network.c1.weight.abs().max() <= 2.4 / 25
    assert network.f6.weight.abs().max() <= 2.4 / 120
    assert network.f6.weight.std().item() == pytest.approx(2.4 / 120 / math.sqrt(3), rel=0.05)


def test_lenet_has_no_code_for_an_eleventh_class() -> None:
    with pytest.raises(ValueError, match="1 to 10"):
        lenet.LeNet5(num_classes=11)


# AlexNet: Sections 3.3, 3.5 and 5.


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        ("stage1.conv1", (96, 55, 55)),
        ("stage1.pool1", (96, 27, 27)),
        ("stage2.conv2", (256, 27, 27)),
        ("stage2.pool2", (256, 13, 13)),
        ("stage3.conv3", (384, 13, 13)),
        ("stage3.conv4", (384, 13, 13)),
        ("stage3.conv5", (256, 13, 13)),
        ("stage3.pool5", (256, 6, 6)),
    ],
)
def test_alexnet_shape(layer: str, shape: tuple[int, ...]) -> None:
    network, images = on_meta("alexnet")
    shapes: list[tuple[int, ...]] = []
    network.get_submodule(layer).register_forward_hook(lambda _m, _i, y: shapes.append(y.shape[1:]))
    network(images)
    assert shapes == [shape]


@pytest.mark.parametrize(
    "norm", [alexnet.response_norm(), vgg.stage((3,), 3, 8, bn=False, lrn=True)[2]]
)
def test_response_norm_is_the_papers_formula(norm: nn.Module) -> None:
    a = torch.rand(1, 8, 1, 1) * 50
    middle = a[0, 4, 0, 0] / (2 + 1e-4 * a[0, 2:7, 0, 0].square().sum()) ** 0.75
    torch.testing.assert_close(norm(a)[0, 4, 0, 0], middle)
    edge = a[0, 0, 0, 0] / (2 + 1e-4 * a[0, :3, 0, 0].square().sum()) ** 0.75
    torch.testing.assert_close(norm(a)[0, 0, 0, 0], edge)


def test_alexnet_halves_meet_only_in_conv3() -> None:
    network, _ = on_meta("alexnet")
    groups = [m.groups for m in network.modules() if isinstance(m, nn.Conv2d)]
    assert groups == [1, 2, 1, 2, 2]


def test_alexnet_starts_as_section_5_says() -> None:
    network = alexnet.AlexNet(num_classes=10)
    biases = {n: m.bias for n, m in network.named_modules() if isinstance(m, nn.Conv2d | nn.Linear)}
    ones = {n.rpartition(".")[2] for n, b in biases.items() if b is not None and b.eq(1).all()}
    zeros = {n.rpartition(".")[2] for n, b in biases.items() if b is not None and b.eq(0).all()}
    assert ones == {"conv2", "conv4", "conv5", "fc6", "fc7"}
    assert zeros == {"conv1", "conv3", "fc8"}
    assert network.get_parameter("classifier.fc7.weight").std().item() == pytest.approx(0.01, 0.01)


# VGG: Tables 1 and 2.


@pytest.mark.parametrize(
    ("key", "layers", "millions"),
    [
        ("vgg11", 11, 133),
        ("vgg11_lrn", 11, 133),
        ("vgg13", 13, 133),
        ("vgg16_c", 16, 134),
        ("vgg16", 16, 138),
        ("vgg19", 19, 144),
    ],
)
def test_vgg_has_the_weight_layers_and_size_of_the_paper(
    key: str, layers: int, millions: int
) -> None:
    network, _ = on_meta(key)
    weighted = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(weighted) == layers
    assert round(parameters(network) / 1e6) == millions


def test_vgg_c_ends_its_last_three_stages_in_1x1() -> None:
    network, _ = on_meta("vgg16_c")
    pointwise = [
        name
        for name, m in network.named_modules()
        if isinstance(m, nn.Conv2d) and m.kernel_size == (1, 1)
    ]
    assert pointwise == ["stage3.conv3", "stage4.conv3", "stage5.conv3"]


def test_vgg_lrn_norms_once() -> None:
    network, _ = on_meta("vgg11_lrn")
    names = [n for n, m in network.named_modules() if isinstance(m, nn.LocalResponseNorm)]
    assert names == ["stage1.lrn1"]


# MobileNet: Tables 1 and 6.


def test_mobilenet_ends_in_1024_maps_of_7_by_7() -> None:
    network, images = on_meta("mobilenet_v1")
    features = nn.Sequential(*list(network.children())[:6])(images)
    assert features.shape == (1, 1024, 7, 7)


@pytest.mark.parametrize(
    ("key", "millions"),
    [
        ("mobilenet_v1", 569),
        ("mobilenet_v1_x0_75", 325),
        ("mobilenet_v1_x0_5", 149),
        ("mobilenet_v1_x0_25", 41),
    ],
)
def test_mobilenet_multiply_adds_round_to_table_6(key: str, millions: int) -> None:
    assert round(multiply_adds(*on_meta(key)) / 1e6) == millions


def test_mobilenet_clips_where_the_public_weights_need_it() -> None:
    (weights,) = SPECS["mobilenet_v1"].weights
    plain = SPECS["mobilenet_v1"].build(num_classes=10)
    clipped = SPECS["mobilenet_v1"].build(num_classes=10, **weights.options)
    assert sum(isinstance(m, nn.ReLU) for m in plain.modules()) == 27
    assert sum(isinstance(m, nn.ReLU6) for m in clipped.modules()) == 27


# DenseNet: Table 1.


def test_densenet_121_counts_its_layers() -> None:
    network, _ = on_meta("densenet121")
    weighted = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(weighted) == 121


def test_densenet_blocks_grow_and_transitions_halve() -> None:
    network, images = on_meta("densenet121")
    channels: list[int] = []
    for name in SPECS["densenet121"].stages[:-1]:
        layer = network.get_submodule(name)
        layer.register_forward_hook(lambda _m, _i, y: channels.append(y.shape[1]))
    network(images)
    assert channels == [64, 256, 128, 512, 256, 1024, 512, 1024]


def test_densenet_keeps_every_earlier_map_as_it_was() -> None:
    block = densenet.DenseBlock(3, 8, 4, 4, 0.0).eval()
    x = torch.rand(2, 8, 5, 5)
    y = block(x)
    assert y.shape == (2, 8 + 3 * 4, 5, 5)
    assert torch.equal(y[:, :8], x)


def test_densenet_without_bottleneck_and_compression_is_the_plain_one() -> None:
    # Growth 4, so the stem gives 8 maps, the first block 12, the second 16; BN has 2 per map.
    with torch.device("meta"):
        network = densenet.DenseNet(3, 4, (1, 1), bottleneck=None, compression=1.0)
    stem = 8 * 3 * 49 + 2 * 8
    first = 2 * 8 + 8 * 4 * 9
    transition = 2 * 12 + 12 * 12
    second = 2 * 12 + 12 * 4 * 9
    assert parameters(network) == stem + first + transition + second + 2 * 16 + 16 * 3 + 3


# What networks refuse.


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: alexnet.AlexNet(dropout=1.0), "at least 0 and less than 1"),
        (lambda: alexnet.OneTower(dropout=-0.1), "at least 0 and less than 1"),
        (lambda: vgg.VGG(dropout=math.nan), "at least 0 and less than 1"),
        (lambda: vgg.VGG(configuration="F"), "A, B, C, D and E"),
        (lambda: mobilenet_v1.MobileNetV1(width=0), "over 0 and up to 1"),
        (lambda: mobilenet_v1.MobileNetV1(width=1.5), "over 0 and up to 1"),
        (lambda: densenet.DenseNet(growth=0), "growth is 0; it is at least 1"),
        (lambda: densenet.DenseNet(blocks=()), "at least 1 block"),
        (lambda: densenet.DenseNet(blocks=(3, 0)), "at least 1 layer"),
        (lambda: densenet.DenseNet(bottleneck=0), "at least 1 growth rate"),
        (lambda: densenet.DenseNet(compression=0), "over 0 and up to 1"),
        (lambda: densenet.DenseNet(dropout=1), "at least 0 and less than 1"),
    ],
)
def test_option_out_of_range_names_the_range(build, message: str) -> None:
    with torch.device("meta"), pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize(
    ("key", "side"),
    [
        ("lenet5", 32),
        ("lenet5_modern", 32),
        ("alexnet", 227),
        ("alexnet_owt", 63),
        ("vgg16", 32),
        ("densenet121", 29),
    ],
)
def test_smallest_image_is_the_one_the_message_names(key: str, side: int) -> None:
    network, images = on_meta(key)
    small = images.new_empty(1, images.shape[1], side, side)
    assert network(small).shape == (1, SPECS[key].num_classes)
    with pytest.raises(ValueError, match=f"{side}"):
        network(small[..., 1:])
    network._forward_pre_hooks.clear()
    with pytest.raises(RuntimeError):  # torch itself fails there: the check is no stricter
        network(small[..., 1:])


@pytest.mark.parametrize(("key", "side"), [("lenet5", 35), ("lenet5_modern", 35), ("alexnet", 258)])
def test_largest_image_is_the_one_the_message_names(key: str, side: int) -> None:
    network, images = on_meta(key)
    large = images.new_empty(1, images.shape[1], side + 1, side + 1)
    assert network(large[..., 1:, 1:]).shape == (1, SPECS[key].num_classes)
    with pytest.raises(ValueError, match=f"{side}"):
        network(large)
