"""MnasNet-B1: its blocks, its counts, and torchvision's logits at half the width."""

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.convert import renamed
from cnn_models.families.mobilenet_v2 import InvertedResidual
from cnn_models.owner_names import rules
from tests.cnn_models.parity import EXPECTED, SHAPES, assert_owners_logits, deterministic, picture

# The authors' release: kernel, expansion, channels, layers of mnasnet-b1, and the side put out.
B1 = (
    (3, 1, 16, 1, 112),
    (3, 3, 24, 3, 56),
    (5, 3, 40, 3, 28),
    (5, 6, 80, 3, 14),
    (3, 6, 96, 2, 14),
    (5, 6, 192, 4, 7),
    (3, 6, 320, 1, 7),
)


def by_hand() -> tuple[int, int]:
    """Parameters and multiply-adds, layer by layer."""
    params, work, inputs, side_in = (27 + 2) * 32, 27 * 32 * 112**2, 32, 112
    for k, t, outputs, layers, side in B1:
        for _ in range(layers):
            wide = t * inputs
            if t > 1:
                params += (inputs + 2) * wide
                work += inputs * wide * side_in**2
            params += (k * k + 2) * wide + (wide + 2) * outputs
            work += (k * k + outputs) * wide * side**2
            inputs, side_in = outputs, side
    params += (320 + 2) * 1280 + 1281 * 1000
    return params, work + 320 * 1280 * 49 + 1280 * 1000


def test_counts_follow_from_the_blocks():
    spec = cnn_models.spec("mnasnet1_0")
    assert (spec.exact_params, spec.exact_macs) == by_hand()
    assert "4.383M and 314.4M" in spec.departures[0]


def test_half_the_width_gives_torchvisions_logits():
    owner = "torchvision/mnasnet0_5"
    with torch.device("meta"):
        network = cnn_models.build("mnasnet1_0", width=0.5).eval()
    state = renamed(deterministic(SHAPES[owner]), rules("mnasnet", network))
    counters = {n for n in network.state_dict() if n.endswith("num_batches_tracked")}
    state |= dict.fromkeys(counters, torch.tensor(0))
    network.load_state_dict(state, strict=True, assign=True)
    with torch.inference_mode():
        logits = network(picture(EXPECTED[owner]["size"]))
    assert_owners_logits(logits, owner)


def test_blocks_have_the_kernels_of_the_search_and_no_gate():
    with torch.device("meta"):
        network = cnn_models.build("mnasnet1_0")
    blocks = [m for m in network.modules() if isinstance(m, InvertedResidual)]
    kernels = [m.depthwise.get_parameter("conv.weight").shape[-1] for m in blocks]
    assert kernels == [3] + [3] * 3 + [5] * 3 + [5] * 3 + [3] * 2 + [5] * 4 + [3]
    assert not [m for m in network.modules() if isinstance(m, nn.Sigmoid | nn.ReLU6)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"width": 0.0}, r"width is 0\.0; it is over 0"),
        ({"dropout": 1.5}, r"dropout is 1\.5; it is at least 0 and less than 1\."),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with torch.device("meta"), pytest.raises(ValueError, match=message):
        cnn_models.build("mnasnet1_0", **options)
