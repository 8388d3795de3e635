"""Pre-activation ResNet: its counts by hand, its units, and the first and the last of them."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import nn

import cnn_models
from cnn_models.families.preact_resnet import (
    BasicUnit,
    BottleneckUnit,
    CifarPreActResNet,
    PreActUnit,
)


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options)


def params(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def test_resnet_110_by_hand():
    # 54 units of two 3×3 convolutions, 18 a stage; 16 channels become 32 and 64 without weights.
    stages = (
        36 * 16 * 16 * 9,
        16 * 32 * 9 + 35 * 32 * 32 * 9,
        32 * 64 * 9 + 35 * 64 * 64 * 9,
    )
    # 2 a channel in each batch normalisation: one before every one of those, one at the end.
    norms = 2 * (36 * 16 + (16 + 35 * 32) + (32 + 35 * 64) + 64)
    spec = cnn_models.spec("cifar_preact_resnet110")
    assert spec.exact_params == 3 * 16 * 9 + sum(stages) + norms + 64 * 10 + 10
    macs = sum(weights * side**2 for weights, side in zip(stages, (32, 16, 8), strict=True))
    assert spec.exact_macs == 3 * 16 * 9 * 32**2 + macs + 64 * 10


def bottlenecks_by_hand(
    inputs: int, stages: list[tuple[int, int, int]], at_3x3: bool = False
) -> tuple[int, int]:
    """Parameters and multiply-adds; a stage is (units, width, side of its maps)."""
    params = macs = 0
    for number, (units, width, side) in enumerate(stages):
        for unit in range(units):
            entered = side * (2 if number and unit == 0 else 1)
            reduce, middle, restore = inputs * width, 9 * width * width, 4 * width * width
            project = 4 * width * inputs if unit == 0 else 0
            params += 2 * (inputs + 2 * width) + reduce + middle + restore + project
            macs += reduce * (entered if at_3x3 else side) ** 2
            macs += (middle + restore + project) * side**2
            inputs = 4 * width
    return params, macs


@pytest.mark.parametrize(("depth", "n"), [(164, 18), (1001, 111)])
def test_the_cifar_bottlenecks_by_hand(depth, n):
    params, macs = bottlenecks_by_hand(16, [(n, 16, 32), (n, 32, 16), (n, 64, 8)])
    spec = cnn_models.spec(f"cifar_preact_resnet{depth}")
    assert spec.exact_params == 3 * 16 * 9 + params + 2 * 256 + 256 * 10 + 10
    assert spec.exact_macs == 3 * 16 * 9 * 32**2 + macs + 256 * 10


def test_resnet_200_by_hand():
    stages = [(3, 64, 56), (24, 128, 28), (36, 256, 14), (3, 512, 7)]
    stem, fc = 3 * 64 * 49, 2048 * 1000
    params, macs = bottlenecks_by_hand(64, stages)
    spec = cnn_models.spec("preact_resnet200")
    assert spec.exact_params == stem + 2 * 64 + params + 2 * 2048 + fc + 1000
    assert spec.exact_macs == stem * 112**2 + macs + fc
    moved = stem * 112**2 + bottlenecks_by_hand(64, stages, at_3x3=True)[1] + fc
    said = (
        f"{moved / 1e9:.3f} × 10⁹ multiply-adds instead of {(spec.exact_macs or 0) / 1e9:.3f} × 10⁹"
    )
    assert said in " ".join(spec.departures)


def test_the_size_that_the_paper_prints_for_resnet_1001_leaves_out_the_norms():
    network, spec = on_meta("cifar_preact_resnet1001"), cnn_models.spec("cifar_preact_resnet1001")
    norms = sum(params(m) for m in network.modules() if isinstance(m, nn.BatchNorm2d))
    alone = spec.exact_params - norms
    assert f"{alone / 1e6:.1f}M" in [f.value for f in spec.published if f.quantity == "parameters"]
    assert f"alone, {alone:,}; batch normalisation adds {norms:,}." in spec.departures[0]


@pytest.mark.parametrize(
    "key", ["cifar_preact_resnet110", "cifar_preact_resnet164", "preact_resnet200"]
)
def test_the_other_printed_sizes_round_the_count(key):
    spec = cnn_models.spec(key)
    (printed,) = [f.value for f in spec.published if f.quantity == "parameters"]
    assert printed == f"{spec.exact_params / 1e6:.1f}M"


@pytest.mark.parametrize("unit", [BasicUnit(8, 8, 1), BottleneckUnit(8, 2, 1)])
def test_a_unit_that_has_learnt_nothing_hands_on_its_input_as_it_is(unit):
    x = torch.randn(2, 8, 5, 5)
    last = unit.conv2 if isinstance(unit, BasicUnit) else unit.conv3
    nn.init.zeros_(last.weight)
    assert torch.equal(unit.eval()(x), x)


def test_the_first_unit_hands_on_what_its_relu_lets_through():
    unit, x = BasicUnit(8, 8, 1, first=True).eval(), torch.randn(2, 8, 5, 5)
    nn.init.zeros_(unit.conv2.weight)
    assert torch.equal(unit(x), F.relu(unit.bn1(x)))


@pytest.mark.parametrize("shortcut", ["A", "B"])
def test_only_a_projection_takes_what_the_relu_lets_through(shortcut):
    unit, x = BasicUnit(4, 8, 2, shortcut).eval(), torch.randn(2, 4, 6, 6)
    nn.init.zeros_(unit.conv2.weight)
    if isinstance(unit.downsample, nn.Conv2d):
        expected = F.conv2d(F.relu(unit.bn1(x)), unit.downsample.weight, stride=2)
    else:
        expected = torch.cat((x[:, :, ::2, ::2], torch.zeros(2, 4, 3, 3)), dim=1)
    torch.testing.assert_close(unit(x), expected)


@pytest.mark.parametrize(
    ("key", "shared"),
    [
        ("cifar_preact_resnet110", ["layer1.0"]),
        ("cifar_preact_resnet164", ["layer1.0", "layer2.0", "layer3.0"]),
        ("preact_resnet200", ["layer1.0", "layer2.0", "layer3.0", "layer4.0"]),
    ],
)
def test_where_the_paths_part_behind_the_first_relu(key, shared):
    units = {n: m for n, m in on_meta(key).named_modules() if isinstance(m, PreActUnit)}
    assert [name for name, unit in units.items() if unit.shares_activation] == shared


@pytest.mark.parametrize("key", ["cifar_preact_resnet110", "cifar_preact_resnet164"])
def test_a_norm_and_a_relu_follow_the_last_addition(key):
    network, order = on_meta(key).eval(), []
    for name in ("layer3", "bn", "relu", "avgpool"):
        network.get_submodule(name).register_forward_hook(lambda *_, n=name: order.append(n))
    network(torch.empty(1, 3, 32, 32, device="meta"))
    assert order == ["layer3", "bn", "relu", "avgpool"]


def test_the_units_and_layers_of_resnet_200():
    network = on_meta("preact_resnet200")
    units = [len(list(network.get_submodule(f"layer{n}").children())) for n in (1, 2, 3, 4)]
    assert units == [3, 24, 36, 3]
    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(layers) == 200 + 4  # and the projections


def test_projections_in_resnet_110_are_what_the_departures_say():
    projected = params(on_meta("cifar_preact_resnet110", shortcut="B"))
    assert projected == cnn_models.spec("cifar_preact_resnet110").exact_params + 16 * 32 + 32 * 64
    assert f"{projected:,} parameters" in " ".join(
        cnn_models.spec("cifar_preact_resnet110").departures
    )


def test_option_c_projects_in_every_unit():
    each = 18 * (16 * 16 + 32 * 32 + 64 * 64) - (32 * 32 + 64 * 64) + 16 * 32 + 32 * 64
    found = params(on_meta("cifar_preact_resnet110", shortcut="C"))
    assert found == cnn_models.spec("cifar_preact_resnet110").exact_params + each


@pytest.mark.parametrize("moved", [False, True])
def test_where_the_stride_stands(moved):
    block = on_meta("preact_resnet200", stride_on_3x3=moved).get_submodule("layer2.0")
    assert isinstance(block, BottleneckUnit)
    assert block.conv1.stride == ((1, 1) if moved else (2, 2))
    assert block.conv2.stride == ((2, 2) if moved else (1, 1))


@pytest.mark.parametrize("key", ["cifar_preact_resnet110", "preact_resnet200"])
def test_a_shortcut_that_the_paper_does_not_have_is_refused(key):
    with pytest.raises(ValueError, match=r"shortcut is 'D'; the paper defines 'A', 'B' and 'C'\."):
        on_meta(key, shortcut="D")


@pytest.mark.parametrize(("unit", "depth"), [(BasicUnit, 109), (BottleneckUnit, 112)])
def test_a_depth_that_the_units_cannot_have_is_refused(unit, depth):
    with torch.device("meta"), pytest.raises(ValueError, match=rf"depth is {depth}; it is [69]n"):
        CifarPreActResNet(unit, depth)


def test_convolutions_start_with_hes_variance_over_the_outputs():
    torch.manual_seed(0)
    weight = cnn_models.build("cifar_preact_resnet164").get_parameter("layer3.1.conv2.weight")
    assert weight.std().item() == pytest.approx((2 / (9 * 64)) ** 0.5, rel=0.02)
