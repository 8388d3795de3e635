"""The same networks in other tools. Each difference is computed and explained, none is waved off.

- torchinfo counts a bias as a multiply-add of each value, and each parameter of batch or layer
  normalisation as one multiply-add in all; a linear layer it counts for one pixel of a map only;
  parameters it does not find in a module it leaves out.
- fvcore counts 2 a value for batch normalisation and 1 an input value for adaptive pooling, which
  are no multiply-adds of weights here; convolutions and linear layers are the same.
- convnet-burden sums the outputs of all layers as we do, but has ReLU work in place.
"""

import json
import logging
import warnings
from collections import Counter
from math import prod
from pathlib import Path

import pytest
import torch
import torchinfo

import cnn_models
from tests.flops import shapes_only
from tests.networks import OF_EACH_PAPER

with warnings.catch_warnings():  # it compiles with torch.jit on import, which torch deprecates
    warnings.simplefilter("ignore", DeprecationWarning)
    from fvcore.nn import FlopCountAnalysis

BURDEN = {
    row["model"]: row
    for row in json.loads(
        (Path(__file__).parents[2] / "data" / "convnet_burden.json").read_text(encoding="utf-8")
    )["rows"]
}


def on_meta(key):
    with torch.device("meta"):
        return cnn_models.build(key).eval()


def pixels(op):
    """How many pixels of a map a linear layer works on; 1 for what torchinfo counts in full."""
    return prod(op.output_shape[:-1]) if op.kind == "linear" else 1


# Not lenet5: its C3 gathers maps and its output layer is no layer of torch's.
@pytest.mark.parametrize("key", [key for key in OF_EACH_PAPER if key != "lenet5"])
def test_torchinfo(key, traced):
    image = torch.empty(1, *cnn_models.spec(key).input_shape, device="meta")
    with shapes_only():
        theirs = torchinfo.summary(on_meta(key), input_data=image, device="meta", verbose=0)
    g = traced(key)
    assert theirs.trainable_params == g.totals().params
    work = sum((op.macs + op.bias * prod(op.output_shape)) // pixels(op) for op in g.operations)
    norms = sum(op.params for op in g.operations if op.kind in ("batch norm", "layer norm"))
    assert theirs.total_mult_adds == work + norms


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")  # fvcore traces with it
@pytest.mark.parametrize(
    "key",
    ["lenet5_modern", "alexnet_owt", "googlenet", "resnet50", "densenet121", "mobilenet_v1",
     "cifar_se_resnet20"],
)  # fmt: skip
def test_fvcore(key, traced, monkeypatch):
    for name in ("fvcore", "fvcore.nn.jit_analysis"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    model = cnn_models.build(key).eval()
    theirs = FlopCountAnalysis(model, torch.zeros(1, *cnn_models.spec(key).input_shape))
    g = traced(key)
    ours, written, read = Counter(), Counter(), Counter()
    for op in g.operations:
        ours[op.kind] += op.macs
        written[op.kind] += op.activations
        read[op.kind] += prod(op.input_shapes[0])
    pooled = sum(read[kind] for kind in read if kind.startswith(("adaptive", "global")))
    expected = {
        "conv": ours["convolution"],
        "linear": ours["linear"],
        "batch_norm": 2 * written["batch norm"],
        "adaptive_avg_pool2d": pooled,
    }
    assert theirs.by_operator() == {name: count for name, count in expected.items() if count}


# Left out: AlexNet (3 MB there, without its normalisation), SE-ResNet-50 (103 MB there, with gates
# that multiply in place).
@pytest.mark.parametrize(
    ("key", "theirs"),
    [
        ("vgg16", "vgg-vd-16"),
        ("vgg19", "vgg-vd-19"),
        ("googlenet", "googlenet"),
        ("resnet18", "resnet18"),
        ("resnet34", "resnet34"),
        ("resnet50", "resnet-50"),
        ("resnet101", "resnet-101"),
        ("resnet152", "resnet-152"),
        ("densenet121", "densenet121"),
        ("mobilenet_v1", "mcn-mobilenet"),
    ],
)
def test_memory_of_convnet_burden(key, theirs, traced):
    ours = sum(op.activation_bytes for op in traced(key).operations if op.kind != "ReLU")
    printed = int(BURDEN[theirs]["feature_mem"].removesuffix(" MB"))
    assert ours / 2**20 == pytest.approx(printed, abs=0.51)  # printed in whole MB of 2^20 bytes
