"""EfficientNet: what its paper prints, skipped layers, and torchvision's layers by their names."""

from collections.abc import Iterator
from math import ceil
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor, nn

import cnn_models
from cnn_models.convert import convert
from cnn_models.families.efficientnet import MBConv
from tests.cnn_models.parity import SHAPES, assert_owners_logits, deterministic, picture

# Table 1, stages 2 to 8: expansion, kernel, stride, channels, layers.
TABLE_1 = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)
# Depth, and the channels of the stem, of stages 2 to 8 and of stage 9, rounded by hand.
SIZES = {
    "b0": (1.0, 32, (16, 24, 40, 80, 112, 192, 320), 1280),
    "b1": (1.1, 32, (16, 24, 40, 80, 112, 192, 320), 1280),
    "b2": (1.2, 32, (16, 24, 48, 88, 120, 208, 352), 1408),
    "b3": (1.4, 40, (24, 32, 48, 96, 136, 232, 384), 1536),
    "b4": (1.8, 48, (24, 32, 56, 112, 160, 272, 448), 1792),
}


def layers(size: str) -> Iterator[tuple[str, int, int, int, int, int]]:
    """torchvision's name, inputs, outputs, expansion, kernel and stride of every layer."""
    depth, inputs, channels, _ = SIZES[size]
    for number, (row, outputs) in enumerate(zip(TABLE_1, channels, strict=True), start=1):
        t, k, stride, _, repeats = row
        for i in range(ceil(repeats * depth)):
            yield f"features.{number}.{i}.block", inputs, outputs, t, k, stride if i == 0 else 1
            inputs = outputs


# --- torchvision's network, by the names of its state dict ----------------------------------


def owners_shapes(size: str) -> dict[str, tuple[int, ...]]:
    """Names and shapes of torchvision's state dict, from the table."""
    shapes: dict[str, tuple[int, ...]] = {}

    def conv(name: str, *shape: int) -> None:
        shapes[f"{name}.0.weight"] = shape
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{name}.1.{part}"] = shape[:1]

    _, stem, channels, last = SIZES[size]
    conv("features.0", stem, 3, 3, 3)
    for block, inputs, outputs, t, k, _ in layers(size):
        wide, few, place = t * inputs, inputs // 4, int(t > 1)
        if t > 1:
            conv(f"{block}.0", wide, inputs, 1, 1)
        conv(f"{block}.{place}", wide, 1, k, k)
        gate = f"{block}.{place + 1}"
        shapes |= {f"{gate}.fc1.weight": (few, wide, 1, 1), f"{gate}.fc1.bias": (few,)}
        shapes |= {f"{gate}.fc2.weight": (wide, few, 1, 1), f"{gate}.fc2.bias": (wide,)}
        conv(f"{block}.{place + 2}", outputs, wide, 1, 1)
    conv("features.8", last, channels[-1], 1, 1)
    return shapes | {"classifier.1.weight": (1000, last), "classifier.1.bias": (1000,)}


class Owner:
    """torchvision's forward pass in plain functions, walking its state dict by its names."""

    def __init__(self, state: dict[str, Tensor], size: str) -> None:
        self.state, self.size = state, size

    def conv(self, x: Tensor, name: str, stride: int = 1, groups: int = 1) -> Tensor:
        weight = self.state[f"{name}.0.weight"]
        x = F.conv2d(x, weight, None, stride, weight.shape[-1] // 2, groups=groups)
        mean, var, scale, shift = (
            self.state[f"{name}.1.{p}"] for p in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(x, mean, var, scale, shift)

    def gate(self, x: Tensor, name: str) -> Tensor:
        one = x.mean((2, 3), keepdim=True)
        one = F.conv2d(one, self.state[f"{name}.fc1.weight"], self.state[f"{name}.fc1.bias"])
        one = F.silu(one)
        one = F.conv2d(one, self.state[f"{name}.fc2.weight"], self.state[f"{name}.fc2.bias"])
        return x * torch.sigmoid(one)

    def __call__(self, x: Tensor) -> Tensor:
        x = F.silu(self.conv(x, "features.0", stride=2))
        for block, inputs, outputs, t, _, stride in layers(self.size):
            y, place = x, int(t > 1)
            if t > 1:
                y = F.silu(self.conv(y, f"{block}.0"))
            y = F.silu(self.conv(y, f"{block}.{place}", stride, groups=t * inputs))
            y = self.conv(self.gate(y, f"{block}.{place + 1}"), f"{block}.{place + 2}")
            x = x + y if stride == 1 and inputs == outputs else y
        x = F.silu(self.conv(x, "features.8")).mean((2, 3))
        return F.linear(x, self.state["classifier.1.weight"], self.state["classifier.1.bias"])


@pytest.mark.parametrize("size", ["b0", "b1", "b3", "b4"])
def test_the_table_gives_the_owners_names_and_shapes(size):
    owner = SHAPES[f"torchvision/efficientnet_{size}"]
    assert owners_shapes(size) == {name: tuple(shape) for name, shape in owner.items()}


@pytest.mark.parametrize("size", ["b0", "b3"])
def test_the_plain_functions_give_the_owners_logits(size):
    with torch.inference_mode():
        logits = Owner(deterministic(owners_shapes(size)), size)(picture(224))
    assert_owners_logits(logits, f"torchvision/efficientnet_{size}")


def test_b2_gives_the_logits_of_the_plain_functions():
    state = deterministic(owners_shapes("b2"))
    ours = on_meta("b2")
    ours.load_state_dict(convert("efficientnet_b2", state), strict=True, assign=True)
    with torch.inference_mode():
        torch.testing.assert_close(ours(picture(224)), Owner(state, "b2")(picture(224)))


# --- counts ---------------------------------------------------------------------------------


def on_meta(size: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(f"efficientnet_{size}", **options).eval()


def macs_by_hand(size: str, side: int) -> int:
    """Multiply-adds of one image, layer by layer."""
    _, stem, channels, last = SIZES[size]
    side = ceil(side / 2)
    work = 27 * stem * side**2
    for _, inputs, outputs, t, k, stride in layers(size):
        wide = t * inputs
        work += inputs * wide * side**2 * (t > 1)
        side = ceil(side / stride)
        work += (k * k + outputs) * wide * side**2 + 2 * wide * (inputs // 4)
    return work + channels[-1] * last * side**2 + last * 1000


@pytest.mark.parametrize("size", SIZES)
def test_counts_follow_from_table_1_and_the_coefficients(size):
    spec = cnn_models.spec(f"efficientnet_{size}")
    trained = {n: s for n, s in owners_shapes(size).items() if "running" not in n}
    assert spec.exact_params == sum(torch.Size(shape).numel() for shape in trained.values())
    assert spec.exact_macs == macs_by_hand(size, spec.input_shape[-1])


def test_b2_at_the_288_pixels_of_its_public_weights():
    spec = cnn_models.spec("efficientnet_b2")
    assert spec.weights[0].preprocessing.crop == 288
    assert f"{macs_by_hand('b2', 288) / 1e9:.3f}B at the 288 pixels" in spec.departures[0]


@pytest.mark.parametrize(
    ("size", "millions", "billions"),  # Table 2
    [("b0", 5.3, 0.39), ("b1", 7.8, 0.70), ("b2", 9.2, 1.0), ("b3", 12, 1.8), ("b4", 19, 4.2)],
)
def test_counts_are_near_those_of_table_2(size, millions, billions):
    spec = cnn_models.spec(f"efficientnet_{size}")
    work = (spec.exact_macs or 0) / 1e9
    assert spec.exact_params / 1e6 == pytest.approx(millions, rel=0.02)
    assert work == pytest.approx(billions, rel=0.05)
    assert f"{work:.3f}B" in spec.departures[0]


def test_each_size_does_as_much_more_work_as_its_idea_says():
    base = cnn_models.spec("efficientnet_b0").exact_macs or 0
    for size, times in (("b1", 1.8), ("b2", 2.6), ("b3", 4.7), ("b4", 11)):
        spec = cnn_models.spec(f"efficientnet_{size}")
        assert (spec.exact_macs or 0) / base == pytest.approx(times, rel=0.04)
        assert f"to {times:g} times the work" in spec.idea


# --- skipped layers and options -------------------------------------------------------------


def survivals(network: nn.Module) -> list[float | None]:
    found = [m for m in network.modules() if isinstance(m, MBConv)]
    return [None if layer.drop is None else layer.drop.survival for layer in found]


def test_survival_falls_in_equal_steps_from_1_over_the_layers():
    found = survivals(on_meta("b0"))
    assert len(found) == 16
    kept = {i: s for i, s in enumerate(found) if s is not None}
    assert sorted(kept) == [2, 4, 6, 7, 9, 10, 12, 13, 14]
    assert kept == pytest.approx({i: 1 - 0.2 * i / 16 for i in kept})
    assert {s for s in survivals(on_meta("b0", survival=1.0)) if s is not None} == {1.0}


def test_a_dropped_branch_leaves_the_input():
    torch.manual_seed(0)
    block = MBConv(8, 8, kernel=3, stride=1, expansion=2, survival=0.5).train()
    x = torch.randn(64, 8, 4, 4)
    same = (block(x) == x).flatten(1).all(1)
    assert 16 < same.sum() < 48
    assert not (block.eval()(x) == x).flatten(1).all(1).any()


def test_a_gate_is_squeezed_to_a_quarter_of_the_blocks_input():
    gates = [m.se.fc1 for m in on_meta("b0").modules() if isinstance(m, MBConv)]
    assert [gate.out_channels for gate in gates[:4]] == [8, 4, 6, 6]


@pytest.mark.parametrize(("depth", "expected"), [(0.4, 10), (1.0, 16), (1.8, 32)])
def test_depth_multiplies_the_layers_of_each_stage_and_rounds_up(depth, expected):
    assert len(survivals(on_meta("b0", depth=depth))) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0}, r"width is 0; it is over 0"),
        ({"depth": -1.0}, r"depth is -1\.0; it is over 0"),
        ({"dropout": 1}, r"dropout is 1; it is at least 0 and less than 1\."),
        ({"survival": 0}, r"survival is 0; it is over 0 and up to 1\."),
        ({"survival": 1.1}, r"survival is 1\.1; it is over 0 and up to 1\."),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        on_meta("b4", **options)
