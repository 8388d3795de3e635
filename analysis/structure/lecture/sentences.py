"""The reason of a verdict, in a sentence that quotes the numbers compared."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.amounts import counted
from analysis.structure.lecture.findings import Number, Reading, Value
from analysis.structure.lecture.verdict import Fit, Judged, Verdict, fit, significant

_FITS = {
    Fit.NONE: "does not fit",
    Fit.CUT_OFF: "fits, with digits cut off",
    Fit.ROUNDED: "fits, rounded",
    Fit.EXACT: "fits",
}
_CUT_OFF = "digits are cut off instead of rounded"


def shown(reading: Reading) -> str:
    """A value as a sentence quotes it: whole numbers in full, others with four digits."""
    value = reading.value
    if reading.text or isinstance(value, str):
        return reading.text or str(value)
    return " / ".join(map(_number, value if isinstance(value, tuple) else (value,)))


def arithmetic(parts: Sequence[Judged]) -> str:
    """Every value of every reading as a list in Markdown; empty where there is but one."""
    if sum(len(part.answer.readings) for part in parts) < 2:
        return ""
    lines: list[str] = []
    for part in parts:
        stated = part.answer.stated
        lines.append(f"\n{_begun(stated.name)}, on the slide **{stated.text}**:\n")
        for reading in part.answer.readings:
            condition = f" if {reading.words}" if reading.words else ""
            fits = _FITS[fit(stated.text, reading.value)]
            lines.append(f"- {shown(reading)}{_in_brackets(reading)}{condition}: {fits}")
        if not part.answer.readings:
            lines.append("- not yet checked")
    return "\n".join(lines)


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _number(value: Number) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.4g}"


def reason(judged: Judged) -> str:
    """Why an answer has its verdict."""
    answer, verdict, reading, _ = judged
    if reading is None:
        return answer.remark
    name = _begun(answer.stated.name)
    if verdict is Verdict.HOLDS:
        said = f"{shown(reading)}{_in_brackets(reading)}"
    elif verdict is Verdict.ROUNDED:
        said = f"{shown(reading)}{_in_brackets(reading)} {_becomes(judged)}"
    elif verdict is Verdict.READING:
        said = _under_a_reading(judged, reading)
    else:
        said = _against(judged)
    return f"{name}: {said}.{' ' + answer.remark if answer.remark else ''}"


def _in_brackets(reading: Reading) -> str:
    return f" ({reading.how})" if reading.how else ""


def _becomes(judged: Judged) -> str:
    text = judged.answer.stated.text
    if judged.fit is Fit.CUT_OFF:
        return f"becomes {text}"
    digits = significant(text).digits if " / " not in text else 0
    at = f" at {counted(digits, 'digit')}" if digits else ""
    return f"rounds to {text}{at}"


def _under_a_reading(judged: Judged, reading: Reading) -> str:
    """The plain value, then the one that holds, and under which conditions."""
    first = judged.answer.readings[0]
    conditions = [reading.words] if reading.words else []
    if judged.fit is Fit.CUT_OFF:
        conditions.append(_CUT_OFF)
    value = f"{shown(reading)}{_in_brackets(reading)}"
    if judged.fit < Fit.EXACT:
        value += f", which {_becomes(judged)}{',' if reading.words else ''}"
    before = "" if reading is first else f"{shown(first)}{_in_brackets(first)}; "
    return f"{before}{value} if {', and if '.join(conditions)}"


def _against(judged: Judged) -> str:
    first, *others = judged.answer.readings
    text = judged.answer.stated.text
    said = f"{shown(first)}{_in_brackets(first)}"
    if first.words:
        said += f" if {first.words}"
    said += f", not {text}{_apart(text, first.value)}"
    if len(others) > 1:
        return f"{said}; nor do {len(others)} other readings give it"
    return said + "".join(f"; {shown(other)} if {other.words}" for other in others)


def _apart(text: str, value: Value) -> str:
    if isinstance(value, str | tuple) or not value:
        return ""
    share = significant(text).printed.value / value - 1
    return f", which is {abs(share):.1%} too {'high' if share > 0 else 'low'}"
