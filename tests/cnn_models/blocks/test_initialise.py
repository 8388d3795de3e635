"""He's rule against the numbers of its paper, and the words in which specs say it."""

from math import sqrt

import pytest
import torch
from torch import nn

from cnn_models.blocks.initialise import he_in_words, he_normal


@pytest.mark.parametrize(
    ("groups", "mode", "per_unit"),
    [
        (1, "fan_in", 64 * 9),
        (1, "fan_out", 256 * 9),
        (8, "fan_in", 64 / 8 * 9),  # of its own group
        (8, "fan_out", 256 * 9),  # of all groups
        (64, "fan_out", 256 * 9),
    ],
)
def test_the_deviation_of_a_convolution_is_that_of_its_fan(groups, mode, per_unit):
    torch.manual_seed(0)
    conv = nn.Conv2d(64, 256, 3, groups=groups)
    he_normal(conv, mode)
    assert conv.weight.std().item() == pytest.approx(sqrt(2 / per_unit), rel=0.05)
    assert conv.bias is not None
    assert not conv.bias.any()


def test_a_linear_layer_starts_at_a_hundredth():
    torch.manual_seed(0)
    linear = nn.Linear(300, 100)
    he_normal(linear)
    assert linear.weight.std().item() == pytest.approx(0.01, rel=0.05)
    assert not linear.bias.any()


def test_the_words_say_where_the_rule_is_named_and_what_is_counted():
    assert he_in_words("inputs") == (
        "He's normal rule, variance 2 / inputs of a unit; linear layers normal, "
        "standard deviation 0.01; the paper names none"
    )
    assert he_in_words("outputs", "Section 4", grouped=True) == (
        "He's normal rule (Section 4), variance 2 / outputs of a unit, those of other groups "
        "counted in; linear layers normal, standard deviation 0.01"
    )
