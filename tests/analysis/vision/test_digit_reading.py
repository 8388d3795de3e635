"""The whole way: a photographed digit, the steps, the network that ships, the right class."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from safetensors.torch import load_file

import cnn_models
from analysis.vision.digit import normalise_digit
from analysis.vision.prediction import predict

WEIGHTS = Path(__file__).parents[3] / "assets" / "weights" / "lenet5_modern-digits.safetensors"


@pytest.fixture(scope="module")
def reader():
    model = cnn_models.build("lenet5_modern")
    model.load_state_dict(load_file(WEIGHTS))
    return model


def photograph(digit: int, contrast: float) -> Image.Image:
    """A digit in a shape that the network never learned, under a lamp from the right."""
    sheet = Image.new("L", (800, 600))
    font = ImageFont.load_default(300)
    ImageDraw.Draw(sheet).text((300, 120), str(digit), fill=255, font=font)
    ink = np.asarray(sheet, dtype=float) / 255
    light = np.linspace(0.45, 0.9, 800) * (1 - contrast * ink)
    grain = np.random.default_rng(digit).normal(0, 0.03, ink.shape)
    return Image.fromarray((np.clip(light + grain, 0, 1) * 255).astype(np.uint8))


@pytest.mark.parametrize("contrast", [0.7, 0.25])
def test_the_shipped_network_reads_photographed_digits(reader, contrast):
    read = [
        predict(reader, normalise_digit(photograph(digit, contrast)).tensor[None]).argmax()
        for digit in range(10)
    ]
    assert np.mean(np.array(read) == np.arange(10)) >= 0.9
