"""ResNeXt: that its three forms are one, its templates, and the CIFAR network by hand."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor, nn

import cnn_models
from cnn_models.families.resnext import CifarResNeXt, ResNeXtBlock


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options)


def params(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def normalised(norm: nn.BatchNorm2d, x: Tensor, channels: slice) -> Tensor:
    """What `norm` does to some of its channels."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    mean, var = norm.running_mean[channels], norm.running_var[channels]
    return F.batch_norm(x, mean, var, norm.weight[channels], norm.bias[channels])


def test_the_grouped_form_is_the_sum_of_the_paths():
    # Figure 3(a): each of the 4 paths is 1×1, 3×3 and 1×1 with 2 channels of its own.
    torch.manual_seed(0)
    block = ResNeXtBlock(256, 64, 1, cardinality=4, group_width=2).eval()
    for norm in (block.bn1, block.bn2):
        nn.init.normal_(norm.weight, 1)
        nn.init.normal_(norm.bias)
    x = torch.randn(2, 256, 7, 7)
    total = torch.zeros_like(x)
    for path in range(4):
        own = slice(2 * path, 2 * path + 2)
        y = F.relu(normalised(block.bn1, F.conv2d(x, block.conv1.weight[own]), own))
        y = F.conv2d(y, block.conv2.weight[own], padding=1)
        y = F.relu(normalised(block.bn2, y, own))
        total = total + F.conv2d(y, block.conv3.weight[:, own])
    with torch.no_grad():
        torch.testing.assert_close(block(x), F.relu(block.bn3(total) + x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("c", "d"), [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4)])
def test_the_templates_of_table_2_are_about_as_large(c, d):
    block = ResNeXtBlock(256, 64, 1, cardinality=c, group_width=d)
    weights = sum(conv.weight.numel() for conv in (block.conv1, block.conv2, block.conv3))
    assert weights == c * (256 * d + 3 * 3 * d * d + d * 256)  # equation 4
    assert weights == pytest.approx(70_000, rel=0.06)


@pytest.mark.parametrize(
    ("key", "c", "d"),
    [
        ("resnext50_32x4d", 32, 4),
        ("resnext101_32x4d", 32, 4),
        ("resnext101_64x4d", 64, 4),
        ("resnext101_32x8d", 32, 8),
    ],
)
def test_widths_double_where_the_map_is_halved(key, c, d):
    network = on_meta(key)
    for number in (1, 2, 3, 4):
        block = network.get_submodule(f"layer{number}.0")
        assert isinstance(block, ResNeXtBlock)
        each = d * 2 ** (number - 1)
        assert block.conv2.weight.shape == (c * each, each, 3, 3)
        assert block.conv2.groups == c
        assert block.conv3.out_channels == 256 * 2 ** (number - 1)
        assert block.conv2.stride == ((2, 2) if number > 1 else (1, 1))
        assert block.conv1.stride == (1, 1)


@pytest.mark.parametrize(("key", "like"), [("resnext50_32x4d", "resnet50_v1_5")])
def test_one_path_64_wide_is_resnet(key, like):
    single = on_meta(key, cardinality=1, group_width=64).state_dict()
    shapes = {name: tensor.shape for name, tensor in on_meta(like).state_dict().items()}
    assert {name: tensor.shape for name, tensor in single.items()} == shapes


def by_hand(c: int, d: int) -> tuple[int, int]:
    """Parameters and multiply-adds of the CIFAR network of Section 5.3, C×d, layer by layer."""
    weights = 3 * 64 * 9
    params, macs, inputs = weights + 2 * 64, weights * 32 * 32, 64
    for outputs, side in ((256, 32), (512, 16), (1024, 8)):
        each = d * outputs // 256  # channels of one path
        for number in range(3):
            entered = side * (1 if number or outputs == 256 else 2)  # the stride is on the 3×3
            reduce, grouped, restore = inputs * c * each, c * each * each * 9, c * each * outputs
            params += reduce + grouped + restore + 2 * (2 * c * each + outputs)
            macs += reduce * entered**2 + (grouped + restore) * side**2
            if number == 0:  # the projection
                params += inputs * outputs + 2 * outputs
                macs += inputs * outputs * side**2
            inputs = outputs
    return params + 1024 * 10 + 10, macs + 1024 * 10


def test_the_cifar_network_by_hand():
    spec = cnn_models.spec("cifar_resnext29_8x64d")
    assert (spec.exact_params, spec.exact_macs) == by_hand(8, 64)
    assert f"{spec.exact_params / 1e6:.1f}M" == "34.4M"  # Table 7


def test_the_larger_cifar_network_has_the_count_of_pytorchcv():
    assert by_hand(16, 64)[0] == 68_155_210
    assert params(on_meta("cifar_resnext29_8x64d", cardinality=16)) == 68_155_210
    assert "68,155,210" in cnn_models.spec("cifar_resnext29_8x64d").counts_source


def test_only_projections_give_the_printed_size():
    without = params(on_meta("cifar_resnext29_8x64d", shortcut="A"))
    projections = sum(i * o + 2 * o for i, o in ((64, 256), (256, 512), (512, 1024)))
    assert without == by_hand(8, 64)[0] - projections
    assert f"{without:,} parameters" in " ".join(
        cnn_models.spec("cifar_resnext29_8x64d").departures
    )


def test_the_first_cifar_stage_widens_64_channels_to_256_at_full_size():
    network = on_meta("cifar_resnext29_8x64d").eval()
    x = torch.empty(1, 3, 32, 32, device="meta")
    shapes = []
    for name in ("conv1", "layer1", "layer2", "layer3"):
        x = network.get_submodule(name)(x)
        shapes.append(tuple(x.shape[1:]))
    assert shapes == [(64, 32, 32), (256, 32, 32), (512, 16, 16), (1024, 8, 8)]
    first = network.get_parameter("layer1.0.conv2.weight")
    assert first.shape == (8 * 64, 64, 3, 3)
    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(layers) == 29 + 3  # and the projections


@pytest.mark.parametrize("key", ["resnext50_32x4d", "cifar_resnext29_8x64d"])
@pytest.mark.parametrize("option", ["cardinality", "group_width"])
@pytest.mark.parametrize("value", [0, -1])
def test_options_out_of_range_are_refused(key, option, value):
    with pytest.raises(ValueError, match=rf"{option} is {value}; it is at least 1\."):
        on_meta(key, **{option: value})


@pytest.mark.parametrize("key", ["resnext50_32x4d", "cifar_resnext29_8x64d"])
def test_a_shortcut_that_no_paper_has_is_refused(key):
    with pytest.raises(ValueError, match="shortcut is 'D'"):
        on_meta(key, shortcut="D")


def test_a_depth_that_bottlenecks_cannot_have_is_refused():
    with pytest.raises(ValueError, match=r"depth is 30; it is 9n \+ 2, such as 11, 20, 29"):
        CifarResNeXt(30)


def test_convolutions_start_with_hes_variance_over_all_outputs():
    torch.manual_seed(0)
    network = cnn_models.build("resnext50_32x4d")
    weight = network.get_parameter("layer4.0.conv2.weight")
    assert weight.std().item() == pytest.approx((2 / (9 * 1024)) ** 0.5, rel=0.02)


@pytest.mark.parametrize(
    ("key", "like"), [("resnext50_32x4d", "resnet50"), ("resnext101_32x4d", "resnet101")]
)
def test_the_printed_work_and_the_counted_is_what_the_departures_say(key, like):
    here = cnn_models.spec(key)
    resnet = cnn_models.spec(f"{like}_v1_5").exact_macs or 0
    (said,) = here.departures
    assert f"{(here.exact_macs or 0) / 1e9:.3f} × 10⁹ multiply-adds" in said
    assert f"those of the ResNet {resnet / 1e9:.3f} × 10⁹" in said
    (printed,) = [f.value for f in here.published if f.quantity == "multiply-adds"]
    assert f"about {printed} operations" in said


def test_the_setting_that_the_paper_does_not_try_is_twice_as_large():
    (said,) = cnn_models.spec("resnext101_32x8d").departures
    wide, narrow = (cnn_models.spec(f"resnext101_32x{d}d").exact_params for d in (8, 4))
    assert f"{wide / 1e6:.1f}M parameters, not {narrow / 1e6:.1f}M" in said
