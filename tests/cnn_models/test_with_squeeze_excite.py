"""Gates attached to any network: where they stand, what they count, what they leave as it was."""

import re
from collections import Counter
from typing import Any

import pytest
import torch
from torch import Tensor, fx, nn

import cnn_models
from cnn_models import with_squeeze_excite
from cnn_models.families.senet import SqueezeExcite
from cnn_models.squeeze_excite import Gated
from tests.cnn_models.parity import EXPECTED, SHAPES, assert_owners_logits, deterministic, picture
from tests.flops import torchs_flops
from tests.networks import OF_EACH_PAPER

WITH_GATES = {
    *(key for key in cnn_models.names("senet")),
    "mobilenet_v3_large",
    "mobilenet_v3_small",
    *(key for key in cnn_models.names("after_2017") if key.startswith(("efficientnet", "regnet"))),
}
WITHOUT_GATES = [key for key in cnn_models.names() if key not in WITH_GATES]


def on_meta(key: str, **options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **options)


def gates(network: nn.Module) -> list[SqueezeExcite]:
    return [module for module in network.modules() if isinstance(module, SqueezeExcite)]


def params(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


def as_reduced_as_possible(network: nn.Module) -> nn.Module:
    """With the paper's 16, or with the largest reduction where that is smaller."""
    try:
        return with_squeeze_excite(network)
    except ValueError as refusal:
        largest = re.search(r"reduction is 16; this network takes 1 to (\d+)\.", str(refusal))
        if largest is None:
            raise
        return with_squeeze_excite(network, reduction=int(largest[1]))


@pytest.mark.parametrize("key", [key for key in OF_EACH_PAPER if key in WITHOUT_GATES])
def test_gates_on_every_network(key):
    spec = cnn_models.spec(key)
    gated = as_reduced_as_possible(on_meta(key)).eval()
    shapes = [(gate.fc1.in_channels, gate.fc1.out_channels) for gate in gates(gated)]
    assert shapes
    assert params(gated) == spec.exact_params + sum(2 * c * s + c + s for c, s in shapes)
    assert all(tensor.is_meta for tensor in (*gated.parameters(), *gated.buffers()))

    traced = fx.symbolic_trace(gated)
    with torchs_flops() as counter:
        answer = traced(torch.empty(1, *spec.input_shape, device="meta"))
    assert answer.shape == (1, spec.num_classes)
    work = (spec.exact_macs or 0) + sum(2 * c * s for c, s in shapes)
    assert counter.get_total_flops() == 2 * work


@pytest.mark.parametrize("key", sorted(WITH_GATES))
def test_a_network_with_gates_is_refused(key):
    network = on_meta(key)
    message = rf"This {type(network).__name__} has squeeze-and-excitation already, at [\w.]+\.se\."
    with pytest.raises(ValueError, match=message):
        with_squeeze_excite(network)


def test_a_network_of_no_family_is_refused():
    with pytest.raises(ValueError, match="No family of the registry builds a Sequential like this"):
        with_squeeze_excite(nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU()))


# Channels of the gates, from the tables of the papers.
@pytest.mark.parametrize(
    ("key", "channels"),
    [
        # Figure 3: the channels that the blocks put out.
        ("resnet34", {64: 3, 128: 4, 256: 6, 512: 3}),
        ("resnet152", {256: 3, 512: 8, 1024: 36, 2048: 3}),
        ("stochastic_depth152", {256: 3, 512: 8, 1024: 36, 2048: 3}),
        ("resnext50_32x4d", {256: 3, 512: 4, 1024: 6, 2048: 3}),
        ("cifar_preact_resnet164", {64: 18, 128: 18, 256: 18}),
        ("cifar_wrn_16_8", {128: 2, 256: 2, 512: 2}),
        ("inception_resnet_v1", {256: 5, 896: 10, 1792: 5}),
        ("xception", {128: 1, 256: 1, 728: 9, 1024: 1}),
        # Figure 2: the channels of whole Inception blocks.
        ("googlenet", {256: 1, 480: 1, 512: 3, 528: 1, 832: 2, 1024: 1}),
        ("inception_v3", {256: 1, 288: 2, 768: 5, 1280: 1, 2048: 2}),
        ("inception_v4", {384: 4, 1024: 8, 1536: 4}),
        # After the non-linearity of each convolution.
        ("vgg11", {64: 1, 128: 1, 256: 2, 512: 4}),
        ("vgg16_c", {64: 2, 128: 2, 256: 3, 512: 6}),
        # Figure 4 of MobileNet v3: the widened channels of MobileNet v2.
        ("mobilenet_v2", {32: 1, 96: 1, 144: 2, 192: 3, 384: 4, 576: 3, 960: 3}),
        # Half the channels of each unit.
        ("shufflenet_v2_x1_0", {58: 4, 116: 8, 232: 4}),
        # Stages: the stem, four blocks and the three transitions between them.
        ("densenet121", {64: 1, 256: 2, 128: 1, 512: 2, 1024: 2}),
        ("plain34", {64: 2, 128: 1, 256: 1, 512: 1}),
        ("alexnet", {96: 1, 256: 2}),
    ],
)
def test_the_channels_of_the_gates(key, channels):
    gated = with_squeeze_excite(on_meta(key), reduction=2)
    assert Counter(gate.fc1.in_channels for gate in gates(gated)) == channels


def test_resnet_50_with_gates_counts_as_se_resnet_50():
    gated = with_squeeze_excite(on_meta("resnet50"))
    assert params(gated) == cnn_models.spec("se_resnet50").exact_params == 28_088_024


def set_gates(network: nn.Module, bias: float) -> None:
    """Let every gate scale by the same: 100 leaves maps as they are, -100 nothing of them."""
    for gate in gates(network):
        nn.init.zeros_(gate.fc2.weight)
        assert gate.fc2.bias is not None
        nn.init.constant_(gate.fc2.bias, bias)


@pytest.mark.parametrize(
    "key",
    [
        "lenet5_modern",
        "vgg11_bn",
        "googlenet",
        "resnet18",
        "cifar_stochastic_depth110",
        "cifar_densenet_bc100_k12",
        "fractalnet_c2_cifar",
        "squeezenet_complex_bypass",
        "mobilenet_v1_x0_25",
        "shufflenet_v1_g8",
        "convnext_tiny",
    ],
)
def test_open_gates_leave_a_network_as_it_was(key):
    torch.manual_seed(0)
    network = cnn_models.build(key).eval()
    gated = with_squeeze_excite(network, reduction=2)
    set_gates(gated, 100.0)
    channels, height, _ = cnn_models.spec(key).input_shape
    x = torch.randn(1, channels, min(height, 64), min(height, 64))
    with torch.inference_mode():
        assert torch.equal(gated(x), network(x))


@pytest.mark.parametrize(
    ("key", "block", "channels"),
    [
        ("resnet18", "layer1.1", 64),
        ("wide_resnet50_2", "layer1.1", 256),
        ("cifar_preact_resnet110", "layer1.1", 16),
        ("cifar_preact_resnet164", "layer1.1", 64),
        ("cifar_stochastic_depth110", "layer1.1", 16),
        ("cifar_wrn_16_4", "layer1.1", 64),
        ("cifar_resnext29_8x64d", "layer1.1", 256),
        ("inception_resnet_v1", "inception_a.1", 256),
        ("shufflenet_v1_g3", "stage2.1", 240),
        ("convnext_tiny", "stage1.1", 96),
    ],
)
def test_a_shut_gate_leaves_a_residual_block_its_input(key, block, channels):
    torch.manual_seed(0)
    gated = with_squeeze_excite(cnn_models.build(key).eval())
    set_gates(gated, -100.0)
    x = torch.rand(1, channels, 8, 8)  # positive, so that a last ReLU changes nothing
    with torch.inference_mode():
        assert torch.allclose(gated.get_submodule(block)(x), x)


@pytest.mark.parametrize(
    ("key", "block", "shape"),
    [
        ("googlenet", "inception3a", (1, 192, 8, 8)),
        ("bn_inception", "inception3c", (1, 320, 8, 8)),
        ("inception_v3", "mixed_5b", (1, 192, 8, 8)),
        ("mobilenet_v1", "stage1.0", (1, 32, 8, 8)),
        ("vgg11", "stage1.relu1", (1, 64, 8, 8)),
    ],
)
def test_a_shut_gate_behind_a_block_leaves_nothing(key, block, shape):
    gated = with_squeeze_excite(cnn_models.build(key).eval())
    set_gates(gated, -100.0)
    with torch.inference_mode():
        assert gated.get_submodule(block)(torch.rand(shape)).abs().max() < 1e-30


def test_the_network_that_was_given_stays_as_it_was():
    network = cnn_models.build("cifar_densenet_bc100_k12").train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    gated = with_squeeze_excite(network, reduction=8)
    after = network.state_dict()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert not gates(network)
    assert not any(m._forward_hooks for m in (*network.modules(), *gated.modules()))
    ours = {p.data_ptr() for p in network.parameters()}
    assert not ours & {p.data_ptr() for p in gated.parameters()}


def test_the_weights_are_kept_one_level_down():
    network = cnn_models.build("cifar_resnet20")
    gated = with_squeeze_excite(network)
    assert isinstance(gated.get_submodule("layer1.0.bn2"), Gated)
    kept = {
        name.replace(".layer.", "."): tensor
        for name, tensor in gated.state_dict().items()
        if ".se." not in name
    }
    theirs = network.state_dict()
    assert kept.keys() == theirs.keys()
    assert all(torch.equal(kept[name], theirs[name]) for name in theirs)


@pytest.mark.parametrize("training", [True, False])
def test_gates_are_as_the_rest_of_the_network(training):
    network = cnn_models.build("mobilenet_v1_x0_25").double().train(training)
    gated = with_squeeze_excite(network)
    assert {p.dtype for p in gated.parameters()} == {torch.float64}
    assert {module.training for module in gated.modules()} == {training}


def test_gates_start_by_hes_rule():
    torch.manual_seed(0)
    for gate in gates(with_squeeze_excite(cnn_models.build("resnet50"))):
        channels, squeezed = gate.fc1.in_channels, gate.fc1.out_channels
        assert gate.fc1.weight.std().item() == pytest.approx((2 / squeezed) ** 0.5, rel=0.1)
        assert gate.fc2.weight.std().item() == pytest.approx((2 / channels) ** 0.5, rel=0.1)
        assert gate.fc1.bias is not None
        assert gate.fc2.bias is not None
        assert not gate.fc1.bias.any()
        assert not gate.fc2.bias.any()


@pytest.mark.parametrize(
    ("key", "largest"), [("resnet50", 256), ("lenet5", 6), ("cifar_wrn_40_1", 16)]
)
def test_a_reduction_that_leaves_no_channel_is_refused(key, largest):
    network = on_meta(key)
    assert gates(with_squeeze_excite(network, reduction=largest))
    for reduction in (0, largest + 1):
        message = rf"reduction is {reduction}; this network takes 1 to {largest}\."
        with pytest.raises(ValueError, match=message):
            with_squeeze_excite(network, reduction=reduction)


def test_gates_learn():
    torch.manual_seed(0)
    gated = with_squeeze_excite(cnn_models.build("squeezenet1_1", num_classes=10)).train()
    nn.functional.cross_entropy(gated(torch.randn(2, 3, 64, 64)), torch.tensor([3, 7])).backward()
    for gate in gates(gated):
        assert all(p.grad is not None and p.grad.isfinite().all() for p in gate.parameters())


def test_auxiliary_heads_have_no_gates_and_still_answer():
    gated = with_squeeze_excite(on_meta("googlenet", aux_heads=True).train())
    assert len(gates(gated)) == 9
    assert len(gated(torch.empty(2, 3, 224, 224, device="meta"))) == 3


def test_an_option_of_the_network_does_not_hinder():
    gated = with_squeeze_excite(on_meta("mobilenet_v1", width=0.5, num_classes=7, relu6=True))
    assert [gate.fc1.in_channels for gate in gates(gated)][-1] == 512


def test_it_is_the_network_that_senet_draws():
    """The CIFAR network of the family file and the one made here differ in names only."""
    torch.manual_seed(0)
    drawn = cnn_models.build("cifar_se_resnet20").eval()
    made = with_squeeze_excite(cnn_models.build("cifar_resnet20").eval())
    renamed = {
        re.sub(r"\.bn2\.", ".bn2.layer.", name).replace(".se.", ".bn2.se."): tensor
        for name, tensor in drawn.state_dict().items()
    }
    made.load_state_dict(renamed, strict=True)
    x = torch.randn(2, 3, 32, 32)
    with torch.inference_mode():
        assert torch.equal(made(x), drawn(x))


def owners_seresnet(depth: int) -> tuple[nn.Module, dict[str, Tensor]]:
    """ResNet-18 or -34 with gates and timm's two habits, and a state dict for it.

    timm has one more ReLU, in front of each gate, and pools as Caffe does.
    """
    gated = with_squeeze_excite(cnn_models.build(f"resnet{depth}").eval())
    for layer in gated.modules():
        if isinstance(layer, Gated):
            layer.layer = nn.Sequential(layer.layer, nn.ReLU())
    gated.maxpool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
    state = {}
    for name, tensor in deterministic(SHAPES[f"timm/legacy_seresnet{depth}"]).items():
        name = name.replace("layer0.", "").replace("last_linear.", "fc.")
        name = name.replace(".bn2.", ".bn2.layer.0.").replace(".se_module.", ".bn2.se.")
        state[name] = tensor
    return gated, state


@pytest.mark.parametrize("depth", [18, 34])
def test_gates_give_timms_logits(depth):
    network, state = owners_seresnet(depth)
    counters = {n: t for n, t in network.state_dict().items() if n.endswith("num_batches_tracked")}
    network.load_state_dict(state | counters, strict=True)
    expected = EXPECTED[f"timm/legacy_seresnet{depth}"]
    with torch.inference_mode():
        logits = network(picture(expected["size"]))
    assert_owners_logits(logits, f"timm/legacy_seresnet{depth}")
