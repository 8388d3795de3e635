"""Measured receptive fields: against sums by hand, and against the arithmetic of the graph."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import cnn_models
from analysis.structure import described
from analysis.structure.window_on_input import Window, window_at
from analysis.vision import affordable, field_pictures
from analysis.vision.measured_field import effective_field, magnitude, pixels_with, support
from analysis.vision.route import route, route_through


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_support_where_the_network_itself_has_no_gradient() -> None:
    """A ReLU that is off, a maximum and weights of zero hide every pixel, but not from the twin."""
    model = nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 1, 3, dilation=2)
    )
    for parameter in model.parameters():
        nn.init.constant_(parameter, -1 if parameter.ndim > 1 else -100)
    way = route_through(model, (2, 20, 20), "3")
    reached = support(way, (1, 2))
    # The dilated kernel takes rows 1, 3, 5 of the pooled map, so pixels 2–3, 6–7 and 10–11 of the
    # first, each widened by 1: 1–4, 5–8 and 9–12. Columns begin two pixels further right.
    expected = np.zeros((20, 20), dtype=bool)
    expected[1:13, 3:15] = True
    assert (reached == expected).all()
    assert not magnitude(model.eval(), way, (1, 2), seed=0).any()


def test_support_has_the_gaps_that_dilation_leaves() -> None:
    way = route_through(nn.Sequential(nn.Conv2d(1, 1, 3, dilation=2)), (1, 7, 7), "0")
    reached = support(way, (1, 1))
    assert reached.sum() == 9
    assert (reached[1:6:2, 1:6:2]).all()


def test_a_route_that_sessions_share_is_not_changed() -> None:
    """The weights of 1 stand in a copy: this layer's own would be exchanged while it runs."""
    layer = nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect")
    way = route_through(nn.Sequential(layer), (1, 7, 7), "0")
    runs = []
    layer.register_forward_hook(lambda *_: runs.append(layer.weight))
    assert support(way, (3, 3)).sum() == 9
    assert not runs


@pytest.mark.parametrize(
    ("key", "operation", "place"),
    [
        ("lenet5", "c3.cat", (4, 7)),
        ("alexnet_owt", "stage3.pool5", (2, 0)),
        ("cifar_resnet20", "layer2.2.add", (9, 3)),
        ("cifar_densenet40_k12", "denseblock1.cat#8", (30, 5)),
        ("googlenet", "inception3b.cat", (3, 20)),
        ("squeezenet1_1", "fire5.cat", (1, 1)),
        ("shufflenet_v2_x0_5", "stage2.3.cat", (8, 0)),
        ("mobilenet_v2", "stage3.1.add", (5, 5)),
    ],
)
def test_the_measured_box_is_the_window_of_the_graph(key, operation, place) -> None:
    graph = described.traced(key)
    op = graph.operation(operation)
    window = window_at(op, place, graph.input_shape[1:])
    reached = support(route(key, operation), place)
    assert field_pictures.bounds(reached) == (window.clipped.first, window.clipped.end)


def test_behind_a_gate_every_pixel_reaches() -> None:
    graph = described.traced("cifar_se_resnet20")
    gate = next(op for op in graph.operations if op.kind == "multiplication")
    before = graph.operation(gate.inputs[0])
    assert support(route("cifar_se_resnet20", gate.name), (4, 4)).all()
    assert support(route("cifar_se_resnet20", before.name), (4, 4)).sum() == 7 * 7


def test_the_magnitude_is_that_of_the_weights() -> None:
    conv = nn.Conv2d(1, 1, 3, padding=1)
    model = nn.Sequential(conv).eval()
    way = route_through(model, (1, 6, 6), "0")
    found = magnitude(model, way, (2, 3), seed=5)
    expected = np.zeros((6, 6), dtype=np.float32)
    expected[1:4, 2:5] = conv.weight.detach().abs().numpy()[0, 0]
    np.testing.assert_allclose(found, expected)


def test_equal_weights_in_a_row_spread_as_a_sum_of_throws() -> None:
    """Luo et al. (2016), section 2: n uniform kernels convolved with each other."""
    model = nn.Sequential(*(nn.Conv2d(1, 1, 3, padding=1, bias=False) for _ in range(6))).eval()
    for parameter in model.parameters():
        nn.init.constant_(parameter, 1 / 9)
    found = magnitude(model, route_through(model, (1, 21, 21), "5"), (10, 10), seed=0)
    line = np.array([1.0])
    for _ in range(6):
        line = np.convolve(line, np.ones(3) / 3)
    np.testing.assert_allclose(found[4:17, 4:17], np.outer(line, line), rtol=1e-5)
    # 95% of the magnitude lie in fewer of the 13 × 13 pixels
    assert pixels_with(effective_field([found])) < 13 * 13 / 2


def test_a_seed_gives_the_same_field_and_the_network_stays_as_it_was() -> None:
    model = cnn_models.build("cifar_resnet20").train()
    way = route("cifar_resnet20", "layer1.0.add")
    first, again, other = (magnitude(model, way, (16, 16), seed) for seed in (0, 0, 1))
    assert (first == again).all()
    assert (first != other).any()
    assert all(p.requires_grad and p.grad is None for p in model.parameters())
    assert all(module.training for module in model.modules())


def test_the_average_sums_to_one_and_nothing_stays_nothing() -> None:
    fields = [np.full((2, 2), 1.0), np.diag([3.0, 1.0])]
    np.testing.assert_allclose(effective_field(fields), np.array([[4, 1], [1, 2]]) / 8)
    assert not effective_field([np.zeros((3, 3))]).any()


@pytest.mark.parametrize(
    ("values", "count"),
    [([0.5, 0.3, 0.15, 0.05], 3), ([0.5, 0.3, 0.1, 0.1], 4), ([0.0, 0.0], 0), ([0.01] * 100, 95)],
)
def test_the_fewest_pixels_with_95_percent(values, count) -> None:
    assert pixels_with(np.array(values)) == count


def test_what_is_too_large_is_said_with_its_size() -> None:
    graph = described.traced("fractalnet34")
    refused = affordable.effort(graph, graph.operations[-1].name)
    assert "625.8 MiB of weights" in refused.refusal
    assert not refused.is_quick
    graph = described.traced("vgg16")
    assert affordable.effort(graph, "stage1.conv1").is_quick
    assert not affordable.effort(graph, "stage5.pool").is_quick
    assert not affordable.effort(graph, "stage5.pool").refusal


def test_a_picture_becomes_the_networks_input_size_in_whole_pixels() -> None:
    picture = field_pictures.fitted(Image.new("RGB", (60, 40), (200, 0, 0)), (3, 32, 32))
    assert picture.shape == (320, 320, 3)
    assert (picture == (200, 0, 0)).all()
    grey = field_pictures.fitted(Image.new("RGB", (9, 9), (200, 0, 0)), (1, 28, 28))
    assert (grey == grey[..., :1]).all()


def test_what_is_noticed_quotes_the_area_it_is_a_share_of() -> None:
    window = Window((-2, 0), (4, 6), (8, 8))  # 36 pixels, 24 of them on the image
    field = np.zeros((8, 8))
    field[:2, :3] = 1 / 6
    said = field_pictures.notice_of_effective(field, window)
    assert "lies in 6 pixels, as many as a square of 2 × 2: **25%** of the window's 24" in said
    assert "16.7% of its true 36" in said
    field[7, 7] = 1 / 6
    said = field_pictures.notice_of_effective(field, window, sees_all=True)
    assert "**11%** of the image's 64" in said
    assert "The window alone holds 86% of the magnitude" in said
    assert "No gradient" in field_pictures.notice_of_effective(np.zeros((8, 8)), window)


def test_what_the_support_leaves_out_is_said() -> None:
    window = Window((0, 0), (4, 4), (8, 8))
    reached = np.zeros((8, 8), dtype=bool)
    reached[:4, :4] = True
    assert "box of 4 × 4: exactly" in field_pictures.notice_of_support(reached, window)
    reached[1, 1:3] = False
    assert "2 pixels of the box are skipped" in field_pictures.notice_of_support(reached, window)
    reached[3] = False
    assert "strides leave its edge out" in field_pictures.notice_of_support(reached, window)
    reached[7, 7] = True
    assert "comes through a gate" in field_pictures.notice_of_support(reached, window)
    assert "No pixel" in field_pictures.notice_of_support(np.zeros((8, 8), dtype=bool), window)
