"""Every method on every network of the registry, at small size: right, or refused with a reason.

"Right" is what the definition gives in another way: gradients taken by hand, the papers' rules for
ReLU written for any spelling of it, differences of forward passes, sums that have to be reached.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge
from torch import Tensor, nn
from torch.nn import functional

import cnn_models
from analysis.vision.attribution import (
    METHODS,
    AttributionMap,
    MethodRefused,
    Options,
    attribute,
    steps,
)
from analysis.vision.attribution import refusal as refusal_of
from analysis.vision.spatial_layer import find_layer
from tests.analysis.vision.attribution.networks import ReluRule

TARGET = 1
RULED = ("guided_backprop", "deconvolution", "guided_grad_cam")
_DRAWN = torch.randn(1 << 20, generator=torch.Generator().manual_seed(0))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four methods read the graph of a network; here it is read once."""
    read, kept = steps.symbolic, {}

    def symbolic(network: nn.Module):
        if network not in kept:
            kept[network] = read(network)
        twin, graph = kept[network]
        return twin, copy.deepcopy(graph)

    monkeypatch.setattr(steps, "symbolic", symbolic)


def built(key: str) -> nn.Module:
    """The network with ten classes and weights that cost no time to draw."""
    with torch.device("meta"):
        network = cnn_models.build(key, num_classes=10)
    network = network.to_empty(device="cpu").eval()
    for name, tensor in network.state_dict().items():
        if tensor.ndim > 1:
            flat = tensor.flatten()
            for start in range(0, len(flat), len(_DRAWN)):
                part = flat[start : start + len(_DRAWN)]
                part.copy_(_DRAWN[: len(part)])
            tensor.mul_((2 / tensor[0].numel()) ** 0.5)
        elif tensor.is_floating_point():
            tensor.fill_(1.0 if name.endswith(("weight", "running_var")) else 0.01)
    return network.requires_grad_(False)


def small_picture(key: str) -> Tensor:
    """The smallest that the network takes and of which its last maps still have several pixels."""
    channels, side, _ = cnn_models.spec(key).input_shape
    with torch.device("meta"):
        network = cnn_models.build(key).eval()
        try:
            network(torch.empty(1, channels, 1, 1))
            smallest = 1
        except ValueError as refusal:
            smallest = int(re.findall(r"takes sides (?:of at least|from) (\d+)", str(refusal))[0])
    smallest = max(smallest, 33 if side > 64 else min(side, 9))
    return torch.rand(
        1, channels, smallest, smallest, generator=torch.Generator().manual_seed(1)
    ).sub(0.3)


class Expected:
    """What the definitions give for one network and one picture."""

    def __init__(self, network: nn.Module, x: Tensor) -> None:
        self.network, self.x = network, x
        # The picture, nothing, its left half, its right half.
        left = torch.zeros_like(x)
        left[..., : (x.shape[3] + 1) // 2] = x[..., : (x.shape[3] + 1) // 2]
        with torch.no_grad():
            self.scores = network(torch.cat([x, 0 * x, left, x - left]))[:, TARGET].numpy()
        self.change = self.scores[0] - self.scores[1]
        self.gradient = self._gradient(nn.Identity())

    def _gradient(self, around: object, layer: str | None = None) -> Tensor:
        kept: list[Tensor] = []
        x = self.x.clone().requires_grad_()
        handle = layer and find_layer(self.network, layer).register_forward_hook(
            lambda *io: kept.append(io[2])
        )
        if isinstance(around, ReluRule):
            with around:
                score = self.network(x)[0, TARGET]
        else:
            score = self.network(x)[0, TARGET]
        if handle:
            handle.remove()
        if not kept:
            return torch.autograd.grad(score, x)[0][0]
        (slope,) = torch.autograd.grad(score, kept[0])
        cam = (slope.mean((2, 3), keepdim=True) * kept[0]).sum(1, keepdim=True).relu().detach()
        return functional.interpolate(cam, self.x.shape[2:], mode="bilinear")[0]

    def ruled(self, deconvolution: bool) -> Tensor:
        return self._gradient(ReluRule(deconvolution))

    def cam(self, layer: str) -> Tensor:
        return self._gradient(None, layer)


def close(found: np.ndarray, expected: Tensor | np.ndarray, scores: np.ndarray | float = 0) -> None:
    """Within a thousandth of the largest value, or the rounding of the scores it came from."""
    expected = np.asarray(expected)
    slack = 1e-3 * np.abs(expected).max() + 1e-5 * np.abs(scores).max()
    np.testing.assert_allclose(found, expected, rtol=0, atol=float(slack))


def check_slopes(found: AttributionMap, expected: Expected) -> None:
    """Compare a map of gradients with gradients taken by hand."""
    plain = expected.gradient
    if found.method in ("saliency", "smoothgrad"):  # without noise they are one
        close(found.values, plain.abs().amax(0))
    elif found.method == "input_x_gradient":
        close(found.values, (plain * expected.x[0]).sum(0))
    elif found.method == "grad_cam":
        close(found.values, expected.cam(str(found.layer))[0])
    elif found.method == "guided_grad_cam":
        close(found.values, (expected.ruled(False) * expected.cam(str(found.layer))).sum(0))
    else:
        close(found.values, expected.ruled(found.method == "deconvolution").sum(0))
        assert not np.allclose(found.values, plain.sum(0), rtol=0.01), "the plain gradient"


def check_sum(found: AttributionMap, expected: Expected) -> None:
    """Compare the sum of a map with the change of the score."""
    assert found.delta is not None
    total, largest = float(found.values.sum()), float(np.abs(expected.scores).max())
    if found.method == "integrated_gradients":
        size = float(np.abs(found.values).sum()) + largest
        assert total - found.delta == pytest.approx(expected.change, abs=1e-3 * size)
    else:
        slack = 0.03 * abs(expected.change) + 1e-4 * largest
        assert total == pytest.approx(expected.change, abs=float(slack))


def check_falls(found: AttributionMap, expected: Expected) -> None:
    """Compare a map with forward passes of the picture, of nothing, and of its halves."""
    whole, nothing, left, right = expected.scores
    rows, columns = found.values.shape
    in_right = np.arange(columns) >= (columns + 1) // 2
    if found.method == "occlusion":  # one square, as large as the picture
        falls = np.full(columns, whole - nothing)
    elif found.method == "ablation":
        falls = np.where(in_right, whole - left, whole - right)
    else:  # Shapley's value is the mean over both orders, in equal shares on the pixels
        worth = (left - nothing + whole - right) / 2, (right - nothing + whole - left) / 2
        pixels = rows * np.where(in_right, in_right.sum(), (~in_right).sum())
        falls = np.where(in_right, worth[1], worth[0]) / pixels
    close(found.values, np.tile(falls, (rows, 1)), expected.scores)


CHECKS = {
    **dict.fromkeys(("integrated_gradients", "deeplift"), check_sum),
    **dict.fromkeys(("occlusion", "ablation", "kernel_shap"), check_falls),
}


def check_lime(model: nn.Module, x: Tensor, ask: Callable[[], AttributionMap]) -> None:
    """LIME's map against scikit-learn's ridge on what the network was shown, and said."""
    shown, said = [], []

    def note(_module: nn.Module, inputs: tuple[Tensor], output: Tensor) -> None:
        shown.append(inputs[0].detach().clone())
        said.append(output[:, TARGET].detach().clone())

    handle = model.register_forward_hook(note)
    found = ask()
    handle.remove()
    pictures, scores = torch.cat(shown), torch.cat(said).numpy()
    ends = [(pictures[..., column] == x[..., column]).all((1, 2)) for column in (0, -1)]
    masks = torch.stack(ends, 1).numpy().astype(float)
    near = np.exp(-(((1 - np.sqrt(masks.mean(1))) / 0.25) ** 2)) ** 0.5
    worth = Ridge(alpha=1.0).fit(masks, scores, near).coef_
    close(found.values[:, [0, -1]], worth + np.zeros((len(found.values), 2)), scores)


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_method_is_right_or_refused_with_a_reason(key: str) -> None:
    network, x = built(key), small_picture(key)
    expected = Expected(network, x)
    options = Options(
        steps=1, samples=4, noise=0.0, window=x.shape[2], stride=x.shape[2], pieces=2,
        superpixels=False, batch=4,
    )  # fmt: skip

    def ask(method: str) -> AttributionMap:
        samples = 1 if method == "smoothgrad" else 4
        return attribute(network, x, TARGET, method, replace(options, samples=samples))

    refused = {}
    for method in METHODS:
        try:
            if method == "lime":
                check_lime(network, x, lambda: ask("lime"))
            else:
                CHECKS.get(method, check_slopes)(ask(method), expected)
        except MethodRefused as reason:
            refused[method] = str(reason)
    assert set(refused) <= {*RULED, "deeplift"}
    assert all(re.search(r"Choose .*\.$", reason) for reason in refused.values())


SMOOTH = re.compile(r"\d+ × (hard swish|SiLU|GELU|tanh) \(\w")


@pytest.mark.parametrize("key", cnn_models.names())
def test_what_is_refused_has_an_activation_that_is_no_relu(key: str) -> None:
    """The modules of the network say it too, without its graph."""
    with torch.device("meta"):
        network = cnn_models.build(key)
    smooth = (nn.SiLU, nn.Hardswish, nn.GELU, nn.Tanh)
    bends = any(isinstance(module, smooth) for module in network.modules())
    reason = refusal_of(network, "guided_backprop")
    assert bool(SMOOTH.search(reason)) == bends == bool(reason)
