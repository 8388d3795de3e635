"""How long a map takes here and by Captum called plainly, on two threads.

Captum's defaults send one perturbed picture through the network at a time. Run with
`pytest tests/benchmarks --benchmark-enable`; each group is one method on one network.
"""

from collections.abc import Callable, Iterator

import pytest
import torch
from captum.attr import IntegratedGradients, Occlusion, Saliency
from torch import Tensor, nn

import cnn_models
from analysis.vision.attribution import Options, attribute

SIDES = {"cifar_resnet20": 32, "mobilenet_v1_x0_25": 64, "resnet18": 224}
TARGET = 1


@pytest.fixture(autouse=True)
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def by_captum(method: str, network: nn.Module, x: Tensor) -> Callable[[], object]:
    """The same map as ours with the same window and steps, one picture in a pass."""
    window = x.shape[2] // 7
    square, stride = (3, window, window), (3, window // 2, window // 2)
    calls: dict[str, Callable[[], object]] = {
        "saliency": lambda: Saliency(network).attribute(x, target=TARGET),
        "integrated_gradients": lambda: IntegratedGradients(network).attribute(
            x,
            target=TARGET,
            n_steps=Options().steps,
            internal_batch_size=1,
            return_convergence_delta=True,
        ),
        "occlusion": lambda: Occlusion(network).attribute(
            x, target=TARGET, sliding_window_shapes=square, strides=stride
        ),
    }
    return calls[method]


@pytest.mark.parametrize("who", ["atlas", "captum"])
@pytest.mark.parametrize("method", ["saliency", "integrated_gradients", "occlusion"])
@pytest.mark.parametrize("key", SIDES)
def test_a_map(benchmark, key, method, who):
    if benchmark.disabled and SIDES[key] > 32:
        pytest.skip("takes a minute: run by make benchmark")
    benchmark.group = f"{method} on {key}"
    network = cnn_models.build(key).eval()
    x = torch.randn(1, 3, SIDES[key], SIDES[key], generator=torch.Generator().manual_seed(0))
    captum = by_captum(method, network, x.clone().requires_grad_())
    ours = {"atlas": lambda: attribute(network, x, TARGET, method), "captum": captum}
    rounds = 1 if SIDES[key] > 64 else 3
    benchmark.pedantic(ours[who], rounds=rounds, warmup_rounds=1)
