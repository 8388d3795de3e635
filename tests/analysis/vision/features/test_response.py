"""The gradient of one value against the kernel, and its window."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from analysis.structure.window_on_input import Window, window_at
from analysis.vision.features.layers import graph_at, route_at
from analysis.vision.features.response import respond, share_inside
from analysis.vision.probe import Shared
from analysis.vision.route import route_through
from analysis.vision.voices import load, voice


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_the_gradient_of_a_convolution_is_its_kernel_at_the_place() -> None:
    conv = nn.Conv2d(2, 3, 3, stride=2, padding=1)
    model = nn.Sequential(conv)
    x = torch.randn(1, 2, 9, 9, generator=torch.Generator().manual_seed(0))
    found = respond(model, route_through(model, (2, 9, 9), "0"), x, 1, (2, 3))
    expected = np.zeros((2, 9, 9), dtype=np.float32)
    expected[:, 3:6, 5:8] = conv.weight.detach().numpy()[1]  # first row 2·2 − 1, column 3·2 − 1
    np.testing.assert_allclose(found.gradient, expected)
    np.testing.assert_allclose(found.value, conv(x)[0, 1, 2, 3].detach(), rtol=1e-6)
    assert share_inside(found.magnitude, Window((3, 5), (6, 8), (9, 9))) == 1.0


def test_the_strongest_place_is_found_and_the_first_of_equals() -> None:
    conv = nn.Conv2d(1, 1, 1, bias=False)
    nn.init.ones_(conv.weight)
    model = nn.Sequential(conv)
    x = torch.zeros(1, 1, 4, 5)
    x[0, 0, 2, 1] = x[0, 0, 3, 4] = 7.0
    found = respond(model, route_through(model, (1, 4, 5), "0"), x, 0)
    assert (found.place, found.value) == ((2, 1), 7.0)


@pytest.mark.parametrize("layer", ["layer1.1.relu2", "layer2.1.conv1"])
def test_all_of_the_gradient_lies_in_the_window(layer: str) -> None:
    speaker = voice("cifar_resnet20")
    graph = graph_at(speaker.key, speaker.input_shape)
    x = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(3))
    way = route_at(speaker.key, speaker.input_shape, layer)
    found = respond(load(speaker, torch.device("cpu")), way, x, 2)
    window = window_at(graph.operation(layer), found.place, (32, 32))
    assert window.clipped.area < 32 * 32
    assert share_inside(found.magnitude, window) == 1.0


def test_behind_a_gate_a_part_lies_outside() -> None:
    speaker = voice("cifar_se_resnet20")
    graph = graph_at(speaker.key, speaker.input_shape)
    op = next(o for o in graph.operations if o.kind == "multiplication")
    x = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(3))
    way = route_at(speaker.key, speaker.input_shape, op.name)
    found = respond(load(speaker, torch.device("cpu")), way, x, 2)
    share = share_inside(found.magnitude, window_at(op, found.place, (32, 32)))
    assert share is not None
    assert 0.5 < share < 1.0
    assert (found.magnitude > 0).all()


def test_a_value_that_a_relu_stops_has_no_gradient() -> None:
    conv = nn.Conv2d(1, 1, 1)
    conv.bias = nn.Parameter(torch.tensor([-5.0]))
    model = nn.Sequential(conv, nn.ReLU())
    found = respond(model, route_through(model, (1, 4, 4), "1"), torch.zeros(1, 1, 4, 4), 0)
    assert found.value == 0
    assert share_inside(found.magnitude, Window((0, 0), (1, 1), (4, 4))) is None


def test_what_is_not_there_is_refused_in_words() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 1))
    way, x = route_through(model, (1, 4, 4), "0"), torch.zeros(1, 1, 4, 4)
    with pytest.raises(ValueError, match="no channel 2; this layer has 0 to 1"):
        respond(model, way, x, 2)
    with pytest.raises(ValueError, match="no place"):
        respond(model, way, x, 0, (4, 0))
    with pytest.raises(ValueError, match="not finite"):
        respond(model, way, x * torch.nan, 0)
    assert all(p.requires_grad and p.grad is None for p in model.parameters())


def test_eight_threads_get_eight_right_answers() -> None:
    conv = nn.Conv2d(1, 8, 3)
    shared = Shared(nn.Sequential(conv, nn.ReLU()).train())
    way = route_through(shared.model, (1, 6, 6), "0")
    x = torch.rand(1, 1, 6, 6)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda c: respond(shared, way, x, c, (1, 2)), range(8)))
    for channel, found in enumerate(answers):
        np.testing.assert_allclose(
            found.gradient[0, 1:4, 2:5], conv.weight.detach().numpy()[channel, 0]
        )
    assert shared.model.training
