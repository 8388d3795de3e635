"""Gates changed on purpose, and networks left as they were."""

import copy
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from analysis.vision import voices
from analysis.vision.gates.changing import (
    changed,
    each_without,
    to_one,
    to_values,
    without_strongest,
)
from analysis.vision.gates.effects import KINDS, effects, without_each
from analysis.vision.gates.places import NoGates, find, gates_of
from analysis.vision.gates.reading import read
from analysis.vision.probe import Shared
from tests.analysis.vision.gates.networks import Small


def numbers(count: int, side: int = 8, seed: int = 0) -> Tensor:
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def shipped() -> nn.Module:
    return voices.load(voices.voice("cifar_se_resnet20"), torch.device("cpu"))


def answer(network: nn.Module, images: Tensor) -> Tensor:
    with torch.no_grad():
        return network(images)


def test_a_gate_set_to_its_own_value_changes_no_bit(shipped: nn.Module) -> None:
    image = numbers(1, 32)
    before = answer(shipped, image)
    for reading in read(shipped, image):
        with changed(shipped, reading.gate.name, to_values(reading.scale[0])):
            assert torch.equal(answer(shipped, image), before)


def test_a_gate_of_one_is_the_network_without_the_multiplication(shipped: nn.Module) -> None:
    images = numbers(2, 32)
    for gate in gates_of(shipped):
        without = copy.deepcopy(shipped)
        without.set_submodule(gate.name, nn.Identity())
        with changed(shipped, gate.name, to_one):
            assert torch.equal(answer(shipped, images), answer(without, images))


def test_a_shut_channel_is_a_network_whose_channel_is_zero() -> None:
    network, images = Small(), numbers(2)
    scale = read(network, images)[0].scale
    strongest = scale.argmax(1)
    rest = network.gates[1]
    with torch.no_grad():
        maps = network.conv(images) * torch.from_numpy(scale)[..., None, None]
        for image, channel in enumerate(strongest):
            maps[image, channel] = 0
        expected = network.fc(rest(maps).mean((2, 3)))
    with changed(network, "gates.0", without_strongest):
        torch.testing.assert_close(answer(network, images), expected)
    with changed(network, "gates.0", each_without(strongest.tolist())):
        torch.testing.assert_close(answer(network, images), expected)


def test_a_mean_of_the_wrong_width_and_an_unknown_gate_are_refused() -> None:
    network = Small()
    with (
        changed(network, "gates.0", to_values(np.ones(3, np.float32))),
        pytest.raises(ValueError, match="8 channels"),
    ):
        answer(network, numbers(1))
    with (
        pytest.raises(ValueError, match=r"no gate 'conv'; this network has gates\.0, gates\.1"),
        changed(network, "conv", to_one),
    ):
        pass


def hooks(network: nn.Module) -> int:
    return sum(len(module._forward_hooks) for module in network.modules())


def test_the_network_is_itself_again_after_success_and_after_failure() -> None:
    network, image = Small().train(), numbers(1)
    before = answer(network, image)
    with changed(network, "gates.1", to_one):
        assert not torch.equal(answer(network, image), before)
    with pytest.raises(ZeroDivisionError), changed(network, "gates.1", to_one):
        raise ZeroDivisionError
    means = {"gates.0": np.ones(8, np.float32), "gates.1": np.ones(3, np.float32)}
    with pytest.raises(ValueError, match="8 channels"):
        effects(network, image, None, means)
    assert torch.equal(answer(network, image), before)
    assert hooks(network) == 0
    assert network.training


class Planted(nn.Module):
    """Class 0 is told by channel 5 alone, class 1 by channel 2 alone; every gate is 1/2."""

    def __init__(self) -> None:
        super().__init__()
        from cnn_models.families.senet import SqueezeExcite

        self.conv = nn.Conv2d(3, 8, 1, bias=False)
        self.se = SqueezeExcite(8, 2)
        self.fc = nn.Linear(8, 2, bias=False)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)
        with torch.no_grad():
            self.conv.weight[5, 0] = self.conv.weight[2, 1] = 1.0
            self.fc.weight[0, 5] = self.fc.weight[1, 2] = 4.0

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.se(self.conv(x)).mean((2, 3)))


def of_class(label: int, count: int = 1) -> Tensor:
    image = torch.zeros(count, 3, 4, 4)
    image[:, label] = 1.0
    return image


def test_the_planted_channel_is_the_one_that_the_class_needs() -> None:
    values = without_each(Planted(), of_class(0), "se", range(8), target=0)
    with_gate = 1 / (1 + np.exp(-4 * 0.5))  # scores 4 · 1/2 and 0
    expected = np.full(8, with_gate)
    expected[5] = 0.5
    np.testing.assert_allclose(values, expected, rtol=1e-6)


def test_effects_are_those_of_the_softmax_by_hand() -> None:
    images = torch.cat([of_class(0), of_class(1)])
    found = effects(Planted(), images, np.array([0, 0]), {"se": np.full(8, 0.25, np.float32)})
    (gate,) = gates_of(Planted())

    def share(score: float) -> list[float]:
        """Of class 0, which the first image shows and the second does not."""
        return [1 / (1 + np.exp(-score)), 1 / (1 + np.exp(score))]

    np.testing.assert_allclose(found.untouched.probability, share(2), rtol=1e-6)
    np.testing.assert_allclose(found.of(gate, "one").probability, share(4), rtol=1e-6)
    np.testing.assert_allclose(found.of(gate, "mean").probability, share(1), rtol=1e-6)
    assert found.untouched.right(np.array([0, 0])) == 0.5
    assert found.untouched.right(np.array([0, 1])) == 1.0


def test_effects_report_every_pass_and_refuse_what_has_no_gate() -> None:
    told: list[tuple[int, int]] = []
    means = {"gates.0": np.ones(8, np.float32), "gates.1": np.ones(8, np.float32)}
    effects(Small(), numbers(2), None, means, lambda done, total: told.append((done, total)))
    total = 1 + 2 * len(KINDS)
    assert told == [(done, total) for done in range(total)]
    with pytest.raises(NoGates):
        effects(nn.Conv2d(3, 4, 1), numbers(1), None, {})


def test_sessions_at_once_do_not_see_each_others_changes() -> None:
    shared, start = Shared(Small()), threading.Barrier(8)
    inputs = [numbers(1, seed=seed) for seed in range(8)]

    def shut(image: Tensor) -> np.ndarray:
        start.wait()
        return without_each(shared, image, "gates.0", range(8), target=0)

    alone = [without_each(Small(), image, "gates.0", range(8), target=0) for image in inputs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(shut, inputs))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not hooks(shared.model)
    assert find(shared.model)
