"""A network slid over whole pictures at several sizes, and which networks can do that.

VGG's test sizes for a picture of 256 pixels are 224, 256 and 288 (Simonyan and Zisserman 2014,
section 4.2); for another input they keep that ratio. Scores are averaged over the picture, and
probabilities over the sizes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

import cnn_models
from analysis.amounts import exact
from analysis.progress import Report, silent
from analysis.vision.predicting.fully_convolutional import fully_convolutional
from analysis.vision.prediction import predict
from analysis.vision.preprocess import centre_crop, normalised, resized
from analysis.vision.probe import Shared, probe
from analysis.vision.voices import Voice

_SIDES = (224, 256, 288)  # of which the first is what the network was made for
_LONGEST = 2  # a picture more than so many times longer than wide loses its far ends


@dataclass(frozen=True, eq=False)
class DenseAnswer:
    """`sizes` are (height, width) of the whole picture, `shares` (sizes, classes) the answers.

    `pixels` is how many pixels the network sees in all, as a multiple of its usual input.
    """

    sizes: tuple[tuple[int, int], ...]
    shares: np.ndarray
    pixels: float


def sides(speaker: Voice) -> tuple[int, ...]:
    """Shorter sides of the picture at which the network is slid over it."""
    return tuple(round(speaker.input_shape[1] * side / _SIDES[0]) for side in _SIDES)


def refusal(speaker: Voice) -> str:
    """Why a network cannot be slid over larger pictures; empty if it can.

    It is tried on meta tensors, so nothing is computed and no weights are needed.
    """
    if speaker.reads_ink:
        return (
            "This network learned from digits of one size in the middle of the picture, so a "
            "larger picture has nothing to slide over. Take 1 image."
        )
    with torch.device("meta"):
        model = cnn_models.build(speaker.key, num_classes=len(speaker.classes)).eval()
    return trial(model, speaker.input_shape, sides(speaker))


def trial(model: nn.Module, input_shape: tuple[int, int, int], sides: tuple[int, ...]) -> str:
    """Why a network on the meta device does not take pictures of these sides; empty if it does.

    They are tried in turn as a square and twice as wide as high: a pass takes seconds where a
    network has a thousand layers.
    """
    sliding = fully_convolutional(model, input_shape)
    for place, side in enumerate(sides):
        width = (side, _LONGEST * side)[place % 2]
        wrong = _refused(sliding, torch.empty(1, input_shape[0], side, width, device="meta"))
        if wrong:
            return (
                f"This network takes no other size than {input_shape[1]} × {input_shape[2]}: "
                f"on {side} × {width} {wrong}. Take 1, 2 or 10 images."
            )
    return ""


def _refused(model: nn.Module, x: Tensor) -> str:
    mismatches: list[str] = []

    def look(module: nn.Module, given: tuple[Tensor, ...]) -> None:
        if isinstance(module, nn.Linear) and given[0].shape[-1] != module.in_features:
            mismatches.append(
                f"its fully connected layer would get {exact(given[0].shape[-1])} values, and it "
                f"has weights for {exact(module.in_features)}"
            )

    handles = [module.register_forward_pre_hook(look) for module in model.modules()]
    try:
        with torch.no_grad():
            scores = model(x)
    except (RuntimeError, ValueError) as error:
        return mismatches[0] if mismatches else f"a layer refuses: {str(error).splitlines()[0]}"
    finally:
        for handle in handles:
            handle.remove()
    return "" if scores.ndim == 2 else "it gives a map of scores and not one row"


def dense(
    model: nn.Module | Shared, image: Image.Image, speaker: Voice, report: Report = silent
) -> DenseAnswer:
    """What a network says when it is slid over the whole picture at three sizes.

    Args:
        model: that of `speaker`.
        image: at most twice as long as wide, or it loses its far ends.
        speaker: one for which `refusal` is empty.
        report: called before each size.
    """
    pictures = inputs(image, speaker)
    shares = []
    with probe(model) as network:
        sliding = fully_convolutional(network, speaker.input_shape)
        for done, x in enumerate(pictures):
            report(done, len(pictures))
            shares.append(predict(sliding, x)[0])
    height, width = speaker.input_shape[1:]
    sizes = tuple((x.shape[2], x.shape[3]) for x in pictures)
    pixels = sum(h * w for h, w in sizes) / (height * width)
    return DenseAnswer(sizes, np.stack(shares), pixels)


def inputs(image: Image.Image, speaker: Voice) -> list[Tensor]:
    """The whole picture at each size, (1, 3, H, W), normalised."""
    return [_input(image, speaker, side) for side in sides(speaker)]


def _input(image: Image.Image, speaker: Voice, side: int) -> Tensor:
    longest = _LONGEST * min(image.size)
    middle = centre_crop(image, min(image.width, longest), min(image.height, longest))
    recipe = replace(speaker.preprocessing, resize=side)
    return normalised(np.asarray(resized(middle, recipe))[None], recipe)
