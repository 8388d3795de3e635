"""The rule that turns a printed and a computed number into a verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.structure.lecture.claims import Stated
from analysis.structure.lecture.findings import Answer, Reading
from analysis.structure.lecture.verdict import Fit, Verdict, fit, judge, significant


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("60M", 1),
        ("60.97M", 4),
        ("138M", 3),
        ("15300M", 3),
        ("1000K", 1),
        ("11.0M", 3),
        ("20.50%", 4),
        ("1.8 × 10⁹", 2),
        ("3.86 GFLOPs", 3),
        ("102,760,448", 9),
        ("0.6M", 1),
    ],
)
def test_significant_digits(text: str, digits: int) -> None:
    assert significant(text).digits == digits


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("60M", 60_000_000, Fit.EXACT),
        ("60M", 60_965_224, Fit.ROUNDED),
        ("60M", 64_999_999, Fit.ROUNDED),
        ("60M", 65_000_000, Fit.NONE),  # a half is rounded up, to 70M
        ("60M", 55_000_000, Fit.ROUNDED),
        ("60M", 54_999_999, Fit.NONE),
        ("100", 84, Fit.NONE),  # 80 at one digit
        ("100", 95, Fit.ROUNDED),
        ("100", 142, Fit.ROUNDED),
        ("1.00M", 996_000, Fit.ROUNDED),
        ("1.00M", 994_000, Fit.NONE),  # the point says to which place it was rounded: 0.99M
        ("11M", 11_689_512, Fit.CUT_OFF),
        ("11M", 12_000_000, Fit.NONE),
        ("5 million", 6_998_552, Fit.NONE),
        ("8M", 8_900_000, Fit.NONE),  # one digit is too few to speak of cutting off
        ("1.8 × 10⁹", 1_814_073_344, Fit.ROUNDED),
        ("3.6 × 10⁹", 3_663_761_408, Fit.CUT_OFF),
        ("7.3%", 7.32, Fit.ROUNDED),
        ("6.70%", 6.67, Fit.NONE),
        ("3.86 GFLOPs / 3.87 GFLOPs", (3_861_000_000, 3_871_000_000), Fit.ROUNDED),
        ("3.86 GFLOPs / 3.87 GFLOPs", (3_861_000_000, 3_861_000_000), Fit.NONE),
        ("27×27×96", "27×27×96", Fit.EXACT),
        ("27×27×96", "55×55×96", Fit.NONE),
    ],
)
def test_fit(text: str, value: float | str | tuple[int, ...], expected: Fit) -> None:
    assert fit(text, value) is expected


@given(st.integers(1, 10**12), st.integers(1, 6))
def test_a_number_rounded_to_some_digits_always_fits(value: int, digits: int) -> None:
    power = 10 ** max(0, len(str(value)) - digits)
    rounded = (value + power // 2) // power * power
    assert fit(f"{rounded:,}", value) >= Fit.ROUNDED


def test_text_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        significant("many")


def judged(text: str, *readings: Reading) -> Verdict:
    return judge(Answer(Stated("parameters", text), readings)).verdict


def test_the_plain_reading_decides_first() -> None:
    other = Reading(60, "something is left out")
    assert judged("60", Reading(60), Reading(7, "x")) is Verdict.HOLDS
    assert judged("60", Reading(61), other) is Verdict.ROUNDED
    assert judged("60", Reading(70), other) is Verdict.READING
    assert judged("60", Reading(70), Reading(80, "x")) is Verdict.FAILS


def test_a_reading_that_needs_words_never_holds_plainly() -> None:
    assert judged("60", Reading(60, "only some are counted")) is Verdict.READING


def test_a_number_that_is_cut_off_needs_a_reading() -> None:
    assert judged("11M", Reading(11_689_512)) is Verdict.READING


def test_nothing_to_compare_with_stays_open() -> None:
    assert judged("4.26%") is Verdict.OPEN


def test_rounding_under_a_reading_comes_before_cutting_off() -> None:
    found = judge(
        Answer(Stated("n", "3.6 × 10⁹"), (Reading(3_663_761_408), Reading(3_644_493_824, "A")))
    )
    assert (found.fit, found.reading) == (Fit.ROUNDED, found.answer.readings[1])
