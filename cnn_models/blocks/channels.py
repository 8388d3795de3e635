"""How many channels a layer keeps under a width multiplier."""

from __future__ import annotations


def multiple_of_8(channels: float) -> int:
    """The nearest multiple of 8, at least 8, that is no more than 10% below `channels`.

    This is the rule of Google's releases from MobileNet v2 on; phones work on 8 values at once.
    """
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest if nearest >= 0.9 * channels else nearest + 8
