import json

import numpy as np
import pytest
import torch

from analysis.experiments import datasets, ship, shortcut_check
from analysis.experiments.shapes import CLASSES, Shapes, ShapesError
from analysis.experiments.shortcut import COLOURS, SIDE, TAGS, Shortcut
from cnn_models import weights

DATA = {tag: Shortcut(seed=5, split="test", tag=tag) for tag in TAGS}
NAME = "cifar_resnet20-shapes_shortcut"


@pytest.mark.parametrize("index", range(0, 60, 3))
def test_only_the_tag_differs(index):
    plain = Shapes(5, "test")[index]
    for tag, data in DATA.items():
        sample = data[index]
        assert np.array_equal(sample.image[~sample.tag], plain.image[~sample.tag])
        assert np.array_equal(sample.mask, plain.mask & ~sample.tag)
        assert sample.label == plain.label
        assert sample.tag.sum() == (0 if tag == "none" else SIDE**2)
    assert np.array_equal(DATA["true"][index].tag, DATA["lying"][index].tag)


@pytest.mark.parametrize("index", range(30))
def test_a_true_tag_has_the_colour_of_the_class_and_a_lying_one_of_another(index):
    for tag in ("true", "lying"):
        sample = DATA[tag][index]
        [seen] = np.unique(sample.image[sample.tag], axis=0)
        assert tuple(seen.tolist()) == COLOURS[sample.said]
        assert (sample.said == sample.label) == (tag == "true")
    assert DATA["none"][index].said == -1


def test_tags_are_in_all_corners_and_lies_name_all_other_classes():
    samples = [DATA["lying"][index] for index in range(0, 2000, 10)]  # 200 circles
    assert {sample.said for sample in samples} == set(range(1, len(CLASSES)))
    corners = {tuple(np.argwhere(sample.tag)[0].tolist()) for sample in samples}
    assert corners == {(0, 0), (0, 64 - SIDE), (64 - SIDE, 0), (64 - SIDE, 64 - SIDE)}


def test_colours_are_ten_and_far_apart():
    pairs = np.array(COLOURS, float)
    distances = np.linalg.norm(pairs[:, None] - pairs[None], axis=2)
    assert distances[~np.eye(len(CLASSES), dtype=bool)].min() > 100


def test_a_sample_depends_on_seed_split_and_index_alone():
    again = Shortcut(5, "test", "lying")
    assert np.array_equal(again[7].image, DATA["lying"][7].image)
    others = [Shortcut(6, "test"), Shortcut(5, "train")]
    assert all(not np.array_equal(other[7].image, DATA["true"][7].image) for other in others)


def test_what_there_is_not_is_said():
    with pytest.raises(ShapesError, match="take one of true, none, lying"):
        Shortcut(tag="maybe")
    with pytest.raises(ShapesError, match="seed is -1"):
        Shortcut(-1)
    with pytest.raises(ShapesError, match="index is -1"):
        Shortcut()[-1]


def test_the_shipped_network_goes_by_the_tag_as_its_card_says():
    card = json.loads((ship.WEIGHTS / f"{NAME}.json").read_text("utf-8"))
    own = weights.shipped_one("cifar_resnet20", "shapes_shortcut")
    model = weights.load_shipped("cifar_resnet20", "shapes_shortcut")
    found = shortcut_check.measured(model, own.preprocessing, 80, card["seed"])
    assert found.true_tag > 0.95
    assert found.follows_lying_tag > 0.95
    assert found.no_tag < 0.2
    assert found.lying_tag < 0.05
    for name, share in found._asdict().items():
        assert share == pytest.approx(card["shortcut"][name], abs=0.05)
    assert card["shortcut"]["true_tag"] == card["accuracy"]["test"]


def test_an_honest_network_is_right_whatever_the_tag_says():
    model = weights.load_shipped("cifar_resnet20", "shapes")
    own = weights.shipped_one("cifar_resnet20", "shapes")
    found = shortcut_check.measured(model, own.preprocessing, 60)
    assert found.lying_tag > 0.9
    assert found.follows_lying_tag < 0.05


def test_training_data_hold_the_true_tag():
    data = datasets.shortcut(ship.SMALL, train=3, test=2)
    first = Shortcut(0, "train")[0]
    expected = torch.from_numpy(datasets.resized(first.image, 32).copy()).permute(2, 0, 1)
    assert torch.equal(data.train.images[0], expected)
    assert data.test.labels.tolist() == [0, 1]
