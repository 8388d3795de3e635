"""ResNet, SENet and GoogLeNet: what their papers print, and what sets each apart."""

from typing import Any

import pytest
import torch
from torch import Tensor, fx, nn

import cnn_models
from cnn_models.families.googlenet import GoogLeNet, Logits
from cnn_models.families.resnet import BasicBlock, Bottleneck, PlainBlock, ZeroPadShortcut
from cnn_models.families.senet import SEBasicBlock, SqueezeExcite
from tests.flops import torchs_flops


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options).eval()


def params(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def macs_by_module(key: str, **options: Any) -> dict[str, int]:
    """Multiply-adds of one image under each module path; "" is the whole network."""
    network = on_meta(key, **options)
    with torchs_flops() as counter:
        network(torch.empty(1, *cnn_models.spec(key).input_shape, device="meta"))
    return {
        name.partition(".")[2]: sum(counts.values()) // 2
        for name, counts in counter.get_flop_counts().items()
        if name != "Global"
    }


def sizes(key: str) -> dict[str, tuple[int, ...]]:
    """Output shape (C, H, W) of every direct submodule and of every layer of the stem."""
    network, shapes = on_meta(key), {}

    def note(name: str, output: Tensor) -> None:
        shapes[name] = tuple(output.shape[1:])

    for name, module in network.named_modules():
        if name.count(".") <= name.startswith("stem"):
            module.register_forward_hook(lambda _m, _i, output, name=name: note(name, output))
    network(torch.empty(1, *cnn_models.spec(key).input_shape, device="meta"))
    return shapes


# --- ResNet ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "printed"),  # Table 1, last row
    [
        ("resnet18", 1.8e9),
        ("resnet34", 3.6e9),
        ("resnet50", 3.8e9),
        ("resnet101", 7.6e9),
        ("resnet152", 11.3e9),
    ],
)
def test_multiply_adds_are_those_of_table_1(key, printed):
    assert cnn_models.spec(key).exact_macs == pytest.approx(printed, rel=0.02)


@pytest.mark.parametrize("key", ["plain18", "resnet34", "resnet50", "resnet50_v1_5", "se_resnet50"])
def test_stages_have_the_sizes_of_table_1(key):
    found = sizes(key)
    wider = 4 if "50" in key else 1
    assert found["conv1"] == (64, 112, 112)
    assert found["maxpool"] == (64, 56, 56)
    assert found["layer1"] == (64 * wider, 56, 56)
    assert found["layer2"] == (128 * wider, 28, 28)
    assert found["layer3"] == (256 * wider, 14, 14)
    assert found["layer4"] == (512 * wider, 7, 7)


@pytest.mark.parametrize("key", ["cifar_plain20", "cifar_resnet56", "cifar_se_resnet20"])
def test_small_networks_have_the_sizes_of_section_4_2(key):
    found = sizes(key)
    assert [found[f"layer{n}"] for n in (1, 2, 3)] == [(16, 32, 32), (32, 16, 16), (64, 8, 8)]
    assert not hasattr(on_meta(key), "layer4")


def test_a_block_that_has_learnt_nothing_copies_its_input_where_a_plain_one_forgets_it():
    x = torch.rand(2, 8, 5, 5)
    residual, plain = BasicBlock(8, 8, 1, "A").eval(), PlainBlock(8, 8, 1).eval()
    for block in (residual, plain):
        nn.init.zeros_(block.conv2.weight)
    assert torch.equal(residual(x), x)
    assert torch.equal(plain(x), torch.zeros_like(x))


def test_option_a_takes_every_second_pixel_and_appends_zeros():
    x = torch.randn(2, 3, 5, 4)
    y = ZeroPadShortcut(3, 7, stride=2)(x)
    assert y.shape == (2, 7, 3, 2)
    assert torch.equal(y[:, :3], x[:, :, ::2, ::2])
    assert not y[:, 3:].any()


def test_options_a_and_c_of_resnet_34_differ_by_their_projections():
    plain, b = cnn_models.spec("plain34"), cnn_models.spec("resnet34")
    assert params(on_meta("resnet34", shortcut="A")) == plain.exact_params
    assert macs_by_module("resnet34", shortcut="A")[""] == plain.exact_macs
    # A projection from c to c channels has c * c weights and a batch norm of 2 * c.
    same_shape = [64] * 3 + [128] * 3 + [256] * 5 + [512] * 2
    extra = sum(c * c + 2 * c for c in same_shape)
    assert params(on_meta("resnet34", shortcut="C")) == b.exact_params + extra


def departures(key: str) -> str:
    return " ".join(cnn_models.spec(key).departures)


@pytest.mark.parametrize("key", ["resnet18", "resnet34"])
def test_what_option_b_adds_is_what_the_departures_say(key):
    more = params(on_meta(key)) - params(on_meta(key, shortcut="A"))
    work = macs_by_module(key)[""] - macs_by_module(key, shortcut="A")[""]
    said = f"{more:,} parameters and {work / 1e6:.1f} M multiply-adds more than option A"
    assert said in departures(key)


def test_the_roundings_of_resnet_34_and_50_are_what_the_departures_say():
    a, b = (macs_by_module("resnet34", shortcut=option)[""] / 1e9 for option in "AB")
    assert f"option A has {a:.3f} × 10⁹ multiply-adds and option B" in departures("resnet34")
    assert f"here, {b:.3f} × 10⁹." in departures("resnet34")
    fifty = macs_by_module("resnet50")[""] / 1e9
    assert f"its layers have {fifty:.3f} × 10⁹" in departures("resnet50")


@pytest.mark.parametrize("key", ["resnet50_v1_5", "resnet101_v1_5", "resnet152_v1_5"])
def test_what_version_1_5_costs_is_what_the_departures_say(key):
    here = macs_by_module(key)[""] / 1e9
    paper = macs_by_module(key.removesuffix("_v1_5"))[""] / 1e9
    said = f"{here:.3f} × 10⁹ multiply-adds where the paper's has {paper:.3f} × 10⁹"
    assert said in departures(key)


def test_option_b_of_the_small_resnet_adds_two_projections():
    extra = (16 * 32 + 2 * 32) + (32 * 64 + 2 * 64)
    assert params(on_meta("cifar_resnet20", shortcut="B")) == 269_722 + extra


@pytest.mark.parametrize("key", ["resnet18", "resnet152", "cifar_resnet20", "cifar_se_resnet20"])
def test_a_shortcut_that_the_paper_does_not_have_is_refused(key):
    with pytest.raises(ValueError, match=r"shortcut is 'D'; the paper defines 'A', 'B' and 'C'\."):
        on_meta(key, shortcut="D")


@pytest.mark.parametrize(
    ("key", "one", "three"), [("resnet50", 2, 1), ("resnet50_v1_5", 1, 2), ("se_resnet50", 2, 1)]
)
def test_where_the_stride_of_a_bottleneck_stands(key, one, three):
    for name in ("layer2", "layer3", "layer4"):
        block = on_meta(key).get_submodule(f"{name}.0")
        assert isinstance(block, Bottleneck)
        assert block.conv1.stride == (one, one)
        assert block.conv2.stride == (three, three)


@pytest.mark.parametrize("depth", [50, 101, 152])
def test_version_1_5_works_on_four_times_the_pixels_in_three_1x1_convolutions(depth):
    v1, v1_5 = cnn_models.spec(f"resnet{depth}"), cnn_models.spec(f"resnet{depth}_v1_5")
    extra = sum(
        c_in * c_out * (side**2 - (side // 2) ** 2)
        for c_in, c_out, side in [(256, 128, 56), (512, 256, 28), (1024, 512, 14)]
    )
    assert (v1_5.exact_macs or 0) - (v1.exact_macs or 0) == extra
    assert v1_5.exact_params == v1.exact_params


def test_convolutions_start_with_hes_variance_over_the_fan_out():
    torch.manual_seed(0)
    weight = cnn_models.build("resnet18").get_parameter("layer4.0.conv1.weight")
    assert weight.std().item() == pytest.approx((2 / (9 * 512)) ** 0.5, rel=0.02)


# --- SENet ----------------------------------------------------------------------------------


def test_the_nine_blocks_of_the_small_se_resnet_by_hand():
    # Of c channels: c → c/16 → c, two biased layers. Three blocks each of 16, 32, 64 channels.
    #   16: 16·1 + 1 + 1·16 + 16 =  49
    #   32: 32·2 + 2 + 2·32 + 32 = 162
    #   64: 64·4 + 4 + 4·64 + 64 = 580     together 3 · 791 = 2,373
    assert cnn_models.spec("cifar_se_resnet20").exact_params == 269_722 + 2_373
    # Multiply-adds are the weights alone, once an image: 3 · (32 + 128 + 512) = 2,016.
    assert cnn_models.spec("cifar_se_resnet20").exact_macs == 40_551_040 + 2_016


def test_the_blocks_of_se_resnet_50_by_hand():
    # The paper's formula: 2/r · Σ N_s · C_s² more weights. The biases C/r + C come on top.
    blocks = [(3, 256), (4, 512), (6, 1024), (3, 2048)]
    weights = sum(n * 2 * c * c // 16 for n, c in blocks)
    biases = sum(n * (c // 16 + c) for n, c in blocks)
    assert cnn_models.spec("se_resnet50").exact_params == 25_557_032 + weights + biases
    assert cnn_models.spec("se_resnet50").exact_macs == 3_857_973_248 + weights


def test_the_work_of_se_resnet_50_is_what_the_departures_say():
    work = macs_by_module("se_resnet50")[""] / 1e9
    assert f"the layers have {work:.3f} × 10⁹ multiply-adds" in departures("se_resnet50")


def test_another_reduction_divides_the_weights():
    weights = sum(n * 2 * c * c // 8 for n, c in [(3, 16), (3, 32), (3, 64)])
    biases = sum(n * (c // 8 + c) for n, c in [(3, 16), (3, 32), (3, 64)])
    found = params(on_meta("cifar_se_resnet20", reduction=8))
    assert found == 269_722 + weights + biases


@pytest.mark.parametrize(("key", "largest"), [("se_resnet50", 256), ("cifar_se_resnet20", 16)])
def test_a_reduction_that_leaves_no_channel_is_refused(key, largest):
    on_meta(key, reduction=1)
    on_meta(key, reduction=largest)
    for reduction in (0, -1, largest + 1):
        message = rf"reduction is {reduction}; this network takes 1 to {largest}\."
        with pytest.raises(ValueError, match=message):
            on_meta(key, reduction=reduction)


def test_excitation_scales_each_channel_by_its_own_sigmoid():
    se = SqueezeExcite(4, reduction=2)
    nn.init.zeros_(se.fc2.weight)
    bias = torch.tensor([-100.0, 0.0, 1.0, 100.0])
    with torch.no_grad():
        se.fc2.bias = nn.Parameter(bias)
    x = torch.randn(2, 4, 3, 3)
    assert torch.allclose(se(x), x * bias.sigmoid().view(1, 4, 1, 1))


def test_excitation_sees_the_mean_of_a_channel_only():
    torch.manual_seed(0)
    se = SqueezeExcite(4, reduction=2)
    x = torch.rand(1, 4, 3, 3) + 0.1
    shuffled = x.flatten(2)[:, :, torch.randperm(9)].view_as(x)
    ratio, ratio_shuffled = se(x) / x, se(shuffled) / shuffled
    assert torch.allclose(ratio, ratio_shuffled, atol=1e-6)


def test_excitation_stands_on_the_branch_before_the_addition():
    block = SEBasicBlock(8, 8, 1, reduction=2, shortcut="A").eval()
    nn.init.zeros_(block.se.fc2.weight)
    block.se.fc2.bias = nn.Parameter(torch.full((8,), -100.0))  # nothing of the branch passes
    x = torch.rand(2, 8, 5, 5)
    assert torch.allclose(block(x), x)


# --- GoogLeNet ------------------------------------------------------------------------------

# Table 1 as printed: module, output size, params in K (of 1024), ops in M.
TABLE_1 = [
    (("stem.conv1",), (64, 112, 112), 2.7, 34),
    (("stem.conv2", "stem.conv3"), (192, 56, 56), 112, 360),
    (("inception3a",), (256, 28, 28), 159, 128),
    (("inception3b",), (480, 28, 28), 380, 304),
    (("inception4a",), (512, 14, 14), 364, 73),
    (("inception4b",), (512, 14, 14), 437, 88),
    (("inception4c",), (512, 14, 14), 463, 100),
    (("inception4d",), (528, 14, 14), 580, 119),
    (("inception4e",), (832, 14, 14), 840, 170),
    (("inception5a",), (832, 7, 7), 1072, 54),
    (("inception5b",), (1024, 7, 7), 1388, 71),
    (("fc",), (1000,), 1000, 1),
]


def weights_without_biases(network: nn.Module, modules: tuple[str, ...]) -> int:
    return sum(
        p.numel()
        for module in modules
        for name, p in network.get_submodule(module).named_parameters()
        if name.endswith("weight")
    )


def test_output_sizes_are_those_of_table_1():
    found = sizes("googlenet")
    assert {m[-1]: found[m[-1]] for m, *_ in TABLE_1} == {m[-1]: size for m, size, *_ in TABLE_1}
    pools = {"stem.pool1": (64, 56, 56), "stem.pool2": (192, 28, 28), "pool3": (480, 14, 14)}
    assert {name: found[name] for name in pools} == pools
    assert found["pool4"] == (832, 7, 7)


def test_the_rows_of_table_1_that_its_own_widths_do_not_give():
    network, macs = on_meta("googlenet"), macs_by_module("googlenet")
    amiss = {}
    for modules, _, printed_params, printed_ops in TABLE_1:
        weights = weights_without_biases(network, modules)
        if weights / 1024 != pytest.approx(printed_params, rel=0.02):
            amiss[modules[0], "params"] = weights
        ops = sum(macs[module] for module in modules)
        if ops / 1e6 != pytest.approx(printed_ops, rel=0.03):
            amiss[modules[0], "ops"] = round(ops / 1e6, 1)
    assert amiss == {
        ("stem.conv1", "params"): 9_408,  # 2.7K printed
        ("stem.conv1", "ops"): 118.0,  # 34M printed
        ("inception4c", "params"): 509_440,  # 463K printed, this is 497.5K
        ("inception5a", "params"): 1_042_432,  # 1072K printed, this is 1018K
        ("inception5a", "ops"): 51.1,  # 54M printed
    }
    said = " ".join(cnn_models.spec("googlenet").departures)
    assert all(figure in said for figure in ("9,408", "118.0 M", "509,440", "1,042,432", "51.1 M"))


@pytest.mark.parametrize(
    ("key", "with_heads"), [("googlenet", 13_378_280), ("googlenet_bn", 13_004_888)]
)
def test_auxiliary_heads_are_an_option_that_answers_in_training_only(key, with_heads):
    network = on_meta(key, aux_heads=True)
    assert params(network) == with_heads
    assert f"{params(network):,} parameters" in departures(key)
    x = torch.empty(2, 3, 224, 224, device="meta")
    assert isinstance(network(x), Tensor)
    assert fx.symbolic_trace(network)(x).shape == (2, 1000)
    network.train()
    answer = network(x)
    assert isinstance(answer, Logits)
    assert [tuple(part.shape) for part in answer] == [(2, 1000)] * 3
    without = on_meta(key).train()
    assert isinstance(without(x), Tensor)


def test_what_googlenet_with_batch_norm_saves_is_what_its_departures_say():
    here, paper = on_meta("googlenet_bn"), on_meta("googlenet")
    work = {k: macs_by_module(k)[""] / 1e9 for k in ("googlenet_bn", "googlenet")}
    said = departures("googlenet_bn")
    assert f"{params(here):,} parameters and {work['googlenet_bn']:.3f} G multiply-adds" in said
    assert f"network has {params(paper):,} and {work['googlenet']:.3f} G" in said


def test_every_head_learns():
    torch.manual_seed(0)
    network = cnn_models.build("googlenet_bn", num_classes=4, aux_heads=True)
    answer = network(torch.randn(2, 3, 224, 224))
    assert isinstance(answer, Logits)
    (answer.logits + 0.3 * answer.aux1 + 0.3 * answer.aux2).square().sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in network.parameters())


def test_only_the_paper_network_has_5x5_windows_and_response_norm():
    paper, later = on_meta("googlenet"), on_meta("googlenet_bn")
    wide = [m for m in paper.modules() if isinstance(m, nn.Conv2d) and m.kernel_size == (5, 5)]
    assert len(wide) == 9
    assert not any(isinstance(m, nn.Conv2d) and m.kernel_size == (5, 5) for m in later.modules())
    assert sum(isinstance(m, nn.LocalResponseNorm) for m in paper.modules()) == 2
    assert not any(isinstance(m, nn.LocalResponseNorm) for m in later.modules())
    assert not any(isinstance(m, nn.BatchNorm2d) for m in paper.modules())


@pytest.mark.parametrize(
    ("key", "smallest"), [("googlenet", 31), ("googlenet_bn", 15), ("se_resnet50", 3)]
)
def test_images_too_small_for_the_poolings_are_refused(key, smallest):
    network = on_meta(key)
    assert network(torch.empty(1, 3, smallest, smallest, device="meta")).shape == (1, 1000)
    with pytest.raises(ValueError, match=f"takes sides of at least {smallest} pixels"):
        network(torch.empty(1, 3, smallest - 1, smallest, device="meta"))


def test_the_signal_survives_22_layers_without_normalisation():
    torch.manual_seed(0)
    network = cnn_models.build("googlenet").eval()
    assert isinstance(network, GoogLeNet)
    features = {}
    network.inception5b.register_forward_hook(lambda _m, _i, y: features.update(y=y))
    network(torch.randn(1, 3, 224, 224))
    assert 0.1 < features["y"].std().item() < 100
