"""The tensors that are alive at once, against a run that frees each after its last use."""

import pytest
import torch
from torch import fx, nn

import cnn_models
from analysis.structure import graph, liveness
from analysis.structure.held import Held, inference_peak

KEYS = ["vgg11", "squeezenet1_1", "mobilenet_v2", "cifar_resnet20"]


def most_alive(network: nn.Module, image: torch.Tensor) -> int:
    """Bytes, with the image and without the weights, at the worst moment."""
    held = Held()
    weights = (*network.parameters(), *network.buffers())
    held.count(weights)
    before = held.now
    held.count([image])
    with torch.no_grad(), held:
        network(image)
    return held.peak - before


@pytest.mark.parametrize("key", KEYS)
def test_against_a_run_that_frees_early(key, traced):
    with torch.device("meta"):
        model = cnn_models.build(key).eval()
        image = torch.empty(1, *cnn_models.spec(key).input_shape)
    measured = most_alive(fx.symbolic_trace(model), image)
    norms = [m.num_features for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    spare = 2 * 4 * max(norms, default=0)  # on meta tensors batch norm returns its statistics
    assert 0 <= measured - 4 * liveness.peak(traced(key)).values <= spare
    assert most_alive(model, image) >= measured  # Python's variables hold more


def test_vgg_holds_two_maps_of_its_first_stage(traced):
    worst = liveness.peak(traced("vgg16"))
    assert (worst.image, worst.maps) == (3 * 224 * 224, 2 * 64 * 224 * 224)
    assert worst.holders == ("stage1.conv1", "stage1.relu1")


class Shortcut(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.widen, self.same = nn.Conv2d(1, 2, 1), nn.Conv2d(2, 2, 1)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.widen(x)
        return self.relu(self.same(self.same(x)) + x).flatten(1)


def test_a_shortcut_keeps_its_map_alive():
    found = liveness.moments(graph.trace(Shortcut(), (1, 4, 4)))
    assert [(one.operation, one.maps) for one in found] == [
        ("widen", 32),
        ("same", 64),
        ("same#2", 96),
        ("add", 96),
        ("relu", 32),  # in place
        ("flatten", 32),  # a view
    ]


def test_inference_holds_the_weights_too():
    with torch.device("meta"):
        layer = nn.Linear(100, 10, bias=False)
    assert inference_peak(layer, (100,), 2, "float32") == 4 * (1000 + 2 * 100 + 2 * 10)
    with torch.device("meta"):
        layer = nn.Linear(100, 10, bias=False)
    assert inference_peak(layer, (100,), 2, "half") == 2 * (1000 + 2 * 100 + 2 * 10)
