import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.structure import pareto

# Few values, so that ties and twins are common.
CHOICES = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), max_size=12)


def is_beaten(one: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(other[0] <= one[0] and other[1] >= one[1] and other != one for other in others)


@given(CHOICES)
def test_the_front_is_what_nothing_beats(choices: list[tuple[int, int]]) -> None:
    costs, gains = [cost for cost, _ in choices], [gain for _, gain in choices]
    members = pareto.front(costs, gains)
    unbeaten = [place for place, one in enumerate(choices) if not is_beaten(one, choices)]
    assert sorted(members) == unbeaten
    assert [costs[place] for place in members] == sorted(costs[place] for place in members)


@given(CHOICES.filter(bool))
def test_the_saving_is_that_of_the_cheapest_as_good(choices: list[tuple[int, int]]) -> None:
    costs, gains = [cost for cost, _ in choices], [gain for _, gain in choices]
    for place in range(len(choices)):
        other, factor = pareto.saving(costs, gains, place)
        assert gains[other] >= gains[place]
        assert factor == costs[place] / min(c for c, g in choices if g >= gains[place])
        assert (factor == 1) == all(c >= costs[place] for c, g in choices if g >= gains[place])


@pytest.mark.parametrize("broken", [([1.0], [math.nan]), ([math.nan], [1.0]), ([1.0, 2.0], [1.0])])
def test_what_cannot_be_compared_is_refused(broken: tuple[list[float], list[float]]) -> None:
    with pytest.raises(ValueError, match=r"not a number|costs but"):
        pareto.front(*broken)
