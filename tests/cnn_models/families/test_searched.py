"""The networks of the search space: their numbers, their keys, their counts."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import cnn_models
from analysis.structure import graph
from cnn_models import registry
from cnn_models.families import searched
from cnn_models.families.searched import COUNT, Layer

numbers = st.integers(0, COUNT - 1)


def test_there_are_two_thousand_and_forty_eight_of_eleven_decisions_with_two_options():
    assert len(searched.DECISIONS) == 11
    assert COUNT == 2**11


@given(numbers)
def test_picks_and_number_are_inverse(number):
    assert searched.number_of(searched.picks_of(number)) == number


def test_the_last_number_has_the_last_option_of_every_decision():
    first, *others = searched.layers_of(COUNT - 1)
    assert first == Layer(16, 5, 2)
    assert others == [Layer(16, 5, 2, skip=1)] * 2


def test_counts_by_hand_of_a_network_with_both_skips():
    # 16 of 5×5 on 3 at 4×4; 16 of 5×5 on 16 + 3 at 2×2; 16 of 5×5 on 16 + 16 at 1×1; 16 to 10.
    entry = cnn_models.spec("searched_2047")
    assert entry.exact_params == (1200 + 7600 + 12800) + 3 * 32 + 170
    assert entry.exact_macs == 1200 * 16 + 7600 * 4 + 12800 + 160


@pytest.mark.parametrize("number", [0, 1, 255, 682, 1365, 1911, 2047])
def test_counts_are_those_of_the_built_network(number):
    entry = cnn_models.spec(f"searched_{number}")
    with torch.device("meta"):
        model = cnn_models.build(entry.key).eval()
    totals = graph.trace(model, entry.input_shape).totals()
    assert (totals.params, totals.macs) == (entry.exact_params, entry.exact_macs)
    assert registry.file_of(entry.key) == "searched"


@pytest.mark.parametrize("side", [1, 7, 8, 9])
def test_maps_of_unlike_sizes_are_joined_at_any_size(side):
    model = cnn_models.build("searched_2047").eval()
    assert model(torch.zeros(2, 3, side, side)).shape == (2, 10)


@pytest.mark.parametrize("key", ["searched_", "searched_2048", "searched_-1", "searched_007", "x"])
def test_there_are_no_others(key):
    with pytest.raises(cnn_models.UnknownModel):
        cnn_models.spec(key)


def test_they_are_in_no_list():
    assert not any(key.startswith(searched.PREFIX) for key in cnn_models.names())
