"""Numbers as papers print them, read back: "3.8 × 10⁹", "25.6M", "60 million", "4.49%"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

_SUFFIXES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "million": 1e6,
    "g": 1e9,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "t": 1e12,
    "%": 1.0,
    "": 1.0,
}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_PATTERN = re.compile(
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<decimals>\d+))?"
    r"(?:\s*[×x*]\s*10\s*\^?\s*(?P<raised>-?\d+)|[eE](?P<exponent>[+-]?\d+))?"
    r"\s*(?P<suffix>%|[a-zA-Z]*)"
)


@dataclass(frozen=True)
class Printed:
    """A printed number: its value, and what one step of its last digit is worth."""

    value: float
    step: float

    def rounds(self, exact: float) -> bool:
        """Whether `exact` gives this number when it is rounded to its last digit."""
        return abs(exact - self.value) <= self.step / 2 * (1 + 1e-9)

    def truncates(self, exact: float) -> bool:
        """Whether `exact` gives this number, of two digits or more, when it is cut off there."""
        return self.value >= 10 * self.step and 0 <= exact - self.value < self.step


def parsed(text: str) -> Printed | None:
    """The first number in `text`, with its power of ten or its unit; None where there is none.

    Units are K, M, G and B (for 10⁹) with or without a space, also as words. A whole number is
    taken as printed to its last digit, zeros included.

    >>> parsed("3.8 × 10⁹")
    Printed(value=3800000000.0, step=100000000.0)
    """
    found = _PATTERN.search(re.sub(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", _lowered, text))
    if found is None:
        return None
    power = int(found["raised"] or found["exponent"] or 0)
    suffix = re.sub("(flops?|macs?)$", "", found["suffix"].lower())  # MFLOPs, GMACs
    unit = _SUFFIXES.get(suffix, 1.0) * 10.0**power
    decimals = found["decimals"] or ""
    value = float(f"{found['digits'].replace(',', '')}.{decimals or 0}") * unit
    step = unit / 10 ** len(decimals)
    digits = max(0, 12 - math.floor(math.log10(value))) if value > 0 else 12
    return Printed(round(value, digits), step)


def _lowered(power: re.Match[str]) -> str:
    return f"10^{power[1].translate(_RAISED)}"
