import numpy as np
import pytest

from analysis.vision.maps.target import LIKELIEST, NEXT, NOTHING, distinct, known_to_any, target_of

CLASSES = ("ring", "star", "heart")
SHARES = np.array([0.2, 0.7, 0.1])


@pytest.mark.parametrize(
    ("wanted", "against", "index", "other", "words"),
    [
        (LIKELIEST, NOTHING, 1, None, "star"),
        (LIKELIEST, NEXT, 1, 0, "star rather than ring"),
        ("heart", NEXT, 2, 1, "heart rather than star"),
        ("heart", "ring", 2, 0, "heart rather than ring"),
    ],
)
def test_the_class_and_the_other(wanted, against, index, other, words):
    target = target_of("Net", CLASSES, SHARES, wanted, against)
    assert (target.index, target.against, target.words, target.note) == (index, other, words, "")


def test_a_class_of_another_network_is_replaced_and_said():
    target = target_of("LeNet", CLASSES, SHARES, "7", "8")
    assert (target.index, target.against) == (1, None)
    assert "LeNet does not know the class 7" in target.note
    assert "class 8" in target.note


def test_a_class_is_not_held_against_itself():
    target = target_of("Net", CLASSES, SHARES, LIKELIEST, "star")
    assert target.against is None
    assert "star cannot be held against itself" in target.note


def test_one_class_alone_has_no_next():
    assert target_of("Net", ["all"], np.array([1.0]), LIKELIEST, NEXT).against is None


def test_two_classes_of_one_name_are_told_apart():
    names = distinct(["crane", "ant", "crane"])
    assert names == ("crane (0)", "ant", "crane (2)")
    shares = np.array([0.6, 0.3, 0.1])
    assert target_of("Net", ["crane", "ant", "crane"], shares, "crane (2)", NOTHING).index == 2
    assert known_to_any([["ant", "bee"], ["bee", "cat"]]) == ["ant", "bee", "cat"]
