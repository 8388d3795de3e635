"""Which modules of a network are gates."""

import pytest
import torch
from torch import Tensor, nn

import cnn_models
from analysis.vision.gates.places import examples, gates_of, gates_of_key
from tests.analysis.vision.gates.networks import IN_PAPERS


def test_no_other_network_has_a_gate() -> None:
    """The first of every family; those with gates are counted where their gates are read."""
    first: dict[str, str] = {}
    for key in cnn_models.names():
        if key not in IN_PAPERS:
            first.setdefault(cnn_models.spec(key).family, key)
    assert {key for key in first.values() if gates_of_key(key)} == set()


def test_a_gate_says_its_sizes_and_its_function() -> None:
    first, *_, last = gates_of_key("mobilenet_v3_small")  # Table 2: 16 and 576 channels
    assert (first.name, first.block, first.channels) == ("stage1.0.se", "stage1.0", 16)
    assert (last.channels, last.squeezed, last.function) == (576, 144, "hard sigmoid")
    assert gates_of_key("se_resnet50")[0].function == "sigmoid"


class Linear(nn.Module):
    """A gate as others write it: linear layers, without biases, the parts in another order."""

    def __init__(self, channels: int, squeezed: int, end: nn.Module, back: int) -> None:
        super().__init__()
        self.end = end
        self.second = nn.Linear(squeezed, back, bias=False)
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.first = nn.Linear(channels, squeezed, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        z = self.pool(x).flatten(1)
        return x * self.end(self.second(self.first(z).relu()))[..., None, None]


def test_only_what_gates_its_own_channels_is_a_gate() -> None:
    assert gates_of(nn.Sequential(Linear(8, 2, nn.Tanh(), 8))) == ()
    assert gates_of(nn.Sequential(Linear(8, 2, nn.Sigmoid(), 4))) == ()
    assert gates_of(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))) == ()


def test_examples_start_with_those_asked_for_and_are_of_several_families() -> None:
    first, second = examples(["cifar_resnet20", "cifar_se_resnet20"], 2)
    assert (first, second in IN_PAPERS) == ("cifar_se_resnet20", True)
    assert cnn_models.spec(first).family != cnn_models.spec(second).family


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_the_parts_are_told_by_what_they_do(order: tuple[str, str]) -> None:
    class Either(Linear):
        def __init__(self) -> None:
            super().__init__(8, 2, nn.Sigmoid(), 8)
            modules = dict(self.named_children())
            for name in order:
                delattr(self, name)
            for name in order:
                setattr(self, name, modules[name])

    (gate,) = gates_of(nn.Sequential(Either()))
    assert (gate.channels, gate.squeezed, gate.biased, gate.block) == (8, 2, False, "0")
    assert torch.is_tensor(Either()(torch.ones(2, 8, 3, 3)))
