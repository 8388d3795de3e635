"""Inception-ResNet by hand from its figures, and v2 against a plain walk of its owner's state dict.

No outside logits of Inception-ResNet-v2 are at hand. So its owner's network is written below in
plain functions that read the owner's state dict by the owner's names. The functions are first held
against Inception-v4's outside logits, whose owner (timm) makes both networks of the same layers;
how v2 connects them is read from timm's source.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor, nn

import cnn_models
from cnn_models.convert import convert
from cnn_models.families import inception_resnet, inception_v4
from cnn_models.families.inception_resnet import SCALES, V1, V2, InceptionResNet, ResidualBlock
from tests.cnn_models.families.outputs import output_shapes
from tests.cnn_models.parity import SHAPES, assert_owners_logits, deterministic, picture

# Inputs, outputs, numbers in a window, side of the output; a unit has batch norm and no bias.
Unit = tuple[int, int, int, int]


def of_units(units: list[Unit]) -> tuple[int, int]:
    """Parameters and multiply-adds."""
    params = sum(i * o * window + 2 * o for i, o, window, _ in units)
    return params, sum(i * o * window * side**2 for i, o, window, side in units)


def of_linears(linears: list[tuple[int, int, int]]) -> tuple[int, int]:
    """The same for 1×1 convolutions with biases: inputs, outputs, side."""
    params = sum(i * o + o for i, o, _ in linears)
    return params, sum(i * o * side**2 for i, o, side in linears)


def added(*parts: tuple[int, int]) -> tuple[int, int]:
    return sum(p for p, _ in parts), sum(m for _, m in parts)


def test_v1_by_hand_from_figures_10_to_15() -> None:
    units = [  # Figure 14
        (3, 32, 9, 149),
        (32, 32, 9, 147),
        (32, 64, 9, 147),
        (64, 80, 1, 73),
        (80, 192, 9, 71),
        (192, 256, 9, 35),
    ]
    units += 5 * [(256, 32, 1, 35), (256, 32, 1, 35), (32, 32, 9, 35)]  # Figure 10
    units += 5 * [(256, 32, 1, 35), (32, 32, 9, 35), (32, 32, 9, 35)]
    units += [(256, 384, 9, 17), (256, 192, 1, 35), (192, 192, 9, 35), (192, 256, 9, 17)]
    units += 10 * [(896, 128, 1, 17), (896, 128, 1, 17), (128, 128, 7, 17), (128, 128, 7, 17)]
    units += [(896, 256, 1, 17), (256, 384, 9, 8), (896, 256, 1, 17), (256, 256, 9, 8)]
    units += [(896, 256, 1, 17), (256, 256, 9, 17), (256, 256, 9, 8)]  # Figure 12
    units += 5 * [(1792, 192, 1, 8), (1792, 192, 1, 8), (192, 192, 3, 8), (192, 192, 3, 8)]
    linears = 5 * [(96, 256, 35)] + 10 * [(256, 896, 17)] + 5 * [(384, 1792, 8)]
    classifier = [(1792, 1000, 1)]
    spec = cnn_models.spec("inception_resnet_v1")
    by_hand = added(of_units(units), of_linears(linears), of_linears(classifier))
    assert by_hand == (spec.exact_params, spec.exact_macs)


def test_v2_as_the_figures_draw_it_has_the_counts_that_the_departures_name() -> None:
    units = [  # Figure 3
        (3, 32, 9, 149),
        (32, 32, 9, 147),
        (32, 64, 9, 147),
        (64, 96, 9, 73),
        (160, 64, 1, 73),
        (64, 96, 9, 71),
        (160, 64, 1, 73),
        (64, 64, 7, 73),
        (64, 64, 7, 73),
        (64, 96, 9, 71),
        (192, 192, 9, 35),
    ]
    units += 5 * [(384, 32, 1, 35), (384, 32, 1, 35), (32, 32, 9, 35)]  # Figure 16
    units += 5 * [(384, 32, 1, 35), (32, 48, 9, 35), (48, 64, 9, 35)]
    units += [(384, 384, 9, 17), (384, 256, 1, 35), (256, 256, 9, 35), (256, 384, 9, 17)]
    units += 10 * [(1152, 192, 1, 17), (1152, 128, 1, 17), (128, 160, 7, 17), (160, 192, 7, 17)]
    units += [(1152, 256, 1, 17), (256, 384, 9, 8), (1152, 256, 1, 17), (256, 288, 9, 8)]
    units += [(1152, 256, 1, 17), (256, 288, 9, 17), (288, 320, 9, 8)]  # Figure 18
    units += 5 * [(2144, 192, 1, 8), (2144, 192, 1, 8), (192, 224, 3, 8), (224, 256, 3, 8)]
    linears = 5 * [(128, 384, 35)] + 10 * [(384, 1152, 17)] + 5 * [(448, 2144, 8)]
    params, macs = added(of_units(units), of_linears(linears), of_linears([(2144, 1000, 1)]))
    said = " ".join(cnn_models.spec("inception_resnet_v2").departures)
    assert f"{params:,} parameters and {macs / 1e9:.3f} G multiply-adds" in said
    drawn = V2._replace(
        stem=inception_v4.stem, channels=(384, 1152, 2144), blocks=(5, 10, 5), end=None
    )
    with torch.device("meta"):
        network = InceptionResNet(drawn)
    assert sum(p.numel() for p in network.parameters()) == params


class Owner:
    """The owner's layers as plain functions on its state dict."""

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        self.state = state

    def unit(self, name: str, x: Tensor, mark: str = "same") -> Tensor:
        weight = self.state[f"{name}.conv.weight"]
        rows, columns = weight.shape[2:]
        padding = (rows // 2, columns // 2) if mark == "same" else (0, 0)
        x = F.conv2d(x, weight, stride=2 if mark == "2V" else 1, padding=padding)
        mean, var, scale, shift = (
            self.state[f"{name}.bn.{part}"]
            for part in ("running_mean", "running_var", "weight", "bias")
        )
        return F.relu(F.batch_norm(x, mean, var, scale, shift, eps=1e-3))

    def units(self, name: str, x: Tensor, *marks: str) -> Tensor:
        for number, mark in enumerate(marks):
            x = self.unit(f"{name}.{number}", x, mark)
        return x

    def averaged(self, name: str, x: Tensor) -> Tensor:
        return self.unit(name, F.avg_pool2d(x, 3, 1, 1, count_include_pad=False))

    def residual(self, name: str, x: Tensor, *branches: Tensor, scale: float) -> Tensor:
        weight, bias = self.state[f"{name}.conv2d.weight"], self.state[f"{name}.conv2d.bias"]
        return x + scale * F.conv2d(torch.cat(branches, 1), weight, bias)

    def classified(self, name: str, x: Tensor) -> Tensor:
        x = x.mean((2, 3))
        return F.linear(x, self.state[f"{name}.weight"], self.state[f"{name}.bias"])


def pooled(x: Tensor) -> Tensor:
    return F.max_pool2d(x, 3, 2)


def owners_inception_v4(o: Owner, x: Tensor) -> Tensor:
    same = "same"
    x = o.unit("features.2", o.unit("features.1", o.unit("features.0", x, "2V"), "V"))
    x = torch.cat((pooled(x), o.unit("features.3.conv", x, "2V")), 1)
    straight = o.units("features.4.branch0", x, same, "V")
    x = torch.cat((straight, o.units("features.4.branch1", x, same, same, same, "V")), 1)
    x = torch.cat((o.unit("features.5.conv", x, "2V"), pooled(x)), 1)
    for name in (f"features.{number}" for number in range(6, 22)):
        x = torch.cat(owners_branches(o, name, x), 1)
    return o.classified("last_linear", x)


def owners_branches(o: Owner, name: str, x: Tensor) -> list[Tensor]:
    number, same = int(name.split(".")[1]), "same"
    if number == 10:
        wide = o.units(f"{name}.branch1", x, same, same, "2V")
        return [o.unit(f"{name}.branch0", x, "2V"), wide, pooled(x)]
    if number == 18:
        wide = o.units(f"{name}.branch1", x, same, same, same, "2V")
        return [o.units(f"{name}.branch0", x, same, "2V"), wide, pooled(x)]
    averaged = o.averaged(f"{name}.branch3.1", x)
    if number < 18:
        long = o.units(f"{name}.branch2", x, *(3 if number < 10 else 5) * [same])
        middle = o.units(f"{name}.branch1", x, *(2 if number < 10 else 3) * [same])
        return [o.unit(f"{name}.branch0", x), middle, long, averaged]
    middle, long = o.unit(f"{name}.branch1_0", x), o.unit(f"{name}.branch2_0", x)
    long = o.unit(f"{name}.branch2_2", o.unit(f"{name}.branch2_1", long))
    middles = [o.unit(f"{name}.branch1_1{side}", middle) for side in "ab"]
    longs = [o.unit(f"{name}.branch2_3{side}", long) for side in "ab"]
    return [o.unit(f"{name}.branch0", x), *middles, *longs, averaged]


def owners_inception_resnet_v2(o: Owner, x: Tensor) -> Tensor:
    same = "same"
    x = o.unit("conv2d_2b", o.unit("conv2d_2a", o.unit("conv2d_1a", x, "2V"), "V"))
    x = pooled(o.unit("conv2d_4a", o.unit("conv2d_3b", pooled(x)), "V"))
    x = torch.cat(
        (
            o.unit("mixed_5b.branch0", x),
            o.units("mixed_5b.branch1", x, same, same),
            o.units("mixed_5b.branch2", x, same, same, same),
            o.averaged("mixed_5b.branch3.1", x),
        ),
        1,
    )
    for name in (f"repeat.{number}" for number in range(10)):
        short, long = (o.units(f"{name}.branch{n}", x, *n * [same], same) for n in (1, 2))
        one = o.unit(f"{name}.branch0", x)
        x = F.relu(o.residual(name, x, one, short, long, scale=0.17))
    wide = o.units("mixed_6a.branch1", x, same, same, "2V")
    x = torch.cat((o.unit("mixed_6a.branch0", x, "2V"), wide, pooled(x)), 1)
    for name in (f"repeat_1.{number}" for number in range(20)):
        x = F.relu(o.residual(name, x, *two_branches(o, name, x), scale=0.10))
    first, second = (o.units(f"mixed_7a.branch{n}", x, same, "2V") for n in (0, 1))
    x = torch.cat((first, second, o.units("mixed_7a.branch2", x, same, same, "2V"), pooled(x)), 1)
    for name in (f"repeat_2.{number}" for number in range(9)):
        x = F.relu(o.residual(name, x, *two_branches(o, name, x), scale=0.20))
    x = o.residual("block8", x, *two_branches(o, "block8", x), scale=1.0)
    return o.classified("classif", o.unit("conv2d_7b", x))


def two_branches(o: Owner, name: str, x: Tensor) -> tuple[Tensor, Tensor]:
    return o.unit(f"{name}.branch0", x), o.units(f"{name}.branch1", x, "same", "same", "same")


def owners_shapes() -> dict[str, tuple[int, ...]]:
    """Names and shapes of timm's state dict of Inception-ResNet-v2."""
    units: dict[str, tuple[int, ...]] = {
        "conv2d_1a": (32, 3, 3, 3),
        "conv2d_2a": (32, 32, 3, 3),
        "conv2d_2b": (64, 32, 3, 3),
        "conv2d_3b": (80, 64, 1, 1),
        "conv2d_4a": (192, 80, 3, 3),
        "mixed_5b.branch0": (96, 192, 1, 1),
        "mixed_5b.branch1.0": (48, 192, 1, 1),
        "mixed_5b.branch1.1": (64, 48, 5, 5),
        "mixed_5b.branch2.0": (64, 192, 1, 1),
        "mixed_5b.branch2.1": (96, 64, 3, 3),
        "mixed_5b.branch2.2": (96, 96, 3, 3),
        "mixed_5b.branch3.1": (64, 192, 1, 1),
        "mixed_6a.branch0": (384, 320, 3, 3),
        "mixed_6a.branch1.0": (256, 320, 1, 1),
        "mixed_6a.branch1.1": (256, 256, 3, 3),
        "mixed_6a.branch1.2": (384, 256, 3, 3),
        "mixed_7a.branch0.0": (256, 1088, 1, 1),
        "mixed_7a.branch0.1": (384, 256, 3, 3),
        "mixed_7a.branch1.0": (256, 1088, 1, 1),
        "mixed_7a.branch1.1": (288, 256, 3, 3),
        "mixed_7a.branch2.0": (256, 1088, 1, 1),
        "mixed_7a.branch2.1": (288, 256, 3, 3),
        "mixed_7a.branch2.2": (320, 288, 3, 3),
        "conv2d_7b": (1536, 2080, 1, 1),
    }
    shapes: dict[str, tuple[int, ...]] = {"classif.weight": (1000, 1536), "classif.bias": (1000,)}
    for name in (f"repeat.{number}" for number in range(10)):
        units[f"{name}.branch0"] = (32, 320, 1, 1)
        units |= {f"{name}.branch1.0": (32, 320, 1, 1), f"{name}.branch1.1": (32, 32, 3, 3)}
        units |= {f"{name}.branch2.0": (32, 320, 1, 1), f"{name}.branch2.1": (48, 32, 3, 3)}
        units[f"{name}.branch2.2"] = (64, 48, 3, 3)
        shapes |= {f"{name}.conv2d.weight": (320, 128, 1, 1), f"{name}.conv2d.bias": (320,)}
    for name in (f"repeat_1.{number}" for number in range(20)):
        units |= {f"{name}.branch0": (192, 1088, 1, 1), f"{name}.branch1.0": (128, 1088, 1, 1)}
        units |= {f"{name}.branch1.1": (160, 128, 1, 7), f"{name}.branch1.2": (192, 160, 7, 1)}
        shapes |= {f"{name}.conv2d.weight": (1088, 384, 1, 1), f"{name}.conv2d.bias": (1088,)}
    for name in (*(f"repeat_2.{number}" for number in range(9)), "block8"):
        units |= {f"{name}.branch0": (192, 2080, 1, 1), f"{name}.branch1.0": (192, 2080, 1, 1)}
        units |= {f"{name}.branch1.1": (224, 192, 1, 3), f"{name}.branch1.2": (256, 224, 3, 1)}
        shapes |= {f"{name}.conv2d.weight": (2080, 448, 1, 1), f"{name}.conv2d.bias": (2080,)}
    for name, shape in units.items():
        shapes[f"{name}.conv.weight"] = shape
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{name}.bn.{part}"] = shape[:1]
    return shapes


def test_the_plain_functions_give_inception_v4s_outside_logits() -> None:
    state = deterministic(SHAPES["timm/inception_v4"])
    with torch.inference_mode():
        logits = owners_inception_v4(Owner(state), picture(299))
    assert_owners_logits(logits, "timm/inception_v4")


def test_v2_with_converted_weights_gives_what_the_plain_functions_give() -> None:
    shapes = owners_shapes()
    assert sum(math.prod(s) for n, s in shapes.items() if "running" not in n) == 55_843_464
    state = deterministic(shapes)
    with torch.device("meta"):
        network = cnn_models.build("inception_resnet_v2").eval()
    network.load_state_dict(convert("inception_resnet_v2", state), strict=True, assign=True)
    images = picture(139)
    with torch.inference_mode():
        expected = owners_inception_resnet_v2(Owner(state), images)
        torch.testing.assert_close(network(images), expected, rtol=1e-3, atol=1e-3)
    assert expected.std() > 1  # a scale of 0.101 for 0.1 changes logits by up to 0.08


def test_a_block_adds_its_scaled_branches() -> None:
    torch.manual_seed(0)
    block = ResidualBlock(4, [[(3, 1)], [(2, 1), (5, 3)]], scale=0.25).eval()
    images = torch.randn(1, 4, 6, 6)
    assert block.linear.weight.shape == (4, 8, 1, 1)
    added_up = images + 0.25 * block.linear(block.branches(images))
    torch.testing.assert_close(block(images), added_up.relu())
    assert isinstance(block.linear, nn.Conv2d)


def scales_of(network: nn.Module) -> list[float]:
    return [m.scale for m in network.modules() if isinstance(m, ResidualBlock)]


def test_scales_go_to_the_blocks_of_each_size() -> None:
    with torch.device("meta"):
        first = cnn_models.build("inception_resnet_v1", scales=(0.3, 0.2, 0.1))
        second = cnn_models.build("inception_resnet_v2")
    assert scales_of(first) == 5 * [0.3] + 10 * [0.2] + 5 * [0.1]
    assert scales_of(second) == 10 * [SCALES[0]] + 20 * [SCALES[1]] + 9 * [SCALES[2]] + [1.0]
    assert first.get_submodule("inception_c.4").get_submodule("relu")
    assert second.get_submodule("end.0").relu is None


@pytest.mark.parametrize("scales", [(0.1, 0.2), (0.1, 0.0, 0.2), (0.1, 0.2, 1.5)])
def test_scales_out_of_range_are_refused(scales: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"scales is \(.*\); it is three numbers over 0 and up to"):
        cnn_models.build("inception_resnet_v1", scales=scales)


@pytest.mark.parametrize(
    ("key", "channels"),
    [("inception_resnet_v1", V1.channels), ("inception_resnet_v2", V2.channels)],
)
def test_channels_and_sizes(key: str, channels: tuple[int, ...]) -> None:
    with torch.device("meta"):
        network = cnn_models.build(key)
    shapes = output_shapes(network, [f"inception_{size}" for size in "abc"], 299)
    sides = (35, 17, 8)
    assert [*shapes.values()] == [(c, s, s) for c, s in zip(channels, sides, strict=True)]


def test_both_stems_begin_alike() -> None:
    first, second = inception_resnet.stem_v1(), inception_resnet.stem_v2()
    images = torch.empty(1, 3, 299, 299, device="meta")
    assert first.to("meta")(images).shape == (1, 256, 35, 35)
    assert second.to("meta")(images).shape == (1, 320, 35, 35)
