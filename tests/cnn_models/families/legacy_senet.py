"""timm's SENets of 2017 in plain functions, by the names of their state dicts.

Written apart from the families, to hold those networks against for which parity.json has no logits
or none that last: behind 33 blocks and more of the recipe's weights, values are so large that gates
are wide open or shut, and a change of the image by a ten-millionth changes the logits by a tenth.
"""

from collections.abc import Mapping, Sequence

import torch.nn.functional as F  # noqa: N812 - the name it has in every paper's code
from torch import Tensor

from tests.cnn_models.parity import SHAPES, deterministic

State = Mapping[str, Tensor]
BLOCKS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def logits(state: State, x: Tensor) -> Tensor:
    """(N, 3, H, W) to (N, 1000)."""
    for number in (1, 2, 3):
        if f"layer0.conv{number}.weight" in state:
            x = _conv(state, f"layer0.conv{number}", x, stride=2 if number == 1 else 1)
            x = F.relu(_norm(state, f"layer0.bn{number}", x))
    x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    for layer in (1, 2, 3, 4):
        block = 0
        while f"layer{layer}.{block}.conv1.weight" in state:
            x = _block(state, f"layer{layer}.{block}", x, stride=2 if layer > 1 > block else 1)
            block += 1
    return F.linear(x.mean((2, 3)), state["last_linear.weight"], state["last_linear.bias"])


def _block(state: State, name: str, x: Tensor, stride: int) -> Tensor:
    grouped = state[f"{name}.conv2.weight"].shape[1] < state[f"{name}.conv1.weight"].shape[0]
    first, second = (1, stride) if grouped else (stride, 1)
    identity = x
    if f"{name}.downsample.0.weight" in state:
        identity = _conv(state, f"{name}.downsample.0", x, stride)
        identity = _norm(state, f"{name}.downsample.1", identity)
    x = F.relu(_norm(state, f"{name}.bn1", _conv(state, f"{name}.conv1", x, first)))
    x = F.relu(_norm(state, f"{name}.bn2", _conv(state, f"{name}.conv2", x, second)))
    x = _norm(state, f"{name}.bn3", _conv(state, f"{name}.conv3", x))
    z = F.relu(_conv(state, f"{name}.se_module.fc1", x.mean((2, 3), keepdim=True)))
    return F.relu(x * _conv(state, f"{name}.se_module.fc2", z).sigmoid() + identity)


def _conv(state: State, name: str, x: Tensor, stride: int = 1) -> Tensor:
    weight, bias = state[f"{name}.weight"], state.get(f"{name}.bias")
    groups = x.shape[1] // weight.shape[1]
    return F.conv2d(x, weight, bias, stride, padding=weight.shape[-1] // 2, groups=groups)


def _norm(state: State, name: str, x: Tensor) -> Tensor:
    mean, variance = state[f"{name}.running_mean"], state[f"{name}.running_var"]
    return F.batch_norm(x, mean, variance, state[f"{name}.weight"], state[f"{name}.bias"])


def deeper(like: str, blocks: Sequence[int]) -> dict[str, Sequence[int]]:
    """Shapes of a network with so many blocks in its layers, each like the second of `like`."""
    shapes = dict(SHAPES[like])
    for layer, count in enumerate(blocks, start=1):
        second = {n: s for n, s in shapes.items() if n.startswith(f"layer{layer}.1.")}
        for block in range(2, count):
            shapes |= {n.replace(".1.", f".{block}.", 1): s for n, s in second.items()}
    return shapes


def calm(shapes: Mapping[str, Sequence[int]]) -> dict[str, Tensor]:
    """Weights by the recipe, but with branches a fifth as strong, so that values stay small."""
    state = deterministic(shapes)
    return {n: t / 5 if n.endswith("bn3.weight") else t for n, t in state.items()}
