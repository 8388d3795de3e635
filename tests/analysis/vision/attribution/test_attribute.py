"""What holds for every method: the network is left alone, and what cannot be is refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import cnn_models
from analysis.vision.attribution import METHODS, AttributionMap, Options, attribute, refusal
from analysis.vision.attribution.asking import METHODS as ASKED  # where `attribute` looks
from analysis.vision.probe import Shared, probe
from analysis.vision.spatial_layer import NoSpatialLayer, find_layer, last_spatial_layer
from tests.analysis.vision.attribution.networks import Failing, Linear, Tiny, state

QUICK = Options(steps=2, samples=4, pieces=4, superpixels=False, window=4, stride=4, batch=2)
PATIENT = [name for name, method in METHODS.items() if method.patient]
DRAWN = [name for name, method in METHODS.items() if "samples" in method.takes]
BATCHED = [name for name, method in METHODS.items() if "batch" in method.takes]
COMPLETE = ("integrated_gradients", "deeplift", "kernel_shap")


@pytest.mark.parametrize("method", METHODS)
def test_network_and_picture_are_left_as_they_were(method):
    torch.manual_seed(0)
    model = cnn_models.build("cifar_se_resnet20", num_classes=10).train()
    before, x = state(model), torch.randn(1, 3, 9, 9)
    given = x.clone()
    found = attribute(model, x, 3, method, QUICK)
    assert found.values.shape == (9, 9)
    assert found.values.dtype == np.float32
    assert (found.method, found.signed) == (method, METHODS[method].signed)
    assert (found.delta is not None) == (method in COMPLETE)
    assert (found.layer is not None) == ("layer" in METHODS[method].takes)
    assert state(model) == before
    assert torch.equal(x, given)
    assert not x.requires_grad


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("after", [0, 1])
def test_a_network_that_fails_halfway_is_left_as_it_was(method, after):
    model = Failing(after).train()
    model.body.head.bias.requires_grad_(False)
    before = state(model)
    try:
        attribute(model, torch.randn(1, 2, 8, 8), 0, method, QUICK)
    except RuntimeError as error:
        assert "broke halfway" in str(error)  # noqa: PT017 - one pass is enough for some
    else:
        assert after == 1
    assert state(model) == before


@pytest.mark.parametrize("method", METHODS)
def test_broken_weights_are_said(method):
    model = Tiny()
    nn.init.constant_(model.head.weight, torch.nan)
    with pytest.raises(ValueError, match="finite"):
        attribute(model, torch.randn(1, 2, 8, 8), 0, method, QUICK)


@pytest.mark.parametrize("method", METHODS)
def test_eight_threads_on_one_network_get_eight_right_answers(method):
    normalised = nn.Sequential(nn.Conv2d(2, 2, 3), nn.BatchNorm2d(2), Tiny())
    shared = Shared(normalised.train())
    pictures = [torch.randn(1, 2, 16, 16, generator=torch.manual_seed(i)) for i in range(8)]

    def work(number: int) -> AttributionMap:
        return attribute(shared, pictures[number], number % 2, method, QUICK)

    alone = [work(i).values for i in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = [found.values for found in pool.map(work, range(8))]
    for first, second in zip(alone, together, strict=True):
        np.testing.assert_allclose(first, second, rtol=1e-3, atol=1e-6)
    assert shared.model.training


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_drawn_from_the_generator_of_all_threads(method):
    model, x = Tiny(), torch.randn(1, 2, 8, 8)
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    attribute(model, x, 0, method, replace(QUICK, baseline="noise"))
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("method", DRAWN)
def test_a_seed_gives_the_same_map_and_another_seed_another(method):
    model, x = Tiny(), torch.randn(1, 2, 8, 8)
    first, again, other = (
        attribute(model, x, 0, method, replace(QUICK, samples=7, pieces=9, seed=seed)).values
        for seed in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-6


@pytest.mark.parametrize("method", BATCHED)
def test_a_map_does_not_depend_on_the_batch(method):
    model, x = Tiny(), torch.randn(1, 2, 8, 8)
    choice = Options(steps=7, samples=7, pieces=9, window=3, stride=1)
    maps = [attribute(model, x, 0, method, replace(choice, batch=b)).values for b in (1, 3, 50)]
    for other in maps[1:]:
        np.testing.assert_allclose(other, maps[0], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_the_difference_of_two_classes(method):
    """It is the map of a network whose score is that difference."""
    model, x = Tiny(), torch.randn(1, 2, 8, 8)
    difference = Tiny()
    with torch.no_grad():
        for own, other in ((difference.head.weight, model.head.weight),
                           (difference.head.bias, model.head.bias)):  # fmt: skip
            own[0] = other[0] - other[1]
    found = attribute(model, x, 0, method, replace(QUICK, against=1)).values
    expected = attribute(difference, x, 0, method, QUICK).values
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-6)


class StoppedError(Exception):
    """What a page raises in `report` when the user wants no more."""


@pytest.mark.parametrize("method", PATIENT)
def test_slow_work_says_how_far_it_is_and_can_be_stopped(method):
    model, told = Tiny().train(), []
    attribute(model, torch.randn(1, 2, 8, 8), 0, method, QUICK, lambda *at: told.append(at))
    done, totals = zip(*told, strict=True)
    assert len(told) > 1
    assert list(done) == sorted(done)
    assert len(set(totals)) == 1
    assert done[-1] == totals[0]

    def stop(*_: int) -> None:
        raise StoppedError

    before = state(model)
    with pytest.raises(StoppedError):
        attribute(model, torch.randn(1, 2, 8, 8), 0, method, QUICK, stop)
    assert state(model) == before


@pytest.mark.parametrize("method", BATCHED)
def test_full_memory_halves_the_batch_and_is_said(method):
    class Small(Tiny):
        def forward(self, x):
            if not isinstance(x, torch.fx.Proxy) and len(x) > 3:
                raise torch.OutOfMemoryError("out of memory")
            return super().forward(x)

    x, wide = torch.randn(1, 2, 8, 8), replace(QUICK, steps=16, samples=16, pieces=16, batch=16)
    wide = replace(wide, window=2, stride=2)
    found = attribute(Small(), x, 0, method, wide)
    assert "with 16 images at once, so it was done with 2" in found.note
    expected = attribute(Tiny(), x, 0, method, wide)
    np.testing.assert_allclose(found.values, expected.values, rtol=1e-4, atol=1e-6)
    assert not expected.note


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"method": "tea_leaves"}, "choose saliency"),
        ({"target": 2}, "classes 0 to 1"),
        ({"target": -1}, "classes 0 to 1"),
        ({"against": 2}, "classes 0 to 1"),
        ({"against": 0}, "compared with itself"),
        ({"x": torch.zeros(2, 2, 8, 8)}, "One image"),
        ({"x": torch.zeros(2, 8, 8)}, "One image"),
        ({"window": 9}, "from 1 to 8"),
        ({"window": 0}, "from 1 to 8"),
        ({"window": 3, "stride": 4}, "from 1 to 3"),
        ({"steps": 0}, "at least 1"),
        ({"samples": 0}, "at least 1"),
        ({"batch": 0}, "at least 1"),
        ({"pieces": 1}, "at least 2"),
        ({"noise": -0.1}, "from 0 to 10"),
        ({"noise": float("nan")}, "from 0 to 10"),
        ({"baseline": "pink"}, "choose zero, black"),
        ({"value_range": ((0.0,), (1.0,))}, "with 2 values each"),
        ({"method": "grad_cam", "layer": "rely"}, "relu"),
        ({"method": "grad_cam", "layer": "head"}, "choose a convolution"),
        ({"method": "lime", "x": torch.ones(1, 2, 1, 1)}, "single piece"),
        ({"x": torch.full((1, 2, 8, 8), torch.nan)}, "finite"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(change, sentence):
    choices = {"x": torch.randn(1, 2, 8, 8), "target": 0, "method": "saliency", **change}
    x, target, method = (choices.pop(name) for name in ("x", "target", "method"))
    network = Tiny() if x.shape[-1] > 1 else nn.Sequential(nn.Flatten(), nn.Linear(2, 2))
    with pytest.raises(ValueError, match=sentence):
        attribute(network, x, target, method, Options(**choices))


def test_a_network_that_is_no_classifier_is_refused():
    with pytest.raises(ValueError, match="classifier"):
        attribute(nn.Conv2d(2, 2, 1), torch.randn(1, 2, 8, 8), 0, "saliency")


def test_a_map_of_nothing_says_so():
    model = Linear((1, 4, 4))
    nn.init.zeros_(model.weight)
    assert "zero everywhere" in attribute(model, torch.ones(1, 1, 4, 4), 0, "saliency").note


def test_every_method_says_what_it_is():
    assert ASKED is METHODS
    for method in METHODS.values():
        assert method.sentence.endswith(".")
        assert "arXiv:" in method.source
        assert method.takes <= set(Options.__dataclass_fields__)


@pytest.mark.parametrize("method", METHODS)
def test_a_convolution_and_a_relu_are_right_for_every_method(method):
    assert refusal(Tiny(), method) == ""


@pytest.fixture
def one_thread():
    """Small layers gain nothing from threads and lose much where tests share the machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


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


def test_padding_is_no_layer_to_look_at():
    model = nn.Sequential(
        nn.Conv2d(1, 2, 1), nn.ConstantPad2d(1, -torch.inf), nn.MaxPool2d(3, 3), nn.Flatten()
    )
    assert last_spatial_layer(model, torch.ones(1, 1, 4, 4)) == "0"


def test_a_network_without_maps_has_no_spatial_layer():
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 2))
    with pytest.raises(NoSpatialLayer, match="choose another method"):
        attribute(model, torch.randn(1, 1, 4, 4), 0, "grad_cam")
