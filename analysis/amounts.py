"""Numbers as people read them: three or four digits and a unit."""

from collections.abc import Iterable

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_STEPS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def short(value: float) -> str:
    """Four significant digits with G, M or k: 138357544 gives "138.4 M".

    >>> short(15_470_264_320), short(61_706), short(156)
    ('15.47 G', '61.71 k', '156')
    """
    for size, suffix in _STEPS:
        if abs(value) >= size:
            return f"{value / size:.4g} {suffix}"
    return f"{value:.4g}"


def exact(value: int) -> str:
    """All digits in groups of three, with a comma: "138,357,544"."""
    return f"{value:,}"


def mebibytes(size: int) -> str:
    """Bytes as MiB with two digits after the point below 10 and one above."""
    value = size / 2**20
    return f"{value:.2f} MiB" if value < 10 else f"{value:.1f} MiB"


def memory(size: int) -> str:
    """Bytes as KiB, MiB or GiB with three digits or more: 553430176 gives "528 MiB"."""
    for unit, name in ((2**30, "GiB"), (2**20, "MiB")):
        if size >= unit:
            value = size / unit
            return f"{value:.3g} {name}" if value < 1000 else f"{value:,.0f} {name}"
    return f"{size / 2**10:.3g} KiB"


def scientific(value: float) -> str:
    """Two significant digits, with a power of ten where it is far from 1.

    >>> scientific(1.86e-9), scientific(0.714), scientific(2310)
    ('1.9 × 10⁻⁹', '0.71', '2.3 × 10³')
    """
    if value == 0 or 1e-3 <= abs(value) < 1e3:
        return f"{value:.2g}" if abs(value) < 99.5 else f"{value:.0f}"
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"


def percent(share: float) -> str:
    """A share from 0 to 1 as "28.2%", one digit after the point."""
    return f"{100 * share:.1f}%"


def listed(items: Iterable[str]) -> str:
    """Words as a sentence lists them: "A", "A and B", "A, B and C"."""
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last


def counted(number: int, thing: str) -> str:
    """A number of things whose plural takes an s: "1 gate", "16 gates"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
