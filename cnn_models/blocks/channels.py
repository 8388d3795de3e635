"""How many channels a layer keeps when a rule gives it a number that is not round."""

from __future__ import annotations


def multiple_of(divisor: int, channels: float) -> int:
    """The nearest multiple of `divisor` over 0, or the next where over 10% would be lost."""
    nearest = max(divisor, int(channels + divisor / 2) // divisor * divisor)
    return nearest if nearest >= 0.9 * channels else nearest + divisor


def multiple_of_8(channels: float) -> int:
    """The rule of Google's releases from MobileNet v2 on; phones work on 8 values at once."""
    return multiple_of(8, channels)
