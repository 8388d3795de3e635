"""Sentences quote the numbers that are shown."""

import numpy as np
import torch

from analysis.structure.window_on_input import Window, window_at
from analysis.vision.features import judged, notice, patience
from analysis.vision.features.ascent import Plan
from analysis.vision.features.excite import Excited
from analysis.vision.features.layers import graph_at
from analysis.vision.features.maps import Maps
from analysis.vision.features.real import Real
from analysis.vision.features.response import Response

GRAPH = graph_at("cifar_se_resnet20", (3, 32, 32))
PLAIN = graph_at("cifar_resnet20", (3, 32, 32))


def response(place: tuple[int, int], window: Window, outside: float = 0.0) -> Response:
    gradient = np.zeros((1, 32, 32), dtype=np.float32)
    inside = window.clipped
    gradient[0, inside.first[0] : inside.end[0], inside.first[1] : inside.end[1]] = 1
    gradient[0, 31, 31] += outside
    return Response(4, place, -1.5, gradient)


def test_a_response_names_place_window_and_share() -> None:
    op = PLAIN.operation("layer1.0.relu2")  # sees 7 × 7
    window = window_at(op, (0, 5), (32, 32))
    said = notice.of_response(op, response((0, 5), window), window)
    assert "Channel 4 is largest in row 1, column 6 of its map: **−1.5**" in said
    assert "It sees 7 × 7 pixels, 4 × 7 of them on the image" in said
    assert "**100.0%** of the gradient lies in the box, on 28 of its 28 pixels." in said


def test_behind_a_gate_the_rest_is_explained() -> None:
    op = next(o for o in GRAPH.operations if o.kind == "multiplication")
    window = window_at(op, (5, 5), (32, 32))  # 7 × 7, all on the image
    said = notice.of_response(op, response((5, 5), window, outside=49.0), window)
    assert "**50.0%** of the gradient lies in the box, on 50 of 1,024 pixels in all" in said
    assert "a gate before this layer" in said


def test_a_value_without_gradient_is_explained() -> None:
    op = PLAIN.operation("layer1.0.relu2")
    window = window_at(op, (0, 0), (32, 32))
    nothing = Response(0, (0, 0), 0.0, np.zeros((3, 32, 32)))
    assert "because a ReLU lets nothing through" in notice.of_response(op, nothing, window)


def found_maps(order: str) -> Maps:
    means, maxima = np.array([0.0, 2.0, 1.0, 0.0]), np.array([0.0, 4.0, 9.0, 0.0])
    return Maps(order, means, maxima, (16, 16), (1, 2), np.zeros((2, 8, 8)), 0.0, 9.0)


def test_maps_are_compared_and_silent_ones_counted() -> None:
    op = PLAIN.operation("layer2.0.relu1")
    said = notice.of_maps(op, found_maps("mean"), trained=True)
    assert "Of 4 channels of `layer2.0.relu1`, channel **1**" in said
    assert "its mean is **2**, that of the middle channel 0.5" in said
    assert "2 of 4 (50.0%) are zero everywhere: what they look for is not" in said
    assert "look for" not in notice.of_maps(op, found_maps("mean"), trained=False)
    assert "its maximum is **4**" in notice.of_maps(op, found_maps("maximum"), trained=True)
    assert notice.of_rank(found_maps("mean"), 2) == ""
    assert (
        notice.of_rank(found_maps("mean"), 3)
        == "Channel 3 is not in the grid: its mean, 0, has rank 3 of 4."
    )
    assert notice.of_size(found_maps("mean")) == (
        "The 2 strongest of 4 maps, 16 × 16 values each, averaged to 8 × 8."
    )


def excited(before: float, after: float, values: tuple[float, ...] = (1.0, 2.0)) -> Excited:
    return Excited(torch.zeros(1, 2, 2), torch.zeros(1, 2, 2), before, after, values)


def test_the_made_image_is_judged_by_real_ones() -> None:
    pictures = Real((torch.zeros(1, 2, 2),) * 3, ("a 1", "a 2", "a 3"), "3 digits")
    values = np.array([1.0, 4.0, 2.0])
    said = judged.of_excited("channel 7", excited(0.5, 10.0), values, pictures)
    assert "From **0.5** for noise to **10** for the image" in said
    assert "Of 3 digits, a 2 gives channel 7 the most: **4**; the middle one gives 2" in said
    assert "**2.5 times** as much" in said
    said = judged.of_excited("channel 7", excited(0.5, 2.0), values, pictures)
    assert "2 of 3 real pictures excite it as much as the made one or more" in said
    said = judged.of_excited("channel 7", excited(0.5, 2.0), -values, pictures)
    assert "None of them excites it" in said
    stuck = excited(0.0, 0.0, (0.0, 0.0))
    assert "No gradient reaches" in judged.of_excited("channel 7", stuck, values, pictures)


def test_the_plan_is_said_with_its_seed() -> None:
    assert judged.of_plan(Plan(steps=9, seed=5)).startswith(
        "Gradient ascent in 9 steps from noise of seed 5, with a pull"
    )
    bare = Plan(pull=0, smooth=0, jitter=0)
    assert judged.of_plan(bare).endswith("with no regularisation.")


def test_steps_are_fewer_where_each_is_dear() -> None:
    cheap = patience.patience(PLAIN)
    assert (cheap.steps, cheap.is_quick) == (128, True)
    large = graph_at("vgg16", (3, 224, 224))
    dear = patience.patience(large)
    assert (dear.steps, dear.is_quick) == (16, False)
    assert "16 steps through 15.47 G multiply-adds" in dear.costs
    first = patience.patience(large, "stage1.conv1")
    assert first.steps == 128
    assert first.macs == 3 * 3 * 3 * 64 * 224 * 224
    refused = patience.patience(graph_at("fractalnet34", (3, 224, 224)))
    assert "625.8 MiB of weights" in refused.refusal
