"""Answers whose truth is known, and the numbers that a network is given."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image

from analysis.experiments.shapes import Shapes
from analysis.vision import sight, voices
from analysis.vision.predicting import judged
from analysis.vision.predicting.normalised_input import channels, notice
from analysis.vision.prediction import predict, softmax
from analysis.vision.probe import Shared
from analysis.vision.shape_batch import knows_shapes


@pytest.fixture(scope="module")
def speaker() -> voices.Voice:
    return voices.voice("cifar_resnet20")


@pytest.fixture(scope="module")
def network(speaker: voices.Voice) -> Shared:
    return Shared(voices.load(speaker, torch.device("cpu")))


def test_each_image_gets_what_it_gets_alone(speaker: voices.Voice, network: Shared) -> None:
    steps: list[tuple[int, int]] = []
    found = judged.on_shapes(network, speaker, 60, 7, lambda *step: steps.append(step))
    assert steps == [(0, 60), (50, 60)]
    for index in (0, 55):
        sample = Shapes(7, "test")[index]
        alone = sight.sight(Image.fromarray(sample.image), speaker)
        expected = predict(network, alone.tensor)[0]
        np.testing.assert_allclose(softmax(found.scores)[index], expected, atol=1e-5)
        assert found.labels[index] == sample.label
    assert found.accuracy == np.mean(found.scores.argmax(1) == found.labels) > 0.9


def test_eight_threads_get_eight_right_answers(speaker: voices.Voice, network: Shared) -> None:
    def look(seed: int) -> np.ndarray:
        return judged.on_shapes(network, speaker, 20, seed).scores

    alone = [look(seed) for seed in range(8)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(look, range(8)))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    assert not any(np.allclose(alone[0], other) for other in alone[1:])


def test_only_those_who_learned_from_shapes_are_judged(network: Shared) -> None:
    reader = voices.voice("lenet5_modern")
    assert not knows_shapes(reader)
    with pytest.raises(ValueError, match="not learned from Shapes"):
        judged.on_shapes(network, reader, 10)
    with pytest.raises(ValueError, match="at least 1"):
        judged.on_shapes(network, voices.voice("cifar_resnet20"), 0)


def test_channels_by_hand() -> None:
    red = torch.tensor([[-1.0, 0.0], [1.0, 2.0]])
    found = channels(torch.stack([red, 0 * red, 0 * red + 3])[None])
    assert [c.name for c in found] == ["red", "green", "blue"]
    assert (found[0].least, found[0].most, found[0].mean) == (-1, 2, 0.5)
    assert found[0].spread == pytest.approx(np.sqrt(5 / 4))
    assert [c.counts.sum() for c in found] == [4, 4, 4]
    assert (found[0].edges[0], found[0].edges[-1]) == (-1, 3)
    said = notice(found)
    assert "3 × 4 numbers from −1.00 to 3.00" in said
    assert "red has mean 0.50 and standard deviation 1.12" in said


def test_an_empty_sheet_has_its_numbers_too() -> None:
    (ink,) = channels(torch.zeros(1, 1, 3, 3))
    assert ink.name == "ink"
    assert ink.counts.sum() == 9
