"""Fields along the depth with their branches, and windows on the image."""

import pytest

from analysis.structure import field_growth
from analysis.structure.field_growth import growth, last_with_window, layers_with_fields
from analysis.structure.window_on_input import Window, described, facts, window_at


def test_branches_of_the_first_inception_module(traced):
    """By hand: 27 pixels before it at a jump of 8; 3 × 3 adds 16, 5 × 5 adds 32."""
    points = {point.name: point for point in growth(traced("googlenet"))}
    meeting = points["inception3a.cat"]
    assert [points[name].size for name in meeting.inputs] == [27, 43, 59, 43]
    assert [points[name].depth for name in meeting.inputs] == [6, 7, 7, 7]
    assert (meeting.size, meeting.depth) == (59, 7)


def test_a_shortcut_meets_what_it_jumped_over(traced):
    points = {point.name: point for point in growth(traced("resnet18"))}
    first = points["layer1.0.add"]
    assert sorted(points[name].size for name in first.inputs) == [11, 27]  # 11, 19, 27 by hand


@pytest.mark.parametrize("key", ["vgg16", "googlenet", "se_resnet50", "cifar_densenet40_k12"])
def test_every_point_grows_on_those_before_it(key, traced):
    points = {point.name: point for point in growth(traced(key))}
    for point in points.values():
        for name in point.inputs:
            assert points[name].size <= point.size
            assert points[name].depth <= point.depth


@pytest.mark.parametrize(
    ("key", "name", "size"),
    [("alexnet_owt", "stage3.pool5", 195), ("vgg16", "stage5.pool", 212), ("lenet5", "c5", 32)],
)
def test_the_last_layer_with_a_window(key, name, size, traced):
    op = last_with_window(traced(key))
    assert op
    assert op.receptive_field
    assert op.name == name
    assert op.receptive_field.size == (size, size)


def test_layers_that_are_offered_end_with_those_that_see_everything(traced):
    offered = layers_with_fields(traced("resnet50"))
    assert [op.name for op in offered[-2:]] == ["avgpool", "fc"]
    assert all("batch norm" not in op.kind for op in offered)


def test_values_without_a_place_are_not_offered(traced):
    graph = traced("sppnet_zf5")  # its pyramid joins flattened maps of several sizes
    flat = [op.name for op in graph.operations if op.name.endswith("cat")]
    assert flat
    assert not set(flat) & {op.name for op in layers_with_fields(graph)}


def test_notice_quotes_the_widest_and_the_fork(traced):
    text = field_growth.notice(growth(traced("googlenet")), 224)
    assert "715 pixels wide" in text
    assert "they see 459, 523, 523 and 587 pixels" in text
    # By hand: conv4b's 5 × 5 is the first to reach past 224.
    assert "the window, 235 pixels, is at least" in text
    assert "No value sees all 224" in field_growth.notice(growth(traced("vgg16")), 224)


def test_a_window_in_the_corner_is_cut_off_by_the_image(traced):
    op = traced("vgg16").operation("stage2.pool")
    window = window_at(op, (0, 55), (224, 224))
    # Paddings reach 1 + 1 + 2 + 2 = 6 pixels before the image; the last of 56 begins at 55 × 4 − 6.
    assert window == Window((-6, 214), (10, 230), (224, 224))
    assert window.clipped == Window((0, 214), (10, 224), (224, 224))
    assert (window.area, window.clipped.area) == (256, 100)
    text = described(op, (0, 55), window)
    assert "row 1 of 56 and column 56 of 56 sees 16 × 16 pixels. 10 × 10 of them" in text


def test_a_window_beside_the_image_holds_none_of_it():
    assert Window((-9, 3), (-2, 8), (5, 5)).clipped.area == 0


def test_what_sees_everything_says_so(traced):
    op = traced("resnet50").operation("fc")
    window = window_at(op, (0, 0), (224, 224))
    assert window == Window((0, 0), (224, 224), (224, 224))
    assert "sees the whole image" in described(op, (0, 0), window)
    assert facts(op, window) == {"Receptive field": "everything"}
    gated = traced("se_resnet50").operation("layer1.0.add")
    window = window_at(gated, (9, 9), (224, 224))
    assert "Behind a gate it sees everything besides" in described(gated, (9, 9), window)
