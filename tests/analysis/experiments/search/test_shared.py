"""The shared weights: a child computes what a network of its own with them computes."""

import pytest
import torch

from analysis.experiments.data import Split
from analysis.experiments.search.shared import Shared, SharedLayer
from cnn_models.families.searched import COUNT, Searched, layers_of


def number_with(**wanted: tuple[int, ...]) -> int:
    """The first network whose layers have these values."""
    for number in range(COUNT):
        layers = layers_of(number)
        if all(tuple(getattr(own, name) for own in layers) == w for name, w in wanted.items()):
            return number
    raise AssertionError(wanted)


NUMBERS = (
    0,
    2047,
    number_with(filters=(4, 16, 4), skip=(0, 1, 0), stride=(2, 1, 2)),
    number_with(filters=(16, 4, 16), skip=(0, 0, 1), kernel=(3, 5, 3)),
    number_with(skip=(0, 1, 1), stride=(2, 2, 2), filters=(4, 4, 16)),
)


@pytest.fixture(scope="module")
def shared() -> Shared:
    shared = Shared(0)
    generator = torch.Generator().manual_seed(1)
    for weights in shared.parameters():
        weights.data.add_(torch.rand(weights.shape, generator=generator), alpha=0.2)
    return shared


def alone(shared: Shared, number: int) -> Searched:
    """A network of its own with a copy of the weights that this child uses."""
    model, last, before = Searched(number=number), 3, 0
    copied = {"fc.bias": shared.fc.bias.data}
    for place, layer in enumerate(model.plan, start=1):
        own = shared.layers[place - 1]
        assert isinstance(own, SharedLayer)
        names = ("conv.weight", "bn.weight", "bn.bias")
        for name, values in zip(names, own.part(layer, last, before), strict=True):
            copied[f"conv{place}.{name}"] = values.detach()
        last, before = layer.filters, last
    copied["fc.weight"] = shared.fc.weight.data[:, :last]
    model.load_state_dict(copied, strict=False)
    return model.train()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_child_is_the_network_with_a_copy_of_its_part(shared: Shared, number: int) -> None:
    images = torch.randn(7, 3, 8, 8, generator=torch.Generator().manual_seed(2))
    own = alone(shared, number)
    torch.testing.assert_close(shared(images, number), own(images), rtol=1e-4, atol=1e-4)


def test_a_step_of_one_child_changes_another_where_they_share(shared: Shared) -> None:
    images = torch.randn(4, 3, 8, 8, generator=torch.Generator().manual_seed(2))
    shared.zero_grad()
    shared(images, 0).sum().backward()  # kernels of 3 × 3, four filters, no skip
    first = shared.get_parameter("layers.0.convs.3.weight").grad
    assert first is not None
    assert first[:4].abs().min() > 0
    assert first[4:].abs().max() == 0
    assert shared.get_parameter("layers.0.convs.5.weight").grad is None


def test_the_accuracy_is_a_share(shared: Shared) -> None:
    images = torch.randn(20, 3, 8, 8, generator=torch.Generator().manual_seed(2))
    labels = shared(images, 5).argmax(1)
    wrong = torch.where(torch.arange(20) < 5, (labels + 1) % 10, labels)
    assert shared.accuracy(5, Split(images, wrong)) == 0.75


def test_the_seed_decides_the_first_weights() -> None:
    one, two, other = (list(Shared(seed).parameters()) for seed in (3, 3, 4))
    assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))
    assert not torch.equal(one[0], other[0])
