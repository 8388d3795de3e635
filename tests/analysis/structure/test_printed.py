"""Numbers as papers print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnn_models
from analysis.structure.printed import Printed, parsed


@pytest.mark.parametrize(
    ("text", "value", "step"),
    [
        ("3.8 × 10⁹", 3.8e9, 1e8),
        ("7.6 x 10^9", 7.6e9, 1e8),
        ("11.3e9", 11.3e9, 1e8),
        ("25.6M", 25.6e6, 1e5),
        ("138 M", 138e6, 1e6),
        ("0.27 M", 270_000, 10_000),
        ("60 million", 60e6, 1e6),
        ("60,000", 60_000, 1),
        ("340,908 connections", 340_908, 1),
        ("1.5 G", 1.5e9, 1e8),
        ("5.5 billion", 5.5e9, 1e8),
        ("3.87 GFLOPs", 3.87e9, 1e7),
        ("140 MFLOPs", 140e6, 1e6),
        ("about 5M", 5e6, 1e6),
        ("463K", 463_000, 1000),
        ("22.85%", 22.85, 0.01),
        ("0.95", 0.95, 0.01),
    ],
)
def test_value_and_last_digit(text: str, value: float, step: float) -> None:
    number = parsed(text)
    assert number is not None
    assert number.value == pytest.approx(value, rel=1e-12)
    assert number.step == pytest.approx(step, rel=1e-12)


@pytest.mark.parametrize("text", ["", "not given", "–"])
def test_text_without_a_number(text: str) -> None:
    assert parsed(text) is None


def test_rounding_and_cutting_off() -> None:
    number = parsed("3.8 × 10⁹")
    assert number is not None
    assert not number.rounds(3_857_973_248)
    assert number.truncates(3_857_973_248)
    assert number.rounds(3_849_999_999)
    assert number.rounds(3_750_000_000)
    assert not number.truncates(3_799_999_999)
    assert not number.truncates(3_900_000_000)


def test_one_digit_is_not_cut_off() -> None:
    number = parsed("5 billion")
    assert number is not None
    assert not number.truncates(5_713_216_096)


@given(count=st.integers(1000, 10**12), digits=st.integers(1, 4))
def test_a_rounded_count_is_recognised(count: int, digits: int) -> None:
    number = parsed(f"{count / 1e6:.{digits}f} M")
    assert number is not None
    assert number.rounds(count)


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_printed_figure_of_the_registry_is_read(key: str) -> None:
    for figure in cnn_models.spec(key).published:
        assert isinstance(parsed(figure.value), Printed), figure
