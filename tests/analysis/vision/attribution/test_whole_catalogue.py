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
from torch.overrides import TorchFunctionMode

import cnn_models
from analysis.vision.attribution import (
    METHODS,
    AttributionMap,
    MethodRefused,
    Options,
    attribute,
    refusal,
    steps,
)
from analysis.vision.spatial_layer import find_layer
from tests.analysis.vision.attribution.networks import ReluRule
from tests.networks import one_of_each_family, one_of_each_paper

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


class Unfilled(TorchFunctionMode):
    """Weights are not drawn; the meta device takes long to draw nothing."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        if getattr(func, "__name__", "") in ("normal_", "uniform_", "fill_", "zero_"):
            return args[0]
        return func(*args, **(kwargs or {}))


def built(key: str) -> nn.Module:
    """The network with ten classes and weights that cost no time to draw."""
    with Unfilled(), torch.device("meta"):
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


def level(network: nn.Module, x: Tensor) -> None:
    """Give each batch norm the variance that it sees, or a thousand layers grow without bound."""

    def see(norm: nn.Module, inputs: tuple[Tensor]) -> None:
        assert isinstance(norm.running_var, Tensor)
        norm.running_var.fill_(inputs[0].var().clamp_min(1e-3))

    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    handles = [norm.register_forward_pre_hook(see) for norm in norms]
    with torch.no_grad():
        network(x)
    for handle in handles:
        handle.remove()


def small_picture(key: str, network: nn.Module) -> Tensor:
    """The smallest that the network takes and of which its last maps still have several pixels."""
    channels, side, _ = cnn_models.spec(key).input_shape
    smallest = 33 if side > 64 else min(side, 9)
    try:
        network(torch.zeros(1, channels, 1, 1))
    except ValueError as refusal:
        (least,) = re.findall(r"takes sides (?:of at least|from) (\d+)", str(refusal))
        smallest = max(smallest, int(least))
    drawing = torch.Generator().manual_seed(1)
    return torch.rand(1, channels, smallest, smallest, generator=drawing) - 0.3


class Expected:
    """What the definitions give for one network and one picture."""

    def __init__(self, network: nn.Module, x: Tensor) -> None:
        self.network, self.x = network, x
        # The picture, nothing, its left half, its right half.
        left = torch.zeros_like(x)
        left[..., : (x.shape[3] + 1) // 2] = x[..., : (x.shape[3] + 1) // 2]
        with torch.no_grad():
            scores = network(torch.cat([x, 0 * x, left, x - left]))
        self.target = int(scores[0].argmax())
        self.scores = scores[:, self.target].numpy()
        self.change = self.scores[0] - self.scores[1]
        self.gradient = self._gradient()
        self._ruled: dict[bool, Tensor] = {}
        self._cams: dict[str, Tensor] = {}

    def _gradient(self) -> Tensor:
        x = self.x.clone().requires_grad_()
        return torch.autograd.grad(self.network(x)[0, self.target], x)[0][0]

    def ruled(self, deconvolution: bool) -> Tensor:
        """The gradient under the papers' rules for ReLU: (C, H, W)."""
        if deconvolution not in self._ruled:
            with ReluRule(deconvolution):
                self._ruled[deconvolution] = self._gradient()
        return self._ruled[deconvolution]

    def cam(self, layer: str) -> Tensor:
        """The layer's maps, weighted by their mean gradient: (1, H, W)."""
        if layer not in self._cams:
            self._cams[layer] = self._cam(layer)
        return self._cams[layer]

    def _cam(self, layer: str) -> Tensor:
        kept: list[Tensor] = []
        module = find_layer(self.network, layer)
        handle = module.register_forward_hook(lambda *io: kept.append(io[2]))
        score = self.network(self.x.clone().requires_grad_())[0, self.target]
        handle.remove()
        (slope,) = torch.autograd.grad(score, kept[0])
        cam = (slope.mean((2, 3), keepdim=True) * kept[0]).sum(1, keepdim=True).relu().detach()
        return functional.interpolate(cam, self.x.shape[2:], mode="bilinear")[0]


SMOOTH = (nn.SiLU, nn.Hardswish, nn.GELU, nn.Tanh)


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


def check_lime(expected: Expected, ask: Callable[[], AttributionMap]) -> None:
    """LIME's map against scikit-learn's ridge on what the network was shown, and said."""
    x, shown, said = expected.x, [], []

    def note(_module: nn.Module, inputs: tuple[Tensor], output: Tensor) -> None:
        shown.append(inputs[0].detach().clone())
        said.append(output[:, expected.target].detach().clone())

    handle = expected.network.register_forward_hook(note)
    found = ask()
    handle.remove()
    pictures, scores = torch.cat(shown), torch.cat(said).numpy()
    ends = [(pictures[..., column] == x[..., column]).all((1, 2)) for column in (0, -1)]
    masks = torch.stack(ends, 1).numpy().astype(float)
    near = np.exp(-(((1 - np.sqrt(masks.mean(1))) / 0.25) ** 2)) ** 0.5
    worth = Ridge(alpha=1.0).fit(masks, scores, near).coef_
    close(found.values[:, [0, -1]], worth + np.zeros((len(found.values), 2)), scores)


@one_of_each_paper
def test_rules_for_relu_are_refused_where_something_else_bends(key: str) -> None:
    with Unfilled(), torch.device("meta"):
        network = cnn_models.build(key).eval()
    smooth = any(isinstance(module, SMOOTH) for module in network.modules())
    for method in RULED:
        reason = refusal(network, method)
        assert bool(reason) == smooth
        assert not reason or "Choose" in reason


@one_of_each_family
def test_every_method_is_right_or_refused_with_a_reason(key: str) -> None:
    network = built(key)
    x = small_picture(key, network)
    level(network, x)
    expected = Expected(network, x)
    options = Options(
        steps=1, samples=4, noise=0.0, window=x.shape[2], stride=x.shape[2], pieces=2,
        superpixels=False, batch=4,
    )  # fmt: skip

    def ask(method: str) -> AttributionMap:
        samples = 1 if method == "smoothgrad" else 4
        return attribute(network, x, expected.target, method, replace(options, samples=samples))

    refused = {}
    for method in METHODS:
        try:
            if method == "lime":
                check_lime(expected, lambda: ask("lime"))
            else:
                CHECKS.get(method, check_slopes)(ask(method), expected)
        except MethodRefused as reason:
            refused[method] = str(reason)
    assert set(refused) <= set(RULED)
    assert all(re.search(r"Choose .*\.$", reason) for reason in refused.values())
    smooth = any(isinstance(module, SMOOTH) for module in network.modules())
    assert all((method in refused) == smooth for method in RULED)
