"""DenseNet against Tables 1 and 2 of the paper, and against torchvision's layers by their names."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

import cnn_models
from analysis.structure import described
from cnn_models.convert import convert
from cnn_models.families.densenet import DenseNet
from tests.cnn_models.parity import SHAPES, assert_owners_logits, deterministic, picture

# Growth rate and layers of the blocks, as torchvision gives them.
CONFIGURATIONS = {
    "densenet121": (32, (6, 12, 24, 16)),
    "densenet169": (32, (6, 12, 32, 32)),
    "densenet201": (32, (6, 12, 48, 32)),
    "densenet161": (48, (6, 12, 36, 24)),
}
# Depth, growth rate, bottleneck and compression, and millions of parameters: Table 2.
CIFAR = {
    "cifar_densenet40_k12": (40, 12, False, 1.0),
    "cifar_densenet100_k12": (100, 12, False, 7.0),
    "cifar_densenet100_k24": (100, 24, False, 27.2),
    "cifar_densenet_bc100_k12": (100, 12, True, 0.8),
    "cifar_densenet_bc250_k24": (250, 24, True, 15.3),
    "cifar_densenet_bc190_k40": (190, 40, True, 25.6),
}
every_cifar = pytest.mark.parametrize("key", CIFAR)


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options).eval()


# torchvision's network, written down from the names in its state dict.


def norm_relu_conv(state: dict[str, Tensor], norm: str, conv: str, x: Tensor) -> Tensor:
    weight = state[f"{conv}.weight"]
    return F.conv2d(norm_relu(state, norm, x), weight, padding=weight.shape[2] // 2)


def norm_relu(state: dict[str, Tensor], norm: str, x: Tensor) -> Tensor:
    mean, variance = state[f"{norm}.running_mean"], state[f"{norm}.running_var"]
    return F.batch_norm(x, mean, variance, state[f"{norm}.weight"], state[f"{norm}.bias"]).relu()


def torchvision_logits(state: dict[str, Tensor], x: Tensor) -> Tensor:
    x = F.conv2d(x, state["features.conv0.weight"], stride=2, padding=3)
    x = F.max_pool2d(norm_relu(state, "features.norm0", x), 3, 2, 1)
    for part in dict.fromkeys(".".join(name.split(".")[:-2]) for name in state):
        if "denselayer" in part:
            new = norm_relu_conv(state, f"{part}.norm1", f"{part}.conv1", x)
            x = torch.cat((x, norm_relu_conv(state, f"{part}.norm2", f"{part}.conv2", new)), dim=1)
        elif "transition" in part:
            x = F.avg_pool2d(norm_relu_conv(state, f"{part}.norm", f"{part}.conv", x), 2)
    x = norm_relu(state, "features.norm5", x).mean((2, 3))
    return F.linear(x, state["classifier.weight"], state["classifier.bias"])


def torchvision_shapes(growth: int, blocks: tuple[int, ...]) -> dict[str, list[int]]:
    shapes: dict[str, list[int]] = {}

    def norm(name: str, channels: int) -> None:
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"features.{name}.{part}"] = [channels]

    def conv(name: str, *shape: int) -> None:
        shapes[f"features.{name}.weight"] = list(shape)

    channels = 2 * growth
    conv("conv0", channels, 3, 7, 7)
    norm("norm0", channels)
    for block, layers in enumerate(blocks, start=1):
        for layer in range(1, layers + 1):
            name = f"denseblock{block}.denselayer{layer}"
            norm(f"{name}.norm1", channels)
            conv(f"{name}.conv1", 4 * growth, channels, 1, 1)
            norm(f"{name}.norm2", 4 * growth)
            conv(f"{name}.conv2", growth, 4 * growth, 3, 3)
            channels += growth
        if block < len(blocks):
            norm(f"transition{block}.norm", channels)
            conv(f"transition{block}.conv", channels // 2, channels, 1, 1)
            channels //= 2
    norm("norm5", channels)
    return shapes | {"classifier.weight": [1000, channels], "classifier.bias": [1000]}


@pytest.mark.parametrize("key", ["densenet121", "densenet201"])
def test_the_reference_is_torchvisions_network(key):
    owner = f"torchvision/{key}"
    assert torchvision_shapes(*CONFIGURATIONS[key]) == SHAPES[owner]
    with torch.inference_mode():
        logits = torchvision_logits(deterministic(SHAPES[owner]), picture(224))
    assert_owners_logits(logits, owner)


@pytest.mark.parametrize("key", ["densenet169", "densenet161"])
def test_converted_weights_give_the_logits_of_torchvisions_layers(key):
    state = deterministic(torchvision_shapes(*CONFIGURATIONS[key]))
    network = on_meta(key)
    network.load_state_dict(convert(key, state), strict=True, assign=True)
    with torch.inference_mode():
        x = picture(96)
        torch.testing.assert_close(network(x), torchvision_logits(state, x), rtol=1e-3, atol=1e-3)


# The paper's tables.


def layers_with_weights(network: nn.Module) -> int:
    return sum(isinstance(m, nn.Conv2d | nn.Linear) for m in network.modules())


@pytest.mark.parametrize("depth", [121, 169, 201, 161])
def test_imagenet_networks_are_as_deep_as_their_names(depth):
    assert layers_with_weights(on_meta(f"densenet{depth}")) == depth


def test_densenet_264_has_a_layer_more_than_its_name_says():
    layers = layers_with_weights(on_meta("densenet264"))
    assert layers == 265
    assert f"are {layers} layers" in cnn_models.spec("densenet264").departures[-1]


@every_cifar
def test_cifar_networks_are_as_deep_as_their_names(key):
    network = on_meta(key)
    assert layers_with_weights(network) == CIFAR[key][0]
    blocks = [len(list(network.get_submodule(f"denseblock{n}").children())) for n in (1, 2, 3)]
    assert len(set(blocks)) == 1


def parameters_by_hand(depth: int, k: int, bc: bool, stem: int) -> int:
    """Of a network for CIFAR-10 whose first convolution has `stem` channels, layer by layer."""
    total, channels = 3 * 9 * stem, stem
    for block in (1, 2, 3):
        for _ in range((depth - 4) // (6 if bc else 3)):
            total += 2 * channels
            total += channels * 4 * k + 2 * 4 * k + 9 * 4 * k * k if bc else 9 * channels * k
            channels += k
        if block < 3:
            kept = channels // 2 if bc else channels
            total += 2 * channels + channels * kept
            channels = kept
    return total + 2 * channels + channels * 10 + 10


@every_cifar
def test_cifar_parameters_counted_by_hand(key):
    depth, k, bc, millions = CIFAR[key]
    spec = cnn_models.spec(key)
    assert spec.exact_params == parameters_by_hand(depth, k, bc, 2 * k if bc else 16)
    assert round(spec.exact_params / 1e6, 1) == millions
    assert f"{millions}M" in {f.value for f in spec.published if f.quantity == "parameters"}
    if not bc:
        wider = parameters_by_hand(depth, k, bc, 2 * k)
        assert f"starts with {2 * k} channels" in spec.departures[-1]
        assert f"{wider:,} parameters" in spec.departures[-1]


@every_cifar
def test_cifar_blocks_work_on_maps_of_32_16_and_8_pixels(key):
    g = described.traced(key)
    assert g.operation("stem.conv0").output_shape[1:] == (32, 32)
    assert g.operation("transition1.pool").output_shape[1:] == (16, 16)
    assert g.operation("transition2.pool").output_shape[1:] == (8, 8)
    assert g.operation("relu5").output_shape[1:] == (8, 8)
    assert (g.totals().params, g.totals().macs) == (
        cnn_models.spec(key).exact_params,
        cnn_models.spec(key).exact_macs,
    )


@pytest.mark.parametrize(
    ("options", "channels"),
    [
        ({}, 24),
        ({"growth": 40}, 80),
        ({"bottleneck": None}, 16),
        ({"compression": 1.0}, 16),
    ],
)
def test_the_stem_of_cifar_has_16_channels_unless_the_network_is_bc(options, channels):
    network = on_meta("cifar_densenet_bc100_k12", **options)
    assert network.get_parameter("stem.conv0.weight").shape == (channels, 3, 3, 3)


# Options.


def test_dropout_follows_every_convolution_but_the_first():
    plain = DenseNet(10, 4, (2, 2), cifar=True, dropout=0.2)
    layers = [m for m in plain.modules() if isinstance(m, nn.Conv2d | nn.Dropout)]
    kinds = [type(m) for m in layers]
    assert kinds == [nn.Conv2d] + [nn.Conv2d, nn.Dropout] * (2 * 2 + 1 + 2 * 2)
    assert {m.p for m in layers if isinstance(m, nn.Dropout)} == {0.2}
    assert not any(isinstance(m, nn.Dropout) for m in on_meta("densenet121").modules())


def test_dropout_leaves_parameters_names_and_evaluation_alone():
    torch.manual_seed(0)
    without = DenseNet(10, 4, (2, 2), cifar=True).eval()
    within = DenseNet(10, 4, (2, 2), cifar=True, dropout=0.5)
    within.load_state_dict(without.state_dict(), strict=True)
    x = torch.rand(2, 3, 8, 8)
    assert torch.equal(within.eval()(x), without(x))
    within.train()
    assert not torch.equal(within(x), within(x))


@pytest.mark.parametrize(
    ("option", "range_"),
    [
        ({"growth": 0}, "growth is 0; .* at least 1"),
        ({"blocks": (3, 0, 3)}, r"blocks is \(3, 0, 3\); .* at least 1 layer"),
        ({"bottleneck": -1}, "bottleneck is -1; .* at least 1"),
        ({"compression": 1.5}, "compression is 1.5; .* over 0 and up to 1"),
        ({"dropout": 1.0}, "dropout is 1.0; .* less than 1"),
    ],
)
def test_options_out_of_range_are_refused(option, range_):
    with pytest.raises(ValueError, match=range_):
        cnn_models.build("cifar_densenet40_k12", **option)


def test_images_that_the_transitions_of_cifar_would_use_up_are_refused():
    network = on_meta("cifar_densenet40_k12")
    assert network(torch.empty(1, 3, 4, 4, device="meta")).shape == (1, 10)
    with pytest.raises(ValueError, match="at least 4 pixels"):
        network(torch.empty(1, 3, 4, 3, device="meta"))


def test_weights_start_by_hes_rule_for_the_outputs_of_a_unit():
    torch.manual_seed(0)
    network = cnn_models.build("cifar_densenet_bc100_k12")
    for name, outputs in (
        ("denseblock3.denselayer16.conv1", 48),
        ("denseblock3.denselayer16.conv2", 12 * 9),
        ("transition2.conv", 150),
    ):
        weight = network.get_parameter(f"{name}.weight")
        assert weight.std().item() == pytest.approx((2 / outputs) ** 0.5, rel=0.05)
        assert abs(weight.mean().item()) < 0.1 * weight.std().item()
    assert not network.get_parameter("classifier.bias").any()
