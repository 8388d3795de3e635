"""The residual networks whose owners' logits are not in parity.json, against a plain forward pass.

`owners_forward` walks a state dict by the names of torchvision's ResNet, which timm's have too. It
gives the logits of parity.json for the networks that are in there, so it stands in for the owner
of those that are not.
"""

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor

import cnn_models
from cnn_models.convert import convert
from tests.cnn_models.parity import EXPECTED, SHAPES, assert_owners_logits, deterministic, picture

State = dict[str, Tensor]

# Key, the sibling in parity_keys.json with the same blocks, and how many of them a stage has.
MISSING = {
    "resnet34": ("torchvision/resnet18", (3, 4, 6, 3)),
    "resnet101_v1_5": ("torchvision/resnet50", (3, 4, 23, 3)),
    "wide_resnet101_2": ("torchvision/wide_resnet50_2", (3, 4, 23, 3)),
    "resnext101_32x4d": ("torchvision/resnext50_32x4d", (3, 4, 23, 3)),
    "resnext101_64x4d": ("torchvision/resnext101_32x8d", (3, 4, 23, 3)),
}


def conv_bn(state: State, x: Tensor, conv: str, bn: str, stride: int = 1) -> Tensor:
    weight = state[f"{conv}.weight"]
    x = F.conv2d(
        x, weight, None, stride, padding=weight.shape[-1] // 2, groups=x.shape[1] // weight.shape[1]
    )
    mean, var = state[f"{bn}.running_mean"], state[f"{bn}.running_var"]
    return F.batch_norm(x, mean, var, state[f"{bn}.weight"], state[f"{bn}.bias"])


def block(state: State, x: Tensor, name: str, stride: int) -> Tensor:
    convolutions = [n for n in (1, 2, 3) if f"{name}.conv{n}.weight" in state]
    strided = 2 if len(convolutions) == 3 else 1  # of a bottleneck, its 3×3
    y = x
    for n in convolutions:
        step = stride if n == strided else 1
        y = conv_bn(state, y, f"{name}.conv{n}", f"{name}.bn{n}", step)
        y = y if n == convolutions[-1] else F.relu(y)
    if f"{name}.downsample.0.weight" in state:
        x = conv_bn(state, x, f"{name}.downsample.0", f"{name}.downsample.1", stride)
    return F.relu(x + y)


def owners_forward(state: State, x: Tensor) -> Tensor:
    x = F.max_pool2d(F.relu(conv_bn(state, x, "conv1", "bn1", 2)), 3, 2, 1)
    for stage in (1, 2, 3, 4):
        number = 0
        while f"layer{stage}.{number}.conv1.weight" in state:
            x = block(state, x, f"layer{stage}.{number}", 2 if stage > 1 and number == 0 else 1)
            number += 1
    return F.linear(x.mean((2, 3)), state["fc.weight"], state["fc.bias"])


def owners_shapes(key: str) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the owner's state dict: the sibling's, its second blocks repeated."""
    like, blocks = MISSING[key]
    shapes = {name: tuple(shape) for name, shape in SHAPES[like].items()}
    for stage, count in enumerate(blocks, start=1):
        second = {n: s for n, s in shapes.items() if n.startswith(f"layer{stage}.1.")}
        for number in range(1, count):
            for name, shape in second.items():
                shapes[name.replace(".1.", f".{number}.", 1)] = shape
    if key == "resnext101_64x4d":  # as wide as 32×8d, in twice as many groups
        for name, (outputs, *inputs) in shapes.items():
            if name.endswith(".conv2.weight"):
                shapes[name] = (outputs, inputs[0] // 2, 3, 3)
    return shapes


@pytest.mark.parametrize(
    "name",
    ["resnet18", "resnet50", "resnet152", "wide_resnet50_2", "resnext50_32x4d", "resnext101_32x8d"],
)
def test_the_plain_forward_pass_is_the_owners(name):
    expected = EXPECTED[f"torchvision/{name}"]
    state = deterministic(SHAPES[f"torchvision/{name}"])
    with torch.inference_mode():
        logits = owners_forward(state, picture(expected["size"]))
    assert_owners_logits(logits, f"torchvision/{name}")
    assert logits.argmax() == expected["argmax"]


@pytest.mark.parametrize("key", MISSING)
def test_converted_weights_give_the_logits_of_the_plain_forward_pass(key):
    state = deterministic(owners_shapes(key))
    with torch.device("meta"):
        model = cnn_models.build(key).eval()
    model.load_state_dict(convert(key, state), strict=True, assign=True)
    images = picture(96)
    with torch.inference_mode():
        expected = owners_forward(state, images)
        tolerance = 1e-5 * expected.norm().item()
        torch.testing.assert_close(model(images), expected, rtol=1e-3, atol=tolerance)


def test_the_names_made_up_here_have_the_parameters_of_the_catalogue():
    for key in MISSING:
        counted = sum(
            int(np.prod(shape))
            for name, shape in owners_shapes(key).items()
            if not name.endswith(("running_mean", "running_var"))
        )
        assert counted == cnn_models.spec(key).exact_params
