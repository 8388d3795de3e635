"""Averages of several networks, and what they agree on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.vision import voices
from analysis.vision.predicting import agreement, together
from analysis.vision.prediction import Prediction

SAID = np.array([[0, 1, 2, 2], [0, 1, 0, 2], [1, 1, 0, -1]])
TRUTH = np.array([0, 1, 1, 1])


def test_an_average_by_hand() -> None:
    shares = np.array([[0.8, 0.2, 0.0], [0.1, 0.3, 0.6], [0.3, 0.1, 0.6]])
    np.testing.assert_allclose(together.average(shares), [0.4, 0.2, 0.4])
    np.testing.assert_allclose(together.average(shares[:, None]), [[0.4, 0.2, 0.4]])
    with pytest.raises(ValueError, match="at least one"):
        together.average(np.zeros((0, 3)))


@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 99))
def test_an_average_stays_between_its_members_and_adds_up(m: int, n: int, seed: int) -> None:
    shares = np.random.default_rng(seed).dirichlet(np.ones(7), (m, n))
    mean = together.average(shares)
    np.testing.assert_allclose(mean.sum(axis=1), 1)
    assert (mean <= shares.max(axis=0) + 1e-12).all()
    assert (mean >= shares.min(axis=0) - 1e-12).all()


def test_only_networks_with_the_same_classes_are_put_together() -> None:
    keys = ["cifar_resnet20", "lenet5_modern", "mobilenet_v1_x0_25", "lenet5"]
    groups = [[v.key for v in group] for group in together.groups([voices.voice(k) for k in keys])]
    # the digits of one are names, the outputs of the other are not
    assert groups == [
        ["cifar_resnet20", "mobilenet_v1_x0_25"],
        ["lenet5_modern"],
        ["lenet5"],
    ]
    one = voices.voice("cifar_resnet20")
    turned = replace(one, classes=one.classes[::-1])
    assert len(together.groups([one, turned])) == 2  # the same names in another order


def test_the_sentence_names_who_is_outvoted() -> None:
    star, ring = Prediction(1, 4, "star", 0.6), Prediction(1, 6, "ring", 0.9)
    said = together.notice(star, {"A": star, "B": ring})
    assert "**star** with 60.0%" in said
    assert "B says ring with 90.0%" in said
    assert "B is outvoted" in said


@pytest.mark.parametrize(
    ("right", "said"), [(0.98, "gains 3 images"), (0.95, "gains nothing"), (0.94, "loses 1 image:")]
)
def test_the_verdict_counts_images(right: float, said: str) -> None:
    text = together.verdict(["A", "B"], [0.90, 0.95], right, 100)
    assert said in text
    assert "B, on 5" in text


def test_agreement_by_hand() -> None:
    """The third network has no answer to the last image: only three count for its pairs."""
    expected = [[1, 3 / 4, 1 / 3], [3 / 4, 1, 2 / 3], [1 / 3, 2 / 3, 1]]
    np.testing.assert_allclose(agreement.agreement(SAID), expected)


def test_same_mistakes_by_hand() -> None:
    """Both 0 or both 2 where 1 is right; the diagonal is each network's share of errors."""
    expected = [[2 / 4, 1 / 4, 0], [1 / 4, 2 / 4, 1 / 3], [0, 1 / 3, 2 / 3]]
    np.testing.assert_allclose(agreement.same_mistakes(SAID, TRUTH), expected)


def test_networks_without_a_common_image_have_no_share() -> None:
    found = agreement.agreement(np.array([[0, -1], [-1, 0]]))
    assert np.isnan(found[0, 1])
    assert found[0, 0] == 1
    assert agreement.notice(["A", "B"], found, 2) == ""


def test_sentences_quote_the_matrices() -> None:
    said = agreement.notice(["A", "B", "C"], agreement.agreement(SAID), 4)
    assert "A and B agree most" in said
    assert "75.0% of 4 images" in said
    assert "A and C agree least, for 33.3%" in said
    wrong = agreement.mistakes_notice(SAID[:2], TRUTH, ["A", "B"])
    assert "A is wrong on 2 of 4 images and B on 2; on 2 both are, and on 1 they" in wrong
