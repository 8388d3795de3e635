"""SENet-154, against the paper's appendix, the authors' release and timm's layers."""

from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.convert import convert
from tests.cnn_models.families.legacy_senet import calm, logits
from tests.cnn_models.parity import SHAPES, picture
from tests.flops import torchs_flops

OWNER = "timm/legacy_senet154"
# First 1×1, 3×3 and last 1×1 convolution of a block, squeezed channels, blocks: the release.
STAGES = [
    (128, 256, 256, 16, 3),
    (256, 512, 512, 32, 8),
    (512, 1024, 1024, 64, 36),
    (1024, 2048, 2048, 128, 3),
]


def on_meta(**options: Any) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build("senet154", **options).eval()


def by_hand() -> tuple[int, int]:
    """Parameters, and multiply-adds at 224 × 224, layer by layer."""
    layers = [(9 * 3 * 64, 64, 112), (9 * 64 * 64, 64, 112), (9 * 64 * 128, 128, 112)]
    gates, inputs, side = [], 128, 56
    for number, (first, middle, last, squeezed, blocks) in enumerate(STAGES):
        for block in range(blocks):
            half = number > 0 and block == 0
            before, side = side, side // 2 if half else side
            layers += [
                (inputs * first, first, before),
                (9 * first // 64 * middle, middle, side),
                (middle * last, last, side),
            ]
            if block == 0:
                layers.append(((9 if half else 1) * inputs * last, last, side))
            gates.append((2 * last * squeezed, last + squeezed))
            inputs = last
    convolutions = sum(weights + 2 * channels for weights, channels, _ in layers)
    params = convolutions + sum(w + b for w, b in gates) + 2048 * 1000 + 1000
    macs = sum(weights * side**2 for weights, _, side in layers) + sum(w for w, _ in gates)
    return params, macs + 2048 * 1000


def test_the_counts_by_hand():
    spec = cnn_models.spec("senet154")
    assert by_hand() == (spec.exact_params, spec.exact_macs)


def test_the_weighted_layers_are_154():
    """As for the ResNets: the convolutions on the way, and the classifier; gates do not count."""
    names = [
        name
        for name, layer in on_meta().named_modules()
        if isinstance(layer, nn.Conv2d | nn.Linear) and ".se." not in name
    ]
    assert len([name for name in names if "downsample" not in name]) == 154


def test_shortcuts_that_halve_the_size_are_3x3_convolutions():
    kernels = {
        name: (layer.kernel_size, layer.stride)
        for name, layer in on_meta().named_modules()
        if isinstance(layer, nn.Conv2d) and "downsample" in name
    }
    assert kernels == {
        "layer1.0.downsample.0": ((1, 1), (1, 1)),
        "layer2.0.downsample.0": ((3, 3), (2, 2)),
        "layer3.0.downsample.0": ((3, 3), (2, 2)),
        "layer4.0.downsample.0": ((3, 3), (2, 2)),
    }


def test_the_competition_size_has_the_operations_that_nasnets_paper_lists():
    with torchs_flops() as counter:
        on_meta()(torch.empty(1, 3, 320, 320, device="meta"))
    assert (
        f"{counter.get_total_flops() / 2e9:.1f} × 10⁹" in cnn_models.spec("senet154").departures[0]
    )


@pytest.mark.parametrize("reduction", [0, 257])
def test_a_reduction_that_leaves_no_channel_is_refused(reduction):
    on_meta(reduction=256)
    with pytest.raises(ValueError, match=f"reduction is {reduction}; this network takes 1 to 256"):
        on_meta(reduction=reduction)


def test_dropout_is_an_option():
    assert on_meta().get_submodule("dropout").p == 0.2
    assert on_meta(dropout=0.0).get_submodule("dropout").p == 0.0
    with pytest.raises(ValueError, match="dropout is 1; it is at least 0 and less than 1"):
        on_meta(dropout=1)


def test_converted_weights_give_what_the_owners_layers_give():
    state = calm(SHAPES[OWNER])
    network = on_meta()
    network.load_state_dict(convert("senet154", state), strict=True, assign=True)
    with torch.inference_mode():
        ours, theirs = network(picture(96)), logits(state, picture(96))
    assert torch.allclose(ours, theirs, rtol=1e-3, atol=1e-4 * theirs.norm().item())
