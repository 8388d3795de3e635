"""What a network is given of a picture, and every step on the way there, as pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

from analysis.vision.digit import normalise_digit
from analysis.vision.preprocess import prepare
from analysis.vision.voices import Voice

_SHOWN_SIDE = 224  # a 32 × 32 input is shown larger, its pixels as squares


@dataclass(frozen=True, eq=False)
class Stage:
    """One step: its name, a sentence, and (H, W) or (H, W, 3) values to show."""

    name: str
    sentence: str
    picture: np.ndarray


@dataclass(frozen=True, eq=False)
class Sight:
    """`tensor` is the network's input (1, C, H, W); the last of `stages` shows it."""

    tensor: torch.Tensor
    stages: tuple[Stage, ...]

    @property
    def picture(self) -> np.ndarray:
        return self.stages[-1].picture


def sight(image: Image.Image, speaker: Voice) -> Sight:
    """Bring a picture to what `speaker` learned from.

    Raises:
        analysis.vision.images.BadImage: if a digit is wanted and nothing is written there.
    """
    if speaker.reads_ink:
        digit = normalise_digit(image)
        stages = tuple(Stage(step.name, step.sentence, step.values) for step in digit.steps)
        return Sight(digit.tensor[None], stages)
    recipe = speaker.preprocessing
    ready = prepare(image, recipe)
    return Sight(
        ready.tensor,
        (
            Stage(
                "Resized",
                f"The shorter side becomes {recipe.resize} pixels ({recipe.interpolation}).",
                ready.resized,
            ),
            Stage(
                "What the network gets",
                f"The centre {recipe.crop} × {recipe.crop}; then minus {_listed(recipe.mean)}, "
                f"divided by {_listed(recipe.std)}, channel by channel.",
                ready.cropped,
            ),
        ),
    )


def enlarged(picture: np.ndarray) -> np.ndarray:
    """The picture with each pixel repeated until the shorter side has at least 224.

    (H, W) in 0..1 or (H, W, 3) uint8 to (k·H, k·W, 3) uint8, with a whole k.
    """
    if picture.ndim == 2:
        picture = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
        picture = np.repeat(picture[..., None], 3, axis=2)
    times = max(1, -(-_SHOWN_SIDE // min(picture.shape[:2])))
    return picture.repeat(times, axis=0).repeat(times, axis=1)


def _listed(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:g}" for value in dict.fromkeys(values))
