"""MobileNet v3: what its paper and its releases print, and torchvision's layers by their names."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor, nn

import cnn_models
from cnn_models.convert import convert
from cnn_models.families import mobilenet_v3
from cnn_models.families.mobilenet_v3 import Bneck, MobileNetV3
from tests.cnn_models.parity import SHAPES, assert_owners_logits, deterministic, picture
from tests.flops import torchs_flops

# Tables 1 and 2: kernel, exp size, #out, SE, NL is h-swish, stride.
LARGE = (
    (3, 16, 16, 0, 0, 1),
    (3, 64, 24, 0, 0, 2),
    (3, 72, 24, 0, 0, 1),
    (5, 72, 40, 1, 0, 2),
    (5, 120, 40, 1, 0, 1),
    (5, 120, 40, 1, 0, 1),
    (3, 240, 80, 0, 1, 2),
    (3, 200, 80, 0, 1, 1),
    (3, 184, 80, 0, 1, 1),
    (3, 184, 80, 0, 1, 1),
    (3, 480, 112, 1, 1, 1),
    (3, 672, 112, 1, 1, 1),
    (5, 672, 160, 1, 1, 2),
    (5, 960, 160, 1, 1, 1),
    (5, 960, 160, 1, 1, 1),
)
SMALL = (
    (3, 16, 16, 1, 0, 2),
    (3, 72, 24, 0, 0, 2),
    (3, 88, 24, 0, 0, 1),
    (5, 96, 40, 1, 1, 2),
    (5, 240, 40, 1, 1, 1),
    (5, 240, 40, 1, 1, 1),
    (5, 120, 48, 1, 1, 1),
    (5, 144, 48, 1, 1, 1),
    (5, 288, 96, 1, 1, 2),
    (5, 576, 96, 1, 1, 1),
    (5, 576, 96, 1, 1, 1),
)
# Values between the two layers of a gate: a quarter of exp size, to a multiple of 8 (Section 5.3).
SQUEEZED = {
    **{16: 8, 72: 24, 96: 24, 120: 32, 144: 40, 240: 64, 288: 72},
    **{480: 120, 576: 144, 672: 168, 960: 240},
}


# --- torchvision's network, by the names of its state dict ----------------------------------


def owners_shapes(
    rows: tuple[tuple[int, ...], ...], last: int, hidden: int
) -> dict[str, tuple[int, ...]]:
    """Names and shapes of torchvision's state dict, from the table."""
    shapes: dict[str, tuple[int, ...]] = {}

    def conv(name: str, *shape: int) -> None:
        shapes[f"{name}.0.weight"] = shape
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"{name}.1.{part}"] = shape[:1]

    conv("features.0", 16, 3, 3, 3)
    inputs = 16
    for number, (k, wide, outputs, gated, _, _) in enumerate(rows, start=1):
        block, place = f"features.{number}.block", 0
        if wide != inputs:
            conv(f"{block}.{place}", wide, inputs, 1, 1)
            place += 1
        conv(f"{block}.{place}", wide, 1, k, k)
        if gated:
            place += 1
            few = SQUEEZED[wide]
            shapes[f"{block}.{place}.fc1.weight"] = (few, wide, 1, 1)
            shapes[f"{block}.{place}.fc1.bias"] = (few,)
            shapes[f"{block}.{place}.fc2.weight"] = (wide, few, 1, 1)
            shapes[f"{block}.{place}.fc2.bias"] = (wide,)
        conv(f"{block}.{place + 1}", outputs, wide, 1, 1)
        inputs = outputs
    conv(f"features.{len(rows) + 1}", last, inputs, 1, 1)
    shapes |= {"classifier.0.weight": (hidden, last), "classifier.0.bias": (hidden,)}
    return shapes | {"classifier.3.weight": (1000, hidden), "classifier.3.bias": (1000,)}


class Owner:
    """torchvision's forward pass in plain functions, walking its state dict by its names."""

    def __init__(self, state: dict[str, Tensor], rows: tuple[tuple[int, ...], ...]) -> None:
        self.state, self.rows = state, rows

    def conv(self, x: Tensor, name: str, stride: int = 1, groups: int = 1) -> Tensor:
        weight = self.state[f"{name}.0.weight"]
        x = F.conv2d(x, weight, None, stride, weight.shape[-1] // 2, groups=groups)
        mean, var, scale, shift = (
            self.state[f"{name}.1.{p}"] for p in ("running_mean", "running_var", "weight", "bias")
        )
        return F.batch_norm(x, mean, var, scale, shift, eps=0.001)

    def gate(self, x: Tensor, name: str) -> Tensor:
        one = x.mean((2, 3), keepdim=True)
        one = F.conv2d(one, self.state[f"{name}.fc1.weight"], self.state[f"{name}.fc1.bias"])
        one = F.conv2d(one.relu(), self.state[f"{name}.fc2.weight"], self.state[f"{name}.fc2.bias"])
        return x * (F.relu6(one + 3) / 6)

    def block(self, x: Tensor, number: int) -> Tensor:
        _, wide, outputs, gated, swish, stride = self.rows[number - 1]
        act = F.hardswish if swish else F.relu
        name, place, y = f"features.{number}.block", 0, x
        if wide != x.shape[1]:
            y, place = act(self.conv(y, f"{name}.0")), 1
        y = act(self.conv(y, f"{name}.{place}", stride, groups=wide))
        if gated:
            place += 1
            y = self.gate(y, f"{name}.{place}")
        y = self.conv(y, f"{name}.{place + 1}")
        return x + y if stride == 1 and x.shape[1] == outputs else y

    def __call__(self, x: Tensor) -> Tensor:
        x = F.hardswish(self.conv(x, "features.0", stride=2))
        for number in range(1, len(self.rows) + 1):
            x = self.block(x, number)
        x = F.hardswish(self.conv(x, f"features.{len(self.rows) + 1}")).mean((2, 3))
        first, second = (
            (self.state[f"classifier.{n}.weight"], self.state[f"classifier.{n}.bias"])
            for n in (0, 3)
        )
        return F.linear(F.hardswish(F.linear(x, *first)), *second)


def test_the_plain_functions_give_the_owners_logits_of_the_large_network():
    shapes = owners_shapes(LARGE, 960, 1280)
    assert shapes == {n: tuple(s) for n, s in SHAPES["torchvision/mobilenet_v3_large"].items()}
    with torch.inference_mode():
        logits = Owner(deterministic(shapes), LARGE)(picture(224))
    assert_owners_logits(logits, "torchvision/mobilenet_v3_large")


def test_the_small_network_gives_the_logits_of_the_plain_functions():
    state = deterministic(owners_shapes(SMALL, 576, 1024))
    with torch.device("meta"):
        ours = cnn_models.build("mobilenet_v3_small").eval()
    ours.load_state_dict(convert("mobilenet_v3_small", state), strict=True, assign=True)
    with torch.inference_mode():
        torch.testing.assert_close(ours(picture(224)), Owner(state, SMALL)(picture(224)))


# --- counts ---------------------------------------------------------------------------------


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options).eval()


def params(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def macs(network: nn.Module) -> int:
    with torchs_flops() as counter:
        network(torch.empty(1, 3, 224, 224, device="meta"))
    return counter.get_total_flops() // 2


def by_hand(rows: tuple[tuple[int, ...], ...], last: int, hidden: int) -> tuple[int, int]:
    """Parameters and multiply-adds, layer by layer."""
    total, work, inputs, side = (27 + 2) * 16, 27 * 16 * 112**2, 16, 112
    for k, wide, outputs, gated, _, stride in rows:
        if wide != inputs:
            total += (inputs + 2) * wide
            work += inputs * wide * side**2
        side //= stride
        total += (k * k + 2) * wide + (wide + 2) * outputs
        work += (k * k * wide + wide * outputs) * side**2
        if gated:
            total += 2 * wide * SQUEEZED[wide] + wide + SQUEEZED[wide]
            work += 2 * wide * SQUEEZED[wide]
        inputs = outputs
    total += (inputs + 2) * last + (last + 1) * hidden + (hidden + 1) * 1000
    return total, work + inputs * last * 49 + last * hidden + hidden * 1000


@pytest.mark.parametrize(
    ("key", "rows", "last", "hidden"),
    [("mobilenet_v3_large", LARGE, 960, 1280), ("mobilenet_v3_small", SMALL, 576, 1024)],
)
def test_counts_follow_from_the_tables(key, rows, last, hidden):
    spec = cnn_models.spec(key)
    assert (spec.exact_params, spec.exact_macs) == by_hand(rows, last, hidden)


@pytest.mark.parametrize(
    ("table", "hidden", "millions", "work"),  # the authors' release at width 0.75
    [(mobilenet_v3.LARGE, 1280, 4.0, 155), (mobilenet_v3.SMALL, 1280, 2.4, 44)],
)
def test_three_quarters_of_the_width_has_the_counts_of_the_release(table, hidden, millions, work):
    with torch.device("meta"):
        network = MobileNetV3(table, hidden, width=0.75).eval()
    assert f"{params(network) / 1e6:.1f}" == f"{millions}"
    assert f"{macs(network) / 1e6:.0f}" == f"{work}"


@pytest.mark.parametrize(("width", "hidden"), [(0.35, 1280), (1.0, 1280), (1.25, 1600)])
def test_the_hidden_layer_grows_with_the_width_but_does_not_shrink(width, hidden):
    network = on_meta("mobilenet_v3_large", width=width)
    assert network.get_submodule("classifier").in_features == hidden


def test_numbers_of_the_departures():
    large = " ".join(cnn_models.spec("mobilenet_v3_large").departures)
    small = " ".join(cnn_models.spec("mobilenet_v3_small").departures)
    assert "5.483M and 216.6M" in large
    assert by_hand(SMALL, 576, 1024) == (2_542_856, 56_510_400)
    assert by_hand(SMALL, 576, 1280) == (2_946_568, 56_913_856)
    assert "2.543M and 56.5M, and with 1280 it would have 2.947M and 56.9M" in small
    assert 2 * 576 * 144 + 576 + 144 == 166_608
    assert "166,608" in small


# --- blocks and options ---------------------------------------------------------------------


@pytest.mark.parametrize(("key", "gates"), [("mobilenet_v3_large", 8), ("mobilenet_v3_small", 9)])
def test_gates_are_where_the_tables_tick_se(key, gates):
    found = [m for m in on_meta(key).modules() if isinstance(m, nn.Hardsigmoid)]
    assert len(found) == gates


def test_a_gate_of_nothing_halves_its_map():
    block = Bneck(8, 3, 16, 8, gated=True, nonlinearity=nn.ReLU, stride=1).eval()
    assert block.se is not None
    for parameter in block.se.fc2.parameters():
        nn.init.zeros_(parameter)
    x = torch.randn(2, 16, 4, 4)
    torch.testing.assert_close(block.se(x), x / 2)  # hard sigmoid of 0 is 3 / 6


def test_norms_are_those_of_the_public_weights():
    norms = [m for m in on_meta("mobilenet_v3_small").modules() if isinstance(m, nn.BatchNorm2d)]
    assert {(m.eps, m.momentum) for m in norms} == {(0.001, 0.01)}


@pytest.mark.parametrize("key", ["mobilenet_v3_large", "mobilenet_v3_small"])
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": -0.5}, r"width is -0\.5; it is over 0"),
        ({"dropout": -0.1}, r"dropout is -0\.1; it is at least 0 and less than 1\."),
    ],
)
def test_options_out_of_range_are_refused(key, options, message):
    with pytest.raises(ValueError, match=message):
        on_meta(key, **options)
