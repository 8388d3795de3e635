"""What cannot be traced is refused in one sentence that says what would work."""

import pytest
import torch
from torch import nn

import cnn_models
from analysis.structure.graph import BadInput, NotTraceable, trace
from tests.networks import one_of_each_family


class Forward(nn.Module):
    def __init__(self, forward):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.run = forward

    def forward(self, x):
        return self.run(self, x)


class TwoImages(nn.Module):
    def forward(self, left, right):
        return left + right


@pytest.mark.parametrize(
    ("model", "shape", "sentence"),
    [
        (
            nn.Sequential(nn.Conv2d(3, 4, 3), nn.MaxPool2d(2)),
            (3, 3, 3),
            "1: the map is 1×1 here, its 2×2 window does not fit; try a larger input.",
        ),
        (
            nn.Sequential(nn.Conv2d(3, 4, 7)),
            (3, 5, 6),
            "0: the map is 5×6 here, its 7×7 window does not fit; try a larger input.",
        ),
        (nn.Sequential(nn.Conv2d(3, 4, 3)), (1, 9, 9), "0: it takes 3 channels and is given 1."),
        (nn.Sequential(nn.BatchNorm2d(3)), (1, 9, 9), "0: it takes 3 channels and is given 1."),
        (
            nn.Sequential(nn.Flatten(), nn.Linear(100, 3)),
            (3, 5, 5),
            "1: it takes 100 values and is given 75; this network needs another input size.",
        ),
        (
            nn.Sequential(nn.Conv2d(3, 4, 3)),
            (3, 9),
            "0: it takes maps with 2 spatial axes and is given 3 × 9.",
        ),
        (
            Forward(lambda m, x: m.conv(x) + x),
            (3, 5, 5),
            "add: the maps that meet here are 4 × 3 × 3 and 3 × 5 × 5, which do not go together.",
        ),
        (
            Forward(lambda m, x: m.conv(x)[:, :, 9:]),
            (3, 5, 5),
            "getitem: this slicing cannot take 4 × 3 × 3 (nothing would be left of it).",
        ),
    ],
)
def test_a_shape_that_does_not_fit_names_the_operation(model, shape, sentence):
    with pytest.raises(BadInput) as refusal:
        trace(model, shape)
    assert str(refusal.value) == sentence
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("shape", [(), (3, 0, 5), (3, -1, 5), (3, 2.5, 5), (1, 2, 3, 4, 5)])
def test_what_is_no_shape(shape):
    with pytest.raises(BadInput, match="is no input shape; give"):
        trace(nn.Sequential(nn.ReLU()), shape)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Forward(lambda m, x: m.conv(x) if x.sum() > 0 else x), "control flow"),
        (Forward(lambda m, x: m.conv(x) if x.shape[2] > 9 else x), "control flow"),
        (TwoImages(), "TwoImages takes left, right; what can be traced"),
        (nn.Sequential(nn.LazyConv2d(4, 3)), "run it once on an image"),
    ],
)
def test_no_fixed_graph_is_refused(model, words):
    with pytest.raises(NotTraceable, match=words) as refusal:
        trace(model, (3, 9, 9))
    assert "\n" not in str(refusal.value)


@one_of_each_family
def test_every_network_takes_a_small_input_or_says_why_not(key):
    with torch.device("meta"):
        model = cnn_models.build(key)
    side, channels = 20, cnn_models.spec(key).input_shape[0]
    said = "one score a class"
    try:
        g = trace(model, (channels, side, side))
    except BadInput as refusal:
        said = str(refusal)
    else:
        assert g.operations[-1].output_shape == (cnn_models.spec(key).num_classes,)
    sentences = ("does not fit; try a larger", "needs another input size", "one score a class")
    assert any(sentence in said for sentence in sentences)
    assert "\n" not in said
