"""ShuffleNet v2 against Table 5 of the paper, and against torchvision's layers by their names."""

import re
from functools import partial

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

import cnn_models
from analysis.structure import described
from cnn_models.convert import convert
from cnn_models.families.shufflenet_v2 import BasicUnit, DownUnit, ShuffleNetV2
from tests.cnn_models.parity import SHAPES, assert_owners_logits, deterministic, picture

# Of Table 5: channels of stages 2, 3, 4 and of Conv5.
TABLE_5 = {
    "0_5": (48, 96, 192, 1024),
    "1_0": (116, 232, 464, 1024),
    "1_5": (176, 352, 704, 1024),
    "2_0": (244, 488, 976, 2048),
}
every_width = pytest.mark.parametrize("width", TABLE_5)


def on_meta(width: float = 1.0) -> nn.Module:
    with torch.device("meta"):
        return ShuffleNetV2(width=width).eval()


# torchvision's network, written down from the names in its state dict.


def conv(state: dict[str, Tensor], name: str, x: Tensor, stride: int = 1) -> Tensor:
    weight = state[f"{name}.weight"]
    groups = x.shape[1] // weight.shape[1]
    return F.conv2d(x, weight, stride=stride, padding=weight.shape[2] // 2, groups=groups)


def norm(state: dict[str, Tensor], name: str, x: Tensor) -> Tensor:
    mean, variance = state[f"{name}.running_mean"], state[f"{name}.running_var"]
    return F.batch_norm(x, mean, variance, state[f"{name}.weight"], state[f"{name}.bias"])


def torchvision_unit(state: dict[str, Tensor], unit: str, x: Tensor) -> Tensor:
    left, right, stride = *x.chunk(2, dim=1), 1
    if f"{unit}.branch1.0.weight" in state:
        right, stride = x, 2
        left = norm(state, f"{unit}.branch1.1", conv(state, f"{unit}.branch1.0", x, stride))
        left = norm(state, f"{unit}.branch1.3", conv(state, f"{unit}.branch1.2", left)).relu()
    right = norm(state, f"{unit}.branch2.1", conv(state, f"{unit}.branch2.0", right)).relu()
    right = norm(state, f"{unit}.branch2.4", conv(state, f"{unit}.branch2.3", right, stride))
    right = norm(state, f"{unit}.branch2.6", conv(state, f"{unit}.branch2.5", right)).relu()
    return torch.stack((left, right), dim=2).flatten(1, 2)


def torchvision_logits(state: dict[str, Tensor], x: Tensor) -> Tensor:
    x = norm(state, "conv1.1", conv(state, "conv1.0", x, stride=2)).relu()
    x = F.max_pool2d(x, 3, 2, 1)
    for unit in dict.fromkeys(".".join(n.split(".")[:2]) for n in state if n.startswith("stage")):
        x = torchvision_unit(state, unit, x)
    x = norm(state, "conv5.1", conv(state, "conv5.0", x)).relu()
    return F.linear(x.mean((2, 3)), state["fc.weight"], state["fc.bias"])


def torchvision_shapes(width: str) -> dict[str, list[int]]:
    """Those of width 1 with each number of channels replaced by that of another column."""
    old, new = TABLE_5["1_0"], TABLE_5[width]
    other = dict(zip(old, new, strict=True)) | {old[0] // 2: new[0] // 2}
    shapes: dict[str, list[int]] = SHAPES["torchvision/shufflenet_v2_x1_0"]
    return {name: [other.get(side, side) for side in shape] for name, shape in shapes.items()}


@pytest.mark.parametrize("width", ["0_5", "1_0", "2_0"])
def test_the_reference_is_torchvisions_network(width):
    owner = f"torchvision/shufflenet_v2_x{width}"
    if width != "0_5":  # there 24 and 48 mean several things
        assert torchvision_shapes(width) == SHAPES[owner]
    with torch.inference_mode():
        logits = torchvision_logits(deterministic(SHAPES[owner]), picture(224))
    assert_owners_logits(logits, owner, rel=1e-4)


def test_width_1_5_gives_the_logits_of_torchvisions_layers():
    state = deterministic(torchvision_shapes("1_5"))
    with torch.device("meta"):
        network = cnn_models.build("shufflenet_v2_x1_5").eval()
    network.load_state_dict(convert("shufflenet_v2_x1_5", state), strict=True, assign=True)
    with torch.inference_mode():
        x = picture(224)
        torch.testing.assert_close(network(x), torchvision_logits(state, x), rtol=1e-3, atol=1e-2)


@every_width
def test_the_maps_have_the_sizes_of_table_5(width):
    network = on_meta(float(width.replace("_", ".")))
    shapes: dict[str, torch.Size] = {}
    for name, module in network.named_children():
        module.register_forward_hook(partial(_note, shapes, name))
    network(torch.empty(1, 3, 224, 224, device="meta"))
    stage2, stage3, stage4, conv5 = TABLE_5[width]
    assert shapes["stem"] == (24, 56, 56)
    assert shapes["stage2"] == (stage2, 28, 28)
    assert shapes["stage3"] == (stage3, 14, 14)
    assert shapes["stage4"] == (stage4, 7, 7)
    assert shapes["conv5"] == (conv5, 7, 7)


def _note(shapes: dict, name: str, _module: nn.Module, _inputs: tuple, y: Tensor) -> None:
    shapes[name] = y.shape[1:]


@pytest.mark.parametrize(
    ("width", "millions", "weights"),
    [("1_0", 146, 2.3), ("1_5", 299, 3.5), ("2_0", 591, 7.4)],
)
def test_with_the_authors_first_unit_the_multiply_adds_are_those_of_table_5(
    width, millions, weights
):
    spec = cnn_models.spec(f"shufflenet_v2_x{width}")
    half, inputs = TABLE_5[width][0] // 2, 24
    made = 2 * half - inputs  # what the authors' right branch makes; its left one keeps 24
    here = inputs * half + half * half
    extra = inputs * inputs + half * made - here
    macs = (spec.exact_macs or 0) + 28 * 28 * extra
    assert round(macs / 1e6) == millions
    assert round((spec.exact_params + extra) / 1e6, 1) == weights
    said = re.findall(r"\d[\d,.]*\d|\d", spec.departures[0])
    for number in (half, made, f"{extra:,}", f"{784 * extra / 1e6:.2f}", f"{macs / 1e6:.1f}"):
        assert str(number) in said
    assert str(millions) in said


def test_width_0_5_splits_its_first_unit_as_the_authors_do():
    spec = cnn_models.spec("shufflenet_v2_x0_5")
    assert TABLE_5["0_5"][0] - 24 == 24
    assert f"{(spec.exact_macs or 0) / 1e6:.1f}" in spec.departures[0]


@every_width
def test_parameters_counted_by_hand(width):
    def right(inputs: int, c: int) -> int:
        return inputs * c + 9 * c + c * c + 3 * 2 * c

    *stages, last = TABLE_5[width]
    total, inputs = 3 * 9 * 24 + 2 * 24, 24
    for outputs, repeat in zip(stages, (4, 8, 4), strict=True):
        c = outputs // 2
        left = 9 * inputs + 2 * inputs + inputs * c + 2 * c
        total += left + right(inputs, c) + (repeat - 1) * right(c, c)
        inputs = outputs
    total += inputs * last + 2 * last + last * 1000 + 1000
    assert cnn_models.spec(f"shufflenet_v2_x{width}").exact_params == total


def test_half_of_the_channels_pass_a_unit_untouched():
    unit = BasicUnit(12).eval()
    x = torch.randn(2, 12, 5, 5)
    y = unit(x)
    assert torch.equal(y[:, 0::2], x[:, :6])
    assert torch.equal(y[:, 1::2], unit.right(x[:, 6:]))


def test_a_unit_that_halves_the_map_reads_all_channels_in_both_branches():
    unit = DownUnit(12, 20).eval()
    x = torch.randn(2, 12, 6, 6)
    y = unit(x)
    assert y.shape == (2, 20, 3, 3)
    assert torch.equal(y[:, 0::2], unit.left(x))
    assert torch.equal(y[:, 1::2], unit.right(x))


@pytest.mark.parametrize("width", [-1, 0, 0.75, 3, float("nan")])
def test_other_widths_are_refused(width):
    with pytest.raises(ValueError, match=rf"width is {width}; .* 0\.5, 1, 1\.5 and 2"):
        cnn_models.build("shufflenet_v2_x1_0", width=width)


@pytest.mark.parametrize("side", [1, 5, 225])
def test_any_image_size_works(side):
    assert on_meta()(torch.empty(1, 3, side, side, device="meta")).shape == (1, 1000)


def test_weights_start_by_hes_rule_for_the_inputs_of_a_unit():
    torch.manual_seed(0)
    network = cnn_models.build("shufflenet_v2_x1_0")
    for name, inputs in (("stage4.1.right.conv1", 232), ("stage4.1.right.dwconv", 9)):
        weight = network.get_parameter(f"{name}.weight")
        assert weight.std().item() == pytest.approx((2 / inputs) ** 0.5, rel=0.06)
        assert abs(weight.mean().item()) < 0.1 * weight.std().item()
    assert network.get_parameter("fc.weight").std().item() == pytest.approx(0.01, rel=0.02)
    assert not network.get_parameter("fc.bias").any()


def test_the_traced_graph_knows_splits_and_what_the_last_map_sees():
    g = described.traced("shufflenet_v2_x1_0")
    assert (g.totals().params, g.totals().macs) == (2_278_604, 144_907_992)
    kinds = [op.kind for op in g.operations]
    assert kinds.count("split") == 3 + 7 + 3
    assert kinds.count("channel shuffle") == kinds.count("concatenation") == 16
    kept, worked = g.operation("stage2.1.cat").inputs
    assert kept == "stage2.1.chunk"
    assert worked == "stage2.1.right.relu2"
    assert g.operation("stage2.1.chunk").output_shape == (58, 28, 28)
    # 3×3 windows: stem and pooling at steps 1 and 2, then in each stage one at the step before
    # halving and the rest behind it.
    size = 1 + 2 * (1 + 2 + 4 + 3 * 8 + 8 + 7 * 16 + 16 + 3 * 32)
    assert g.receptive_field().size == (size, size)
    assert g.receptive_field().stride == (32, 32)
