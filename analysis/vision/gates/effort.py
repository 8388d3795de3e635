"""How much work a pass through a network is, and how much of it a class should wait for.

Multiply-adds alone do not tell: MobileNet v3 Small takes 7 ms an image on one core, five times as
long as SE-ResNet-20 with two thirds as many. With 100 for each value that is written, networks
from SE-ResNet-20 to SE-ResNet-50 come to 67 to 85 · 10⁹ a second (one core of a server, batches of
8 images).
"""

from __future__ import annotations

from analysis.structure.operations import Totals
from analysis.vision.voices import Voice

PATIENCE = 400 * 10**9  # about five seconds on one core; the work shows how far it is
_GLANCE = 160 * 10**9  # about two
_PER_VALUE = 100
_USUAL = 200  # pictures
_FEWEST, _MOST, _STEP = 20, 500, 10  # whole tens: each class of Shapes as often as the others
_FEWEST_CHANNELS, _MOST_CHANNELS = 16, 64  # shut one at a time in one block
_MOST_VALUES = 20 * 10**6  # of input held at once: 80 MB


def effort(totals: Totals) -> int:
    """The work of one image, in multiply-adds and what takes as long."""
    return totals.macs + _PER_VALUE * totals.activations


def counts(speaker: Voice) -> range:
    """How many pictures can be asked for: fewer of large ones, which fill the memory."""
    channels, height, width = speaker.input_shape
    affordable = _MOST_VALUES // (channels * height * width) // _STEP * _STEP
    return range(_FEWEST, min(max(affordable, _FEWEST), _MOST) + 1, _STEP)


def usual_count(speaker: Voice, work: int, budget: int = _GLANCE) -> int:
    """How many pictures, of so much work each, are looked at unless more are asked for."""
    affordable = budget // max(1, work) // _STEP * _STEP
    return min(max(affordable, _FEWEST), _USUAL, counts(speaker)[-1])


def channels_to_shut(work: int) -> int:
    """How many channels of one block are shut one at a time, at so much work an image."""
    return min(_MOST_CHANNELS, max(_FEWEST_CHANNELS, PATIENCE // (4 * max(1, work))))
