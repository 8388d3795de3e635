"""What a decision changes in a network, against sums by hand and the papers' own networks."""

from __future__ import annotations

import pytest
import torch
from torch import fx, nn

import cnn_models
from analysis.structure import decisions
from analysis.structure.decisions import Change, NotOffered


def _difference(change: Change, part: str) -> tuple[int, int]:
    """Parameters and multiply-adds after minus before, in one part of the network."""
    row = next(row for row in change.rows if row.part == part)
    return row.after.params - row.before.params, row.after.macs - row.before.macs


@pytest.mark.parametrize(
    ("key", "decision", "value", "becomes"),
    [
        ("resnet34", "bottleneck", "wide bottleneck", "resnet50"),
        ("resnet50", "bottleneck", "thin basic", "resnet34"),
        ("resnext50_32x4d", "cardinality", "1x64d", "resnet50_v1_5"),
        ("resnext50_32x4d", "cardinality", "1x128d", "wide_resnet50_2"),
        ("resnet50_v1_5", "cardinality", "32x4d", "resnext50_32x4d"),
        ("se_bn_inception", "squeeze_excite", "none", "bn_inception"),
        ("mobilenet_v1", "squeeze_excite", 16, "se_mobilenet"),
        ("shufflenet_v1_g3", "shuffle", 8, "shufflenet_v1_g8"),
        ("cifar_densenet100_k12", "dense", 24, "cifar_densenet100_k24"),
    ],
)
def test_one_network_of_the_registry_becomes_another(
    key: str, decision: str, value: decisions.Value, becomes: str
) -> None:
    change, target = decisions.apply(key, decision, value), cnn_models.spec(becomes)
    assert (change.after.params, change.after.macs) == (target.exact_params, target.exact_macs)
    assert change.before.params == cnn_models.spec(key).exact_params


def test_resnet50_with_gates_has_the_parameters_of_se_resnet50() -> None:
    change = decisions.apply("resnet50", "squeeze_excite", 16)
    assert change.after.params == 28_088_024
    # 3 gates of 256 channels, with 16 between their layers
    assert _difference(change, "layer1")[0] == 3 * (2 * 256 * 16 + 256 + 16)
    assert "16 gates with r = 16" in change.what


def test_mobilenet_of_standard_convolutions_is_conv_mobilenet() -> None:
    """Table 4 of the MobileNet paper prints 29.3 million parameters and 4866 million mult-adds."""
    change = decisions.apply("mobilenet_v1", "separable", "standard")
    assert change.after.params / 1e6 == pytest.approx(29.3, abs=0.05)
    assert change.after.macs / 1e6 == pytest.approx(4866, abs=1.5)  # the layers have 4867.3
    # block 1, 32 to 64 channels on 112 × 112, and the batch norm of 32 channels that goes
    depthwise_and_pointwise, standard = 9 * 32 + 32 * 64, 9 * 32 * 64
    saved = standard - depthwise_and_pointwise
    assert _difference(change, "stage1") == (saved - 64, 112 * 112 * saved)


def test_separable_vgg_by_hand() -> None:
    change = decisions.apply("vgg16", "separable", "separable")
    assert "12 of the 13 convolutions" in change.what
    # stage 1 has one convolution that does not read the image, 64 to 64 channels at 224 × 224
    saved = 9 * 64 * 64 - (9 * 64 + 64 * 64)
    assert _difference(change, "stage1") == (-saved, -saved * 224 * 224)
    assert change.fields == ((212, 212), (212, 212))


def test_heads_by_hand() -> None:
    pooled = decisions.apply("vgg16", "head", "pooled")
    assert pooled.after.params == 14_714_688 + 512 * 1000 + 1000
    flat = decisions.apply("resnet50", "head", "flat")
    assert flat.after.params - flat.before.params == (7 * 7 - 1) * 2048 * 1000
    hidden = decisions.apply("resnet18", "head", "hidden")  # the 123,642,856 parameters of VGG's
    assert hidden.after.params - hidden.before.params == 123_642_856 - 513_000


def test_alexnet_without_groups_by_hand() -> None:
    change = decisions.apply("alexnet", "cardinality", 1)
    added = 5 * 5 * 48 * 256 + 3 * 3 * 192 * 384 + 3 * 3 * 192 * 256
    assert change.after.params - change.before.params == added == 1_413_120
    assert change.after.activations == change.before.activations


def test_cardinalities_at_equal_cost_are_those_of_the_paper() -> None:
    """Table 2 of the ResNeXt paper: widths 64, 40, 24, 14 and 4 for 1, 2, 4, 8 and 32 groups."""
    offer = decisions.offer_of("resnet50", "cardinality")
    texts = dict(zip(offer.values, offer.texts, strict=True))
    for value in ("1x64d", "2x40d", "4x24d", "8x14d", "32x4d"):
        assert "equal cost" in texts[value]


def test_googlenet_without_reductions_by_hand() -> None:
    change = decisions.apply("googlenet", "inception", "unreduced")
    # block 3a reads 192 channels: 96 were left for 128 windows of 3×3, 16 for 32 of 5×5
    removed, wider = 192 * 96 + 192 * 16, 9 * 128 * (192 - 96) + 25 * 32 * (192 - 16)
    params, macs = _difference(change, "inception3a")
    assert params == wider - removed - (96 + 16)
    assert macs == 28 * 28 * (wider - removed)


def test_naive_modules_widen_the_next_one() -> None:
    with torch.device("meta"):
        model = decisions.build_changed("googlenet", "inception", "naive")
    # each adds its 1×1, 3×3 and 5×5 channels to all that it reads, from 192 on
    blocks = (224, 416, 448, 448, 448, 464, 704, 704, 896)
    assert isinstance(model.fc, nn.Linear)
    assert model.fc.in_features == 192 + sum(blocks) == 4944


def test_basic_blocks_become_bottlenecks_of_the_same_width_by_hand() -> None:
    change = decisions.apply("resnet34", "bottleneck", "bottleneck")
    basic = 2 * 9 * 64 * 64 + 2 * 2 * 64
    neck = 64 * 16 + 9 * 16 * 16 + 16 * 64 + 2 * (16 + 16 + 64)
    assert _difference(change, "layer1")[0] == 3 * (neck - basic)


def test_squeezing_half_as_much_by_hand() -> None:
    change = decisions.apply("squeezenet1_0", "fire", "0.25")
    # fire2: 16 more squeezed maps of 96, read by 64 kernels 1×1 and 64 kernels 3×3
    assert _difference(change, "fire2")[0] == 16 * (96 + 1) + 16 * 64 * (1 + 9)


def test_grouped_shortcuts_of_resnet18_by_hand() -> None:
    change = decisions.apply("resnet18", "shuffle", 2)
    saved = (64 * 128 + 128 * 256 + 256 * 512) // 2
    assert change.before.params - change.after.params == saved
    assert "3 of the 3" in change.what


def test_a_shuffle_costs_memory_only() -> None:
    change = decisions.apply("shufflenet_v1_g3", "shuffle", "no shuffle")
    assert (change.after.params, change.after.macs) == (change.before.params, change.before.macs)
    # one in each of 16 units, on a quarter of the channels, before the map is halved
    units = [(240, 56, 28, 3), (480, 28, 14, 7), (960, 14, 7, 3)]
    written = sum(c // 4 * (first**2 + rest * then**2) for c, first, then, rest in units)
    assert change.before.activations - change.after.activations == written


def test_densenet_without_compression_by_hand() -> None:
    change = decisions.apply("densenet121", "dense", "bottleneck")
    # transition 1 keeps all 64 + 6 · 32 channels, not half of them
    assert _difference(change, "transition1") == (256 * 128, 56 * 56 * 256 * 128)
    channels = 64 + (6 + 12 + 24 + 16) * 32
    assert _difference(change, "classifier") == ((channels - 1024) * 1000,) * 2


def test_gates_of_several_reductions_are_left_as_published() -> None:
    offer = decisions.offer_of("mobilenet_v3_small", "squeeze_excite")
    assert offer.present == "own"
    change = decisions.apply("efficientnet_b0", "squeeze_excite", "none")
    # the first of 16: 32 channels, 8 between the layers
    assert _difference(change, "stage2")[0] == -(2 * 32 * 8 + 32 + 8)


@pytest.mark.parametrize(
    ("key", "decision", "value", "size"),
    [
        ("cifar_resnet20", "bottleneck", "wide bottleneck", 32),
        ("cifar_resnet20", "squeeze_excite", 4, 32),
        ("cifar_plain20", "separable", "separable", 16),
        ("googlenet_bn", "inception", "unreduced", 32),
        ("squeezenet1_1", "fire", "0.5", 32),
        ("lenet5_modern", "head", "flat", 32),
    ],
)
def test_a_changed_network_runs_on_a_small_image(
    key: str, decision: str, value: decisions.Value, size: int
) -> None:
    model = decisions.build_changed(key, decision, value)
    assert model.training
    assert all(torch.isfinite(p).all() for p in model.parameters())
    model.eval()
    fx.symbolic_trace(model)
    with torch.no_grad():
        output = model(_images(cnn_models.spec(key).input_shape[0], size))
    assert output.shape == (2, cnn_models.spec(key).num_classes)
    assert torch.isfinite(output).all()
    assert output.std() > 0


def _images(channels: int, size: int) -> torch.Tensor:
    return torch.randn(2, channels, size, size, generator=torch.Generator().manual_seed(0))


def test_what_is_not_offered_is_refused_with_what_would_work() -> None:
    with pytest.raises(NotOffered, match=r"VGG-16 .* has no Fire module\. Try SqueezeNet"):
        decisions.apply("vgg16", "fire", "0.5")
    with pytest.raises(NotOffered, match=r"'depth'; there are inception, .* and head"):
        decisions.apply("vgg16", "depth", 3)
    with pytest.raises(cnn_models.UnknownModel):
        decisions.offered("vgg17")


@pytest.mark.parametrize("value", [3, "16", 16.0, True, None, -1, 10**9, "none ", [16]])
def test_other_values_are_refused_with_those_that_are_allowed(value: object) -> None:
    with pytest.raises(NotOffered, match="it can be 'none', 2, 4, 8, 16, 32"):
        decisions.apply("resnet18", "squeeze_excite", value)  # pyright: ignore[reportArgumentType]
