"""From a printed and a computed number to a verdict: one rule for all claims.

A number that is printed with d significant digits holds after rounding if the computed one gives
it when rounded to d digits. As everywhere, zeros at the end of a whole number are not significant:
"60M" has one digit and stands for anything that rounds to 60 million at one digit, "11.0M" has
three.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

from analysis.structure.lecture.findings import Answer, Number, Reading, Value
from analysis.structure.printed import Printed, parsed


class Verdict(Enum):
    """What becomes of a claim, the best first; the value is what the page says."""

    HOLDS = "holds"
    ROUNDED = "holds after rounding"
    READING = "holds under a stated reading"
    OPEN = "not yet checked"
    FAILS = "does not hold"

    @property
    def key(self) -> str:
        """Its name in an address."""
        return self.name.lower()

    @property
    def rank(self) -> int:
        """0 for the best."""
        return list(Verdict).index(self)


class Fit(IntEnum):
    """How a computed number becomes the printed one."""

    NONE = 0
    CUT_OFF = 1
    ROUNDED = 2
    EXACT = 3


class Judged(NamedTuple):
    """An answer with its verdict; `reading` is the one under which it holds, else the first."""

    answer: Answer
    verdict: Verdict
    reading: Reading | None
    fit: Fit


@dataclass(frozen=True)
class Significant:
    """A printed number, and how many digits of it count."""

    printed: Printed
    digits: int


def significant(text: str) -> Significant:
    """The number in `text`, with its step widened over the zeros at the end of a whole number.

    Raises:
        ValueError: if `text` holds no number.

    >>> significant("60M").digits, significant("11.0M").digits
    (1, 3)
    """
    found = parsed(text)
    if found is None:
        raise ValueError(f"There is no number in {text!r}.")
    value, step = found.value, found.step
    steps = round(value / step)
    if "." not in text:
        while steps and steps % 10 == 0:
            steps, step = steps // 10, step * 10
    return Significant(Printed(value, step), len(str(steps)))


def fit(text: str, value: Value) -> Fit:
    """How well `value` fits what is printed; of several numbers, the one that fits worst counts."""
    if isinstance(value, str):
        return Fit.EXACT if value == text else Fit.NONE
    if isinstance(value, tuple):
        texts = text.split(" / ")
        return min(_fit(t, v) for t, v in zip(texts, value, strict=True))
    return _fit(text, value)


def _fit(text: str, value: Number) -> Fit:
    printed = significant(text).printed
    if abs(value - printed.value) <= 1e-9 * abs(printed.value):
        return Fit.EXACT
    if _rounds(text, printed, value):
        return Fit.ROUNDED
    full = parsed(text)
    return Fit.CUT_OFF if full is not None and full.truncates(value) else Fit.NONE


def _rounds(text: str, printed: Printed, value: Number) -> bool:
    """Whether `value` gives the printed number when a half is rounded up.

    Below a whole power of ten a digit is worth less: at one digit 84 gives 80, and 95 gives 100.
    """
    is_power = printed.value == printed.step and "." not in text
    finer = 10 if is_power and value < printed.value else 1
    near = Printed(printed.value, printed.step / finer)
    return near.rounds(value) and value < printed.value + printed.step / 2


def judge(answer: Answer) -> Judged:
    """The verdict on one answer.

    The first reading decides, if it needs no words. Else the first reading under which the number
    fits exactly or after rounding, and after these the first that fits if digits are cut off.
    """
    if not answer.readings:
        return Judged(answer, Verdict.OPEN, None, Fit.NONE)
    fits = [(reading, fit(answer.stated.text, reading.value)) for reading in answer.readings]
    first, how = fits[0]
    if how >= Fit.ROUNDED and not first.words:
        held = Verdict.HOLDS if how is Fit.EXACT else Verdict.ROUNDED
        return Judged(answer, held, first, how)
    for least in (Fit.ROUNDED, Fit.CUT_OFF):
        for reading, fitting in fits:
            if fitting >= least:
                return Judged(answer, Verdict.READING, reading, fitting)
    return Judged(answer, Verdict.FAILS, first, Fit.NONE)
