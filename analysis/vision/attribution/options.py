"""The choices of an attribution, their defaults and their bounds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from analysis.vision.attribution.baselines import BASELINES, ValueRange
from analysis.vision.batches import at_once


@dataclass(frozen=True)
class Options:
    """What can be chosen; each method uses the fields that its `takes` names.

    Attributes:
        against: index of a second class; the map then answers for score[target] - score[against].
        layer: name of the layer of a CAM method; None takes the last spatial one.
        baseline: key of `BASELINES`, the picture without content that a method compares with.
        value_range: the normalised values of black and of white, one each a channel, as
            `baselines.value_range` gives them; None takes the picture's own extremes.
        steps: points on the path of integrated gradients.
        samples: noisy pictures of SmoothGrad, or coalitions of KernelSHAP and LIME; None takes
            the method's default.
        noise: SmoothGrad's standard deviation as a share of the picture's range.
        window: side of occlusion's square in pixels; None takes a seventh of the shorter side.
        stride: how far it moves each time, at most `window`; None takes half of it.
        pieces: parts that a picture is cut into for ablation, KernelSHAP and LIME, at most.
        superpixels: cut along colours; False cuts a regular grid.
        seed: of everything that is drawn.
        batch: pictures in one pass; None takes as many as fit a fixed budget of values.
    """

    against: int | None = None
    layer: str | None = None
    baseline: str = "zero"
    value_range: ValueRange | None = None
    steps: int = 32
    samples: int | None = None
    noise: float = 0.15
    window: int | None = None
    stride: int | None = None
    pieces: int = 49
    superpixels: bool = True
    seed: int = 0
    batch: int | None = None


@dataclass(frozen=True)
class Settled(Options):
    """Options without gaps, checked against one picture."""

    samples: int = 0
    window: int = 1
    stride: int = 1
    batch: int = 1


def settled(options: Options, x: Tensor, samples: int) -> Settled:
    """Fill the gaps of `options` for one picture (1, C, H, W).

    Args:
        options: the user's.
        x: the picture.
        samples: how many the method draws if the user does not say.

    Raises:
        ValueError: if a number is out of range, saying what the range is.
    """
    shorter = min(x.shape[2:])
    window = max(1, shorter // 7) if options.window is None else options.window
    stride = max(1, window // 2) if options.stride is None else options.stride
    filled = replace(
        options,
        window=window,
        stride=stride,
        samples=samples if options.samples is None else options.samples,
        batch=at_once(x) if options.batch is None else options.batch,
    )
    found = Settled(**vars(filled))
    _check(found, x)
    return found


def _check(options: Settled, x: Tensor) -> None:
    shorter = min(x.shape[2:])
    numbers = (
        (options.window, 1, shorter, f"window is {options.window}; it may be from 1 to {shorter} "
         "pixels here."),
        (options.stride, 1, options.window, f"stride is {options.stride}; from 1 to "
         f"{options.window}, the window, leaves no gap."),
        (options.steps, 1, None, f"steps is {options.steps}; integrated gradients needs at least "
         "1."),
        (options.samples, 1, None, f"samples is {options.samples}; at least 1 is drawn."),
        (options.batch, 1, None, f"batch is {options.batch}; at least 1 image goes through at a "
         "time."),
        (options.pieces, 2, None, f"pieces is {options.pieces}; a picture is cut into at least 2."),
        (options.noise, 0, 10, f"noise is {options.noise}; it may be from 0 to 10 times the range "
         "of the picture."),
    )  # fmt: skip
    for value, low, high, sentence in numbers:
        if not (low <= value and (high is None or value <= high)):
            raise ValueError(sentence)
    if options.baseline not in BASELINES:
        raise ValueError(
            f"There is no baseline {options.baseline!r}; choose {', '.join(BASELINES)}."
        )
    _check_range(options.value_range, x.shape[1])


def _check_range(value_range: ValueRange | None, channels: int) -> None:
    if value_range is not None and [len(side) for side in value_range] != [channels, channels]:
        raise ValueError(
            f"value_range needs black and white with {channels} values each, one a channel."
        )
