"""Gates as they are read against their own arithmetic, done again with numpy."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from analysis.vision.gates.places import NoGates, find
from analysis.vision.gates.reading import read
from analysis.vision.probe import Shared
from tests.analysis.vision.gates.networks import IN_PAPERS, Small, filled

SIDES = {"se_inception_resnet_v2": 96}  # the smallest that it takes; the others get 32


def numbers(count: int, side: int, seed: int = 0) -> Tensor:
    return torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(seed))


def sigmoid(values: np.ndarray) -> np.ndarray:
    return np.exp(-np.logaddexp(0, -values))


def by_hand(gate: nn.Module, maps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """z and s of maps (N, C, H, W): means, two matrices, and the functions the papers name."""
    layers = [m for m in gate.children() if isinstance(m, nn.Conv2d)]
    (first, b1), (second, b2) = (
        [p.detach().double().numpy().reshape(len(p), -1) for p in layer.parameters()]
        for layer in layers
    )
    z = maps.astype(np.float64).mean((2, 3))  # (N, C)
    middle = z @ first.T + b1[:, 0]
    is_silu = any(isinstance(m, nn.SiLU) for m in gate.children())  # EfficientNet
    middle = middle * sigmoid(middle) if is_silu else np.maximum(middle, 0)
    out = middle @ second.T + b2[:, 0]
    is_hard = any(isinstance(m, nn.Hardsigmoid) for m in gate.children())  # MobileNet v3
    return z, np.clip(out + 3, 0, 6) / 6 if is_hard else sigmoid(out)


def keep(passed: dict, name: str, gate: nn.Module, inputs: Sequence[Tensor], out: Tensor) -> None:
    """Note what goes into a gate and what comes out."""
    passed[name] = (gate, inputs[0].numpy(), out.numpy())


@pytest.mark.parametrize("key", IN_PAPERS)
def test_gates_are_their_own_arithmetic(key: str) -> None:
    network, image = filled(key), numbers(1, SIDES.get(key, 32))
    passed: dict[str, tuple[nn.Module, np.ndarray, np.ndarray]] = {}
    for name in find(network):
        note = partial(keep, passed, name)
        network.get_submodule(name).register_forward_hook(note)
    found = read(network, image)
    assert len(found) == IN_PAPERS[key]
    for reading in found:
        gate, maps, output = passed[reading.gate.name]
        z, s = by_hand(gate, maps)
        reach = np.abs(maps).max()  # sums of float32 lose what is small against their terms
        np.testing.assert_allclose(reading.squeezed, z, atol=1e-6 * reach)
        np.testing.assert_allclose(reading.scale, s, atol=2e-6)
        np.testing.assert_allclose(output, maps * reading.scale[..., None, None], rtol=1e-6)


def test_a_batch_gives_what_its_images_give_alone() -> None:
    network, images = Small(), numbers(70, 8)  # more than go through at once
    told: list[tuple[int, int]] = []
    together = read(network, images, lambda done, total: told.append((done, total)))
    assert told[0] == (0, 70)
    assert told[-1] == (70, 70)
    assert len(told) == 3
    for image in (0, 69):
        for many, one in zip(together, read(network, images[image : image + 1]), strict=True):
            np.testing.assert_allclose(many.scale[image], one.scale[0], atol=1e-6)
            np.testing.assert_allclose(many.squeezed[image], one.squeezed[0], atol=1e-6)


def test_a_network_without_gates_is_refused_with_a_way_out() -> None:
    with pytest.raises(NoGates, match=r"has no squeeze-and-excitation gate.*MobileNet v3"):
        read(nn.Sequential(nn.Conv2d(3, 4, 1), nn.Sigmoid()), numbers(1, 4))


def test_no_image_and_broken_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(0, 3, 4, 4\)"):
        read(Small(), numbers(0, 4))
    with pytest.raises(ValueError, match="not finite"):
        read(Small(), numbers(1, 4) * torch.inf)


class Stopped(BaseException):
    pass


def stop(done: int, _: int) -> None:
    if done:
        raise Stopped


def test_nothing_is_left_behind_when_it_is_stopped() -> None:
    network = Small().train()
    with pytest.raises(Stopped):
        read(network, numbers(70, 8), stop)
    assert network.training
    assert not any(m._forward_hooks for m in network.modules())


def test_eight_threads_on_one_network_get_eight_right_answers() -> None:
    shared = Shared(Small())
    inputs = [numbers(3, 8, seed) for seed in range(8)]
    alone = [read(Small(), images)[1].scale for images in inputs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda images: read(shared, images)[1].scale, inputs))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)
