"""SqueezeNet against Table 1 and Section 5 of its paper, and version 1.1 against its owner."""

import re
from collections.abc import Mapping
from math import prod, sqrt
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import cnn_models
from cnn_models.convert import convert
from cnn_models.families.squeezenet import Fire, SqueezeNet
from tests.cnn_models.parity import SHAPES, assert_owners_logits, deterministic, picture
from tests.flops import torchs_flops

# The last column but one of Table 1: parameters before pruning.
TABLE_1 = {
    "conv1": 14_208,
    "fire2": 11_920,
    "fire3": 12_432,
    "fire4": 45_344,
    "fire5": 49_440,
    "fire6": 104_880,
    "fire7": 111_024,
    "fire8": 188_992,
    "fire9": 197_184,
    "conv10": 513_000,
}


def on_meta(**options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build("squeezenet1_0", **options).eval()


def parameters(network: nn.Module) -> dict[str, int]:
    counts = {n: sum(p.numel() for p in m.parameters()) for n, m in network.named_children()}
    return {name: count for name, count in counts.items() if count}


def test_each_layer_has_the_parameters_that_table_1_prints():
    assert parameters(on_meta()) == TABLE_1
    assert sum(TABLE_1.values()) == cnn_models.spec("squeezenet1_0").exact_params


def test_the_complex_bypass_adds_four_convolutions():
    # (inputs, outputs, side of the map) of fire2, fire4, fire6 and fire8
    added = ((96, 128, 54), (128, 256, 54), (256, 384, 27), (384, 512, 27))
    plain = cnn_models.spec("squeezenet_simple_bypass")
    spec = cnn_models.spec("squeezenet_complex_bypass")
    assert spec.exact_params - plain.exact_params == sum(i * o + o for i, o, _ in added) == 341_248
    assert plain.exact_macs is not None
    assert spec.exact_macs == plain.exact_macs + sum(i * o * side**2 for i, o, side in added)


def test_the_release_counts_a_padded_conv10_at_227_pixels():
    network = on_meta()
    conv10 = network.get_submodule("conv10")
    assert isinstance(conv10, nn.Conv2d)
    conv10.padding = (1, 1)
    with torchs_flops() as counter:
        network(torch.empty(1, 3, 227, 227, device="meta"))
    assert f"{counter.get_total_flops() / 1e9:.2f}" == "1.72"
    assert f"{counter.get_total_flops() / 2e6:.1f}" == "861.3"


def test_section_5_sets_the_widths_of_all_modules():
    network = on_meta(base_e=64, incr_e=32, freq=3, pct_3x3=0.25, squeeze_ratio=0.5)
    fires = [layer for layer in network.children() if isinstance(layer, Fire)]
    expanded = [64, 64, 64, 96, 96, 96, 128, 128]
    assert [f.squeeze.out_channels for f in fires] == [e // 2 for e in expanded]
    assert [f.expand3x3.out_channels for f in fires] == [e // 4 for e in expanded]
    assert [f.expand1x1.out_channels for f in fires] == [e - e // 4 for e in expanded]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("version", "2.0"),
        ("bypass", "both"),
        ("base_e", 1),
        ("incr_e", -1),
        ("freq", 0),
        ("pct_3x3", 1.0),
        ("squeeze_ratio", 0.0),
        ("dropout", 1.0),
    ],
)
def test_a_value_out_of_range_is_refused(option, value):
    with pytest.raises(ValueError, match=rf"^{option} is {re.escape(repr(value))};"):
        on_meta(**{option: value})


@pytest.mark.parametrize(("version", "smallest"), [("1.0", 21), ("1.1", 17)])
def test_each_version_has_a_smallest_image(version, smallest):
    network = on_meta(version=version)
    assert network(torch.empty(1, 3, smallest, smallest, device="meta")).shape == (1, 1000)
    with pytest.raises(ValueError, match=f"at least {smallest} pixels"):
        network(torch.empty(1, 3, smallest - 1, 60, device="meta"))


def bypasses(kind: str | None) -> list[str]:
    fires = (m for m in on_meta(bypass=kind).children() if isinstance(m, Fire))
    return [type(fire.bypass).__name__ for fire in fires]


def test_bypasses_go_around_the_modules_that_figure_2_draws():
    assert bypasses(None) == ["NoneType"] * 8
    assert bypasses("simple") == ["NoneType", "Identity"] * 4
    assert bypasses("complex") == ["Conv2d", "Identity"] * 4


def test_a_simple_bypass_adds_the_input():
    torch.manual_seed(0)
    plain = Fire(8, 2, 4, 4, None)
    with_bypass = Fire(8, 2, 4, 4, nn.Identity())
    with_bypass.load_state_dict(plain.state_dict())
    x = torch.randn(2, 8, 5, 5)
    assert torch.equal(with_bypass(x), plain(x) + x)


def test_weights_start_as_in_the_authors_release():
    torch.manual_seed(0)
    network = cnn_models.build("squeezenet_complex_bypass")
    for name, layer in network.named_modules():
        if isinstance(layer, nn.Conv2d):
            bound = sqrt(3 / prod(layer.weight.shape[1:]))
            deviation = 0.01 if name == "conv10" else bound / sqrt(3)
            assert layer.weight.std().item() == pytest.approx(deviation, rel=0.05)
            assert name == "conv10" or layer.weight.abs().max() <= bound
            assert layer.bias is not None
            assert not layer.bias.any()


def owner(state: Mapping[str, Tensor], x: Tensor, pools: tuple[int, ...]) -> Tensor:
    """torchvision's network by its own names; `pools` are the numbers of the max poolings."""

    def conv(name: str, x: Tensor, **options: int) -> Tensor:
        return functional.relu(
            functional.conv2d(x, state[f"{name}.weight"], state[f"{name}.bias"], **options)
        )

    x = conv("features.0", x, stride=2)
    for number in range(2, 13):
        name = f"features.{number}"
        if number in pools:
            x = functional.max_pool2d(x, 3, 2, ceil_mode=True)
        else:
            x = conv(f"{name}.squeeze", x)
            x = torch.cat(
                [conv(f"{name}.expand1x1", x), conv(f"{name}.expand3x3", x, padding=1)], 1
            )
    return conv("classifier.1", x).mean((2, 3))


def shapes_of_1_1() -> dict[str, list[int]]:
    """The names of version 1.0 with the pools of 1.1 in between, and a narrower conv1."""
    fires_1_0, fires_1_1 = (3, 4, 5, 7, 8, 9, 10, 12), (3, 4, 6, 7, 9, 10, 11, 12)
    moved = {f"features.{a}": f"features.{b}" for a, b in zip(fires_1_0, fires_1_1, strict=True)}
    shapes = {}
    for name, shape in SHAPES["torchvision/squeezenet1_0"].items():
        layer = ".".join(name.split(".")[:2])
        shapes[moved.get(layer, layer) + name.removeprefix(layer)] = shape
    return shapes | {
        "features.0.weight": [64, 3, 3, 3],
        "features.0.bias": [64],
        "features.3.squeeze.weight": [16, 64, 1, 1],
    }


def test_the_owners_layers_give_the_owners_logits():
    name = "torchvision/squeezenet1_0"
    with torch.inference_mode():
        logits = owner(deterministic(SHAPES[name]), picture(224), pools=(2, 6, 11))
    assert_owners_logits(logits, name)


def test_version_1_1_gives_the_logits_of_its_owners_layers():
    state = deterministic(shapes_of_1_1())
    assert sum(t.numel() for t in state.values()) == cnn_models.spec("squeezenet1_1").exact_params
    with torch.device("meta"):
        network = SqueezeNet(version="1.1").eval()
    network.load_state_dict(convert("squeezenet1_1", state), strict=True, assign=True)
    x = picture(224)
    with torch.inference_mode():
        expected = owner(state, x, pools=(2, 5, 8))
        torch.testing.assert_close(network(x), expected, rtol=1e-4, atol=1e-5)
    assert expected.norm() > 1
