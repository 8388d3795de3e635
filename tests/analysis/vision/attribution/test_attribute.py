from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

import cnn_models
from analysis.vision.attribution import METHODS, AttributionMap, Options, attribute
from analysis.vision.probe import Shared, probe
from analysis.vision.spatial_layer import NoSpatialLayer, find_layer, last_spatial_layer

SEEN_BY_PIXELS = ("saliency", "integrated_gradients", "occlusion")

# One of each kind of block: sparse and local response norm, branches, residual, gates, dense.
REGISTRY = {
    "lenet5": (1, 32, 32),
    "lenet5_modern": (1, 32, 32),
    "alexnet": (3, 227, 227),
    "vgg11_bn": (3, 32, 32),
    "googlenet": (3, 64, 64),
    "resnet18": (3, 64, 64),
    "cifar_se_resnet20": (3, 32, 32),
    "densenet121": (3, 64, 64),
    "mobilenet_v1_x0_25": (3, 64, 64),
}


class Linear(nn.Module):
    """Three classes, each a weighted sum of all pixels."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.weight = nn.Parameter(torch.randn(3, *shape))
        self.bias = nn.Parameter(torch.randn(3))

    def forward(self, x: Tensor) -> Tensor:
        return torch.einsum("nchw,kchw->nk", x, self.weight) + self.bias


class Tiny(nn.Module):
    """A convolution, a ReLU, the mean of each map, one linear layer."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.conv = nn.Conv2d(2, 3, 3, bias=False)
        self.relu = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pool(self.relu(self.conv(x))).flatten(1))


class Failing(nn.Module):
    """Works until its last layer has been called `after` times."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.body, self.after, self.calls = Tiny(), after, 0

    def forward(self, x: Tensor) -> Tensor:
        scores = self.body(x)
        self.calls += 1
        if self.calls > self.after:
            raise RuntimeError("broke halfway")
        return scores


def state(model: nn.Module) -> str:
    modules = [
        (m.training, {k: list(v) for k, v in vars(m).items() if k.endswith("hooks")})
        for m in model.modules()
    ]
    return str((modules, [(p.requires_grad, p.grad) for p in model.parameters()]))


def test_saliency_of_a_linear_network_is_its_weights():
    model = Linear((3, 5, 4))
    found = attribute(model, torch.randn(1, 3, 5, 4), 1, "saliency")
    expected = model.weight[1].abs().amax(dim=0)
    np.testing.assert_allclose(found.values, expected.detach(), rtol=1e-6)
    assert not found.signed


@pytest.mark.parametrize("batch", [1, 5, 64])
def test_integrated_gradients_of_a_linear_network_is_weight_times_input(batch):
    model, x = Linear((3, 5, 4)), torch.randn(1, 3, 5, 4)
    found = attribute(model, x, 2, "integrated_gradients", Options(steps=7, batch=batch))
    expected = (model.weight[2] * x[0]).sum(dim=0)
    np.testing.assert_allclose(found.values, expected.detach(), rtol=1e-4, atol=1e-5)
    assert found.signed
    assert found.delta == pytest.approx(0, abs=1e-4)


def test_integrated_gradients_is_complete_within_its_delta():
    model, x = Tiny().eval(), torch.randn(1, 2, 9, 9)
    with torch.no_grad():
        change = (model(x) - model(torch.zeros_like(x)))[0, 1].item()
    coarse, fine = (
        attribute(model, x, 1, "integrated_gradients", Options(steps=steps)) for steps in (4, 300)
    )
    for found in (coarse, fine):
        assert found.delta is not None
        assert found.values.sum() - change == pytest.approx(found.delta, abs=1e-5)
    assert fine.values.sum() == pytest.approx(change, abs=2e-3)


def test_grad_cam_by_hand():
    model, x = Tiny(), torch.randn(1, 2, 8, 8)
    with torch.no_grad():
        maps = model.relu(model.conv(x))[0]  # (3, 6, 6)
    # The score is the head's weight times the mean of each map, so the gradient of every pixel
    # of map k is weight / 36, and that is the weight Grad-CAM gives it.
    for target in (0, 1):
        weights = model.head.weight[target].detach() / 36
        cam = functional.relu((weights[:, None, None] * maps).sum(dim=0))
        expected = functional.interpolate(cam[None, None], (8, 8), mode="bilinear")[0, 0]
        found = attribute(model, x, target, "grad_cam")
        np.testing.assert_allclose(found.values, expected, rtol=1e-4, atol=1e-7)
        assert found.layer == "relu"
        assert not found.signed


def test_occlusion_is_the_fall_of_the_score():
    model, x = Linear((2, 4, 4)), torch.randn(1, 2, 4, 4)
    found = attribute(model, x, 0, "occlusion", Options(window=2, stride=2))
    parts = (model.weight[0] * x[0]).sum(dim=0).detach()  # what each pixel gives to the score
    squares = parts.reshape(2, 2, 2, 2).sum(dim=(1, 3))
    fall = squares.repeat_interleave(2, 0).repeat_interleave(2, 1)
    np.testing.assert_allclose(found.values, fall, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("method", SEEN_BY_PIXELS)
def test_a_planted_pixel_is_found(method):
    model = Linear((1, 12, 12))
    with torch.no_grad():
        model.weight.zero_()
        model.weight[1, 0, 7, 3] = 5.0
    found = attribute(model, torch.rand(1, 1, 12, 12) + 0.5, 1, method, Options(window=1, stride=1))
    assert np.argwhere(found.values).tolist() == [[7, 3]]
    assert found.values[7, 3] > 0


def test_grad_cam_finds_a_planted_spot():
    model, x = Tiny(), torch.zeros(1, 2, 30, 30)
    with torch.no_grad():
        model.conv.weight.abs_()
        model.head.weight.abs_()
    x[0, :, 20, 5] = 1
    found = attribute(model, x, 0, "grad_cam")
    row, column = np.unravel_index(found.values.argmax(), found.values.shape)
    assert abs(row - 20) <= 2
    assert abs(column - 5) <= 2


@pytest.fixture
def one_thread():
    """Small layers gain nothing from threads and lose much where tests share the machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", REGISTRY)
def test_every_method_on_each_kind_of_network(key, method):
    torch.manual_seed(0)
    model = cnn_models.build(key, num_classes=10).train()
    before = state(model)
    x = torch.randn(1, *REGISTRY[key])
    given = x.clone()
    size = x.shape[-1] // 2
    options = Options(steps=2, window=size, stride=size, batch=2)
    found = attribute(model, x, 3, method, options)
    assert found.values.shape == tuple(x.shape[2:])
    assert found.values.dtype == np.float32
    assert np.isfinite(found.values).all()
    assert found.signed == METHODS[method].signed
    assert bool(found.note) != found.values.any()
    assert (found.delta is not None) == (method == "integrated_gradients")
    assert state(model) == before
    assert torch.equal(x, given)
    assert not x.requires_grad


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("after", [0, 1])
def test_a_network_that_fails_halfway_is_left_as_it_was(method, after):
    model = Failing(after).train()
    model.body.head.bias.requires_grad_(False)
    before = state(model)
    with pytest.raises(RuntimeError, match="broke halfway"):
        attribute(model, torch.randn(1, 2, 8, 8), 0, method)
    assert state(model) == before


@pytest.mark.parametrize("method", METHODS)
def test_eight_threads_on_one_network_get_eight_right_answers(method):
    normalised = nn.Sequential(nn.Conv2d(2, 2, 3), nn.BatchNorm2d(2), Tiny())
    shared = Shared(normalised.train())
    pictures = [torch.randn(1, 2, 16, 16, generator=torch.manual_seed(i)) for i in range(8)]

    def work(number: int) -> AttributionMap:
        return attribute(shared, pictures[number], number % 2, method, Options(steps=3))

    alone = [work(i).values for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = [found.values for found in pool.map(work, range(8))]
    for first, second in zip(alone, together, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-3, atol=1e-6)
    assert shared.model.training


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"method": "tea_leaves"}, "choose saliency"),
        ({"target": 2}, "classes 0 to 1"),
        ({"target": -1}, "classes 0 to 1"),
        ({"x": torch.zeros(2, 2, 8, 8)}, "One image"),
        ({"x": torch.zeros(2, 8, 8)}, "One image"),
        ({"window": 9}, "from 1 to 8"),
        ({"window": 0}, "from 1 to 8"),
        ({"window": 3, "stride": 4}, "from 1 to 3"),
        ({"steps": 0}, "at least 1"),
        ({"batch": 0}, "at least 1"),
        ({"method": "grad_cam", "layer": "rely"}, "relu"),
        ({"method": "grad_cam", "layer": "head"}, "choose a convolution"),
        ({"x": torch.full((1, 2, 8, 8), torch.nan)}, "finite"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(change, sentence):
    choices = {"x": torch.randn(1, 2, 8, 8), "target": 0, "method": "saliency", **change}
    x, target, method = (choices.pop(name) for name in ("x", "target", "method"))
    with pytest.raises(ValueError, match=sentence):
        attribute(Tiny(), x, target, method, Options(**choices))


def test_a_network_that_is_no_classifier_is_refused():
    with pytest.raises(ValueError, match="classifier"):
        attribute(nn.Conv2d(2, 2, 1), torch.randn(1, 2, 8, 8), 0, "saliency")


def test_a_map_of_nothing_says_so():
    model = Linear((1, 4, 4))
    nn.init.zeros_(model.weight)
    assert "zero everywhere" in attribute(model, torch.ones(1, 1, 4, 4), 0, "saliency").note


# The shape is from the paper's tables: the finest map that is left behind the last convolution.
@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize(
    ("key", "size", "layer", "shape"),
    [
        ("lenet5_modern", (1, 32, 32), "relu3", None),
        ("vgg16", (3, 224, 224), "stage5.relu3", (512, 14, 14)),
        ("resnet18", (3, 224, 224), "layer4.1.relu2", (512, 7, 7)),
        ("googlenet", (3, 224, 224), "inception5b", (1024, 7, 7)),
    ],
)
def test_the_last_spatial_layer(key, size, layer, shape):
    with probe(cnn_models.build(key)) as model:
        x = torch.randn(1, *size)
        assert last_spatial_layer(model, x) == layer
        seen = []
        handle = find_layer(model, layer).register_forward_hook(lambda *io: seen.append(io[2]))
        with torch.no_grad():
            model(x)
        handle.remove()
    assert seen[0].shape[2] > 1
    assert shape is None or tuple(seen[0].shape[1:]) == shape


def test_a_network_without_maps_has_no_spatial_layer():
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 2))
    with pytest.raises(NoSpatialLayer, match="choose another method"):
        attribute(model, torch.randn(1, 1, 4, 4), 0, "grad_cam")
