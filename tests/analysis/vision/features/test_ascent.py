"""Gradient ascent on what can be solved by hand, and on networks as they are."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from analysis.vision.features.ascent import Plan, ascend, noise
from analysis.vision.features.excite import (
    BARE,
    REGULARISED,
    excite,
    limits_of,
    most_excited,
    picture,
    values_of,
)
from analysis.vision.features.layers import route_at
from analysis.vision.features.real import real
from analysis.vision.features.units import Unit
from analysis.vision.probe import Shared
from analysis.vision.route import route_through
from analysis.vision.voices import load, voice
from cnn_models.spec import Preprocessing

SHORT = replace(REGULARISED, steps=8)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def small() -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(4)
        return nn.Sequential(
            nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(),
            nn.Linear(4 * 64, 5),
        ).eval()  # fmt: skip


def cosine(a: Tensor, b: Tensor) -> float:
    return float(nn.functional.cosine_similarity(a.flatten(), b.flatten(), dim=0))


def test_under_an_l2_constraint_a_linear_unit_is_excited_by_its_weights() -> None:
    """The best x of w·x − λ/2·|x|² is w/λ (Simonyan et al., 2013, equation 1)."""
    weights = torch.randn(1, 3, 6, 6, generator=torch.Generator().manual_seed(1))
    plan = Plan(steps=200, rate=0.2, pull=0.5, smooth=0.0, jitter=0)
    start = noise((3, 6, 6), seed=0)
    assert abs(cosine(start, weights)) < 0.3
    found = ascend(lambda x: (weights * x).sum(), start, plan)
    assert cosine(found.image, weights) > 0.9999
    # the gradient counts as if its root mean square were 1
    expected = weights / weights.square().mean().sqrt() / plan.pull
    torch.testing.assert_close(found.image, expected, atol=0.01, rtol=0.01)


def test_neighbours_are_drawn_together_where_it_is_asked_for() -> None:
    """Of the frequencies a smooth solution loses the high ones: (I + s·L) x = w on a line."""
    weights = torch.randn(1, 1, 1, 9, generator=torch.Generator().manual_seed(2))
    plan = Plan(steps=400, rate=0.2, pull=1.0, smooth=0.8, jitter=0)
    found = ascend(lambda x: (weights * x).sum(), torch.zeros(1, 1, 1, 9), plan)
    laplace = np.diag([1.0, *[2.0] * 7, 1.0]) - np.eye(9, k=1) - np.eye(9, k=-1)
    scaled = (weights / weights.square().mean().sqrt()).numpy().ravel()
    expected = np.linalg.solve(np.eye(9) + 0.8 * laplace, scaled)
    np.testing.assert_allclose(found.image.numpy().ravel(), expected, atol=1e-3)


def test_pixels_stay_where_a_picture_can_be() -> None:
    low, high = torch.full((2, 1, 1), -1.0), torch.tensor([0.5, 2.0]).view(2, 1, 1)
    found = ascend(lambda x: x.sum(), torch.zeros(1, 2, 3, 3), BARE, (low, high))
    assert (found.image[0, 0] == 0.5).all()
    assert (found.image[0, 1] == 2.0).all()


def test_a_seed_gives_the_same_image_and_torchs_own_numbers_stay() -> None:
    model, unit = small(), Unit(2)
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    first, again = (excite(model, unit, (3, 8, 8), SHORT) for _ in range(2))
    assert (torch.rand(3) == expected).all()
    assert (first.image == again.image).all()
    assert first.values == again.values
    other = excite(model, unit, (3, 8, 8), replace(SHORT, seed=1))
    assert (first.image != other.image).any()


def test_the_values_are_those_of_the_network() -> None:
    model = small()
    way = route_through(model, (3, 8, 8), "2")
    for unit, of in (
        (Unit(1, way), lambda x: model[:3](x)[0, 1].mean()),
        (Unit(1, way, (3, 5)), lambda x: model[:3](x)[0, 1, 3, 5]),
        (Unit(4), lambda x: model(x)[0, 4]),
    ):
        found = excite(model, unit, (3, 8, 8), SHORT)
        for value, image in ((found.before, found.start), (found.after, found.image)):
            assert value == pytest.approx(float(of(image[None]).detach()), rel=1e-5)
        assert found.after > found.before
        assert len(found.values) == 8


def test_where_a_relu_keeps_a_unit_at_zero_what_goes_in_is_climbed() -> None:
    conv = nn.Conv2d(1, 1, 3, padding=1)
    conv.bias = nn.Parameter(torch.tensor([-1.0]))
    model = nn.Sequential(conv, nn.ReLU())
    way, before = (route_through(model, (1, 6, 6), name) for name in ("1", "0"))
    stuck = excite(model, Unit(0, way, (2, 2)), (1, 6, 6), BARE)
    assert stuck.stuck
    assert stuck.after == 0.0
    found = excite(model, Unit(0, way, (2, 2), before), (1, 6, 6), BARE)
    assert found.before == 0.0
    assert found.after > 1.0
    assert not found.stuck


def test_the_network_is_as_it_was_after_a_stop_and_after_a_failure() -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert total == 8
        if done == 3:
            raise Stopped

    model = small().train()
    model[4].weight.requires_grad_(False)
    shared = Shared(model)
    with pytest.raises(Stopped):
        excite(shared, Unit(0), (3, 8, 8), SHORT, report=stop)
    with pytest.raises(ValueError, match="no class 5; this network has 0 to 4"):
        excite(shared, Unit(5), (3, 8, 8), SHORT)
    assert all(module.training for module in model.modules())
    assert [p.requires_grad for p in model.parameters()] == [*[True] * 4, False, True]
    assert all(p.grad is None for p in model.parameters())
    assert shared.lock.acquire(blocking=False)
    shared.lock.release()


def test_broken_weights_are_said() -> None:
    model = small()
    model[4] = nn.Linear(4 * 64, 5)
    model[4].weight.data = torch.full((5, 4 * 64), torch.inf)
    with pytest.raises(ValueError, match="the weights are broken"):
        excite(model, Unit(0), (3, 8, 8), SHORT)


def test_eight_threads_make_eight_right_images() -> None:
    shared = Shared(small())
    alone = [excite(small(), Unit(c % 5), (3, 8, 8), SHORT).image for c in range(8)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda c: excite(shared, Unit(c % 5), (3, 8, 8), SHORT), range(8)))
    for one, expected in zip(found, alone, strict=True):
        torch.testing.assert_close(one.image, expected)


def test_values_and_the_strongest_channel_over_real_pictures() -> None:
    model = nn.Sequential(nn.Conv2d(1, 3, 1))
    model[0].weight.data = torch.tensor([1.0, -1.0, 0.0]).view(3, 1, 1, 1)
    model[0].bias.data = torch.tensor([0.0, 0.0, 2.0])
    way = route_through(model, (1, 2, 2), "0")
    images = [torch.full((1, 2, 2), level) for level in (3.0, -1.0, 1.0)]
    assert values_of(model, Unit(0, way), images).tolist() == [3, -1, 1]
    assert most_excited(model, way, images) == 2  # means 1, −1 and 2


@pytest.mark.parametrize(("key", "target"), [("lenet5_modern", 3), ("cifar_plain20", 4)])
def test_the_made_image_beats_all_real_pictures_that_ship(key: str, target: int) -> None:
    speaker = voice(key)
    model = load(speaker, torch.device("cpu"))
    limits, pictures = limits_of(speaker.preprocessing, speaker.reads_ink), real(speaker)
    assert len(pictures.images) == 100
    values = values_of(model, Unit(target), pictures.images)
    found = excite(model, Unit(target), speaker.input_shape, replace(REGULARISED, steps=32), limits)
    assert found.after > values.max() > found.before
    best = pictures.shows[int(values.argmax())]
    assert best == {"lenet5_modern": "a 3", "cifar_plain20": "a star"}[key]
    with torch.no_grad():
        assert int(model(found.image[None]).argmax()) == target


def test_a_class_of_a_network_without_weights_of_its_own_is_judged_by_samples() -> None:
    pictures = real(voice("cifar_plain32"))
    assert len(pictures.images) == len(pictures.shows)
    assert all(image.shape == (3, 32, 32) for image in pictures.images)
    assert pictures.whose == f"{len(pictures.images)} sample pictures"


def test_a_channel_of_a_reused_network_is_climbed_by_its_name() -> None:
    speaker = voice("cifar_resnet20")
    way = route_at(speaker.key, speaker.input_shape, "layer1.0.relu2")
    model = load(speaker, torch.device("cpu"))
    found = excite(model, Unit(3, way), speaker.input_shape, SHORT)
    assert found.after > 2 * found.before


def test_an_input_becomes_a_picture() -> None:
    recipe = Preprocessing(2, 2, "bilinear", (0.5,) * 3, (0.25,) * 3)
    limits = limits_of(recipe, reads_ink=False)
    assert (limits[0] == -2).all()
    assert (limits[1] == 2).all()
    shown = picture(torch.tensor([-2.0, 0.0, 2.0]).view(3, 1, 1).expand(3, 2, 2), limits)
    assert shown.shape == (2, 2, 3)
    assert shown[0, 0].tolist() == [0, 128, 255]
    ink = limits_of(Preprocessing(2, 2, "bilinear", (0.0,), (1.0,)), reads_ink=True)
    assert (picture(torch.zeros(1, 2, 2), ink) == 255).all()  # paper is white
