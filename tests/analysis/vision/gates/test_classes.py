"""How class-specific gates are, by hand, by chance and in the network that ships."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.structure.operations import Totals
from analysis.vision import voices
from analysis.vision.gates.classes import by_chance, by_class, share_between
from analysis.vision.gates.effort import counts, effort, usual_count
from analysis.vision.gates.places import Gate
from analysis.vision.gates.reading import Reading, read
from analysis.vision.shape_batch import knows_shapes, shape_batch

LABELS = np.array([0, 0, 1, 1])


def test_the_share_is_that_of_a_sum_by_hand() -> None:
    # Means 1 and 3 around 2: between 4 · 1 = 4, inside 4 · 0.25 = 1.
    values = np.array([[0.5], [1.5], [2.5], [3.5]])
    assert share_between(values, LABELS) == pytest.approx(4 / 5)
    # A second channel without classes adds 4 · 1 to the inside alone.
    both = np.hstack([values, [[1.0], [-1.0], [1.0], [-1.0]]])
    assert share_between(both, LABELS) == pytest.approx(4 / 9)


def test_gates_that_never_vary_have_no_share() -> None:
    assert share_between(np.full((4, 3), np.float32(0.7)), LABELS) is None


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(1, 4))
def test_the_share_is_one_for_classes_alone_and_zero_inside_them(
    seed: int, classes: int, channels: int
) -> None:
    chance = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), 4)
    of_class = chance.random((classes, channels))[labels]
    inside = np.tile(chance.random((2, channels)), (2 * classes, 1))  # the same in every class
    assert share_between(of_class, labels) == pytest.approx(1)
    assert share_between(inside, labels) == pytest.approx(0, abs=1e-9)
    assert 0 <= (share_between(of_class + inside, labels) or 0) <= 1


def test_chance_is_what_random_gates_show() -> None:
    chance = np.random.default_rng(0)
    labels = np.arange(60) % 10
    shares = [share_between(chance.random((60, 50)), labels) for _ in range(20)]
    assert np.mean(np.array(shares, float)) == pytest.approx(by_chance(60, 10), abs=0.005)


def test_means_and_spread_are_per_channel() -> None:
    scale = np.array([[0.1, 1], [0.3, 1], [0.5, 0], [0.7, 0]], np.float32)
    (found,) = by_class((Reading(Gate("se", 2, 1, "sigmoid"), scale, scale),), LABELS)
    np.testing.assert_allclose(found.of_class, [[0.2, 1], [0.6, 0]], atol=1e-7)
    np.testing.assert_allclose(found.mean, [0.4, 0.5], atol=1e-7)
    np.testing.assert_allclose(found.spread, [0.05**0.5, 0.5], atol=1e-7)


def test_early_gates_are_class_agnostic_and_late_ones_class_specific() -> None:
    """As Figure 5 of the paper shows it; here 3% and 95% over 200 pictures."""
    speaker = voices.voice("cifar_se_resnet20")
    batch = shape_batch(speaker, 100)
    network = voices.load(speaker, torch.device("cpu"))
    shares = [b.between or 0 for b in by_class(read(network, batch.images), batch.labels)]
    assert max(shares[:3]) < 2 * by_chance(100, 10)
    assert shares[-1] > 0.9


def test_a_batch_of_shapes_has_every_class_as_often_and_the_networks_size() -> None:
    speaker = voices.voice("mobilenet_v3_small")  # untrained here: values from -1 to 1
    batch = shape_batch(speaker, 20)
    assert batch.images.shape == (20, 3, 224, 224)
    assert -1 <= batch.images.min() < batch.images.max() <= 1
    assert np.bincount(batch.labels).tolist() == [2] * 10
    assert knows_shapes(voices.voice("cifar_se_resnet20"))
    assert not knows_shapes(speaker)
    with pytest.raises(ValueError, match="ink"):
        shape_batch(voices.voice("lenet5_modern"), 20)


@pytest.mark.parametrize(
    ("key", "work", "count", "most"),
    [
        ("cifar_se_resnet20", 0, 200, 500),
        ("cifar_se_resnet20", 3 * 10**9, 50, 500),  # 160 / 3 = 53
        ("mobilenet_v3_small", 0, 130, 130),  # 20 M values / (3 · 224 · 224) = 132
        ("efficientnet_b4", 10**12, 20, 40),  # 20 M values / (3 · 380 · 380) = 46
    ],
)
def test_a_large_network_gets_fewer_pictures_in_whole_tens(
    key: str, work: int, count: int, most: int
) -> None:
    assert usual_count(voices.voice(key), work) == count
    assert counts(voices.voice(key)) == range(20, most + 1, 10)


def test_effort_counts_multiply_adds_and_values_written() -> None:
    assert effort(Totals(params=7, macs=1000, activations=3, activation_bytes=12)) == 1300
