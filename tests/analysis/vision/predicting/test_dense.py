"""Sliding a network over larger pictures, against moving it by hand."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

import cnn_models
from analysis.vision import voices
from analysis.vision.predicting import dense
from analysis.vision.predicting.fully_convolutional import fully_convolutional
from analysis.vision.prediction import predict

SIDE = 6
OTHERS = ("googlenet", "squeezenet1_1", "cifar_se_resnet20", "sppnet_zf5")


class Averaging(nn.Module):
    """One position of a 6 × 6 window, then the mean of each map: any size goes."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.relu = nn.Conv2d(3, 4, SIDE), nn.ReLU()
        self.pool, self.fc = nn.AdaptiveAvgPool2d(1), nn.Linear(4, 5)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(self.pool(self.relu(self.conv(x))).flatten(1))


class Flattening(nn.Module):
    """The head of VGG: maps of 2 × 2, behind an adaptive pooling, into two linear layers."""

    def __init__(self, pool: bool = True) -> None:
        super().__init__()
        self.conv, self.relu, self.shrink = nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2)
        self.pool = nn.AdaptiveAvgPool2d(2) if pool else nn.Identity()
        self.head = nn.Sequential(
            nn.Flatten(), nn.Linear(16, 7), nn.ReLU(), nn.Dropout(), nn.Linear(7, 5)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pool(self.shrink(self.relu(self.conv(x)))))


class Mixing(nn.Module):
    """Every pixel has a weight of its own, and a function that is not known comes in between."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(3 * SIDE * SIDE, 5)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cumsum(self.fc(x.flatten(1)), dim=1)


def slid(model: nn.Module, x: Tensor, step: int) -> Tensor:
    """Mean of the scores of all windows of 6 × 6, `step` pixels apart."""
    height, width = x.shape[2:]
    parts = [
        x[:, :, top : top + SIDE, left : left + SIDE]
        for top in range(0, height - SIDE + 1, step)
        for left in range(0, width - SIDE + 1, step)
    ]
    with torch.no_grad():
        return torch.stack([model(part) for part in parts]).mean(0)


@pytest.mark.parametrize(
    ("kind", "step"), [(Averaging, 1), (Flattening, 2), (lambda: Flattening(pool=False), 2)]
)
def test_dense_evaluation_is_the_network_moved_over_the_image(kind, step: int) -> None:
    torch.manual_seed(0)
    model = kind().eval()
    sliding = fully_convolutional(model, (3, SIDE, SIDE))
    x = torch.randn(1, 3, 10, 14)
    with torch.no_grad():
        torch.testing.assert_close(sliding(x), slid(model, x, step))
        torch.testing.assert_close(sliding(x[..., :6, :6]), model(x[..., :6, :6]))


def test_the_network_itself_is_left_as_it_was() -> None:
    model = Flattening().eval()
    before = [type(module) for module in model.modules()]
    sliding = fully_convolutional(model, (3, SIDE, SIDE))
    assert [type(module) for module in model.modules()] == before
    weights = {p.data_ptr() for p in model.parameters()}
    assert {p.data_ptr() for p in sliding.parameters()} == weights  # nothing is held twice


def test_the_trial_names_the_layer_that_refuses() -> None:
    with torch.device("meta"):
        model = Mixing()
    said = dense.trial(model, (3, SIDE, SIDE), (6, 8))
    # 3 × 8 × 16 values: every second size is tried twice as wide as high
    assert "would get 384 values, and it has weights for 108" in said
    assert dense.trial(model, (3, SIDE, SIDE), ()) == ""


@pytest.mark.parametrize("key", ["vgg11", "alexnet", *OTHERS])
def test_networks_of_the_lectures_slide(key: str) -> None:
    assert dense.refusal(voices.voice(key)) == ""


def test_a_reader_of_digits_does_not_slide() -> None:
    assert "1 image" in dense.refusal(voices.voice("lenet5_modern"))


def test_the_head_of_vgg_becomes_convolutions_of_its_paper() -> None:
    """7 × 7 and two of 1 × 1 (section 3.2); on 288 pixels they leave 3 × 3 scores."""
    with torch.device("meta"):
        model = cnn_models.build("vgg11").eval()
        sliding = fully_convolutional(model, (3, 224, 224))
        kernels = [m.kernel_size for m in sliding.modules() if isinstance(m, nn.Conv2d)]
        shapes: list[torch.Size] = []
        last = [m for m in sliding.modules() if isinstance(m, nn.Conv2d)][-1]
        last.register_forward_hook(lambda *given: shapes.append(given[2].shape))
        sliding(torch.empty(1, 3, 288, 288))
    assert kernels[-3:] == [(7, 7), (1, 1), (1, 1)]
    assert tuple(shapes[0]) == (1, 1000, 3, 3)


def test_sizes_and_answers_of_a_network_that_ships() -> None:
    speaker = voices.voice("cifar_resnet20")
    model = voices.load(speaker, torch.device("cpu"))
    image = Image.fromarray(np.random.default_rng(0).integers(0, 255, (50, 400, 3), np.uint8))
    seen: list[tuple[int, int]] = []
    found = dense.dense(model, image, speaker, lambda *step: seen.append(step))
    # 32 · 256 / 224 = 36.6 and 32 · 288 / 224 = 41.1; twice as wide at most
    assert found.sizes == ((32, 64), (37, 74), (41, 82))
    assert found.pixels == pytest.approx((32 * 64 + 37 * 74 + 41 * 82) / 32**2)
    assert seen == [(0, 3), (1, 3), (2, 3)]
    expected = predict(model, dense.inputs(image, speaker)[1])
    np.testing.assert_allclose(found.shares[1], expected[0], rtol=1e-4)
