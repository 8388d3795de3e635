import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from analysis.vision.digit import NoInk, normalise_digit, place_ink
from analysis.vision.images import BadImage

FIVE = [(690, 190), (505, 195), (500, 400), (600, 420), (680, 500), (640, 620), (480, 640)]


def digits() -> tuple[np.ndarray, np.ndarray]:
    pixels, classes = load_digits(return_X_y=True)
    return np.asarray(pixels).reshape(-1, 8, 8) / 16, np.asarray(classes)


def on_paper(ink: np.ndarray, contrast: float = 0.6, seed: int = 0) -> Image.Image:
    """A photograph: a lamp from one side, the ink on it, and the camera's grain."""
    height, width = ink.shape
    y, x = np.indices(ink.shape)
    light = 0.45 + 0.35 * x / width + 0.15 * y / height
    grain = np.random.default_rng(seed).normal(0, 0.03, ink.shape)
    return grey_image(light * (1 - contrast * ink) + grain)


def grey_image(values: np.ndarray) -> Image.Image:
    return Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))


def enlarged(digit: np.ndarray, size: int, angle: float, page: int = 500) -> np.ndarray:
    """An 8 × 8 digit, `size` pixels large and slightly turned, somewhere on an empty page."""
    picture = grey_image(digit).resize((size, size), Image.Resampling.BICUBIC)
    picture = picture.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    sheet = Image.new("L", (page, page))
    sheet.paste(picture, (page // 3, page // 4))
    return np.asarray(sheet, dtype=float) / 255


def drawing(width: int = 14, *more) -> np.ndarray:
    sheet = Image.new("L", (1200, 900))
    draw = ImageDraw.Draw(sheet)
    draw.line(FIVE, fill=255, width=width)
    for add in more:
        add(draw)
    return np.asarray(sheet, dtype=float) / 255


def alike(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def test_photographed_digits_are_recognised_among_the_originals():
    pictures, classes = digits()
    known = np.stack([place_ink(picture).ravel() for picture in pictures[100:]])
    judge = KNeighborsClassifier(3).fit(known, classes[100:])
    rng = np.random.default_rng(0)
    read, clean, resemblance = [], [], []
    for number, picture in enumerate(pictures[:40]):
        ink = enlarged(picture, int(rng.integers(110, 300)), float(rng.uniform(-6, 6)))
        seen = normalise_digit(on_paper(ink, seed=number)).ink
        read.append(judge.predict(seen.reshape(1, -1))[0])
        clean.append(judge.predict(place_ink(ink).reshape(1, -1))[0])
        resemblance.append(alike(seen, place_ink(picture)))
    # turning alone costs some; the photograph may cost hardly more
    assert np.mean(clean == classes[:40]) > 0.85
    assert np.mean(read == classes[:40]) > np.mean(clean == classes[:40]) - 0.05
    assert np.mean(resemblance) > 0.9


def test_chalk_on_a_board_gives_what_ink_on_paper_gives():
    ink = drawing()
    paper = normalise_digit(grey_image(0.9 - 0.7 * ink))
    board = normalise_digit(grey_image(0.2 + 0.6 * ink))
    assert alike(paper.ink, board.ink) > 0.98
    assert "inverted" in board.steps[1].sentence
    assert "inverted" not in paper.steps[1].sentence


def rule(draw):
    for y in range(60, 900, 90):
        draw.line([(0, y), (1200, y)], fill=110, width=2)


def speckle(draw):
    rng = np.random.default_rng(1)
    for x, y in zip(rng.integers(0, 1200, 60), rng.integers(0, 900, 60), strict=True):
        draw.ellipse((x, y, x + 6, y + 6), fill=255)


def table(draw):
    draw.polygon([(0, 0), (250, 0), (120, 900), (0, 900)], fill=255)


def crumb(draw):
    draw.ellipse((1000, 700, 1040, 740), fill=255)


@pytest.mark.parametrize("more", [rule, speckle, table, crumb])
def test_what_is_not_the_digit_goes(more):
    clean = normalise_digit(on_paper(drawing())).ink
    assert alike(normalise_digit(on_paper(drawing(14, more))).ink, clean) > 0.97


def test_a_shadow_across_the_page_is_no_ink():
    light = np.ones((900, 1200))
    light[:, 800:] = 0.55
    seen = normalise_digit(grey_image(light * (0.9 - 0.6 * drawing()))).ink
    assert alike(seen, normalise_digit(on_paper(drawing())).ink) > 0.95


def test_a_stroke_apart_belongs_to_the_digit():
    gap = drawing(14, lambda draw: draw.rectangle((490, 215, 520, 235), fill=0))
    seen = normalise_digit(on_paper(gap)).ink
    assert alike(seen, normalise_digit(on_paper(drawing())).ink) > 0.95


def test_a_digit_that_hangs_over_the_border_is_kept():
    tight = drawing(60)[180:720, 380:800]
    assert alike(normalise_digit(grey_image(1 - tight)).ink, place_ink(tight)) > 0.95


def test_a_ballpoint_line_is_widened_to_a_training_stroke():
    thin, thick = (normalise_digit(on_paper(drawing(width))).ink for width in (4, 40))
    assert thin.max() > 0.9
    assert 0.6 < thin.sum() / thick.sum() < 1.2
    assert alike(thin, thick) > 0.85


def test_pencil_is_enough():
    pencil = normalise_digit(on_paper(drawing(), contrast=0.2)).ink
    assert alike(pencil, normalise_digit(on_paper(drawing())).ink) > 0.95


@pytest.mark.parametrize("negative", [False, True])
def test_a_picture_of_a_data_set_is_nearly_unchanged(negative):
    for picture in digits()[0][:20]:
        shown = 1 - picture if negative else picture
        assert alike(normalise_digit(grey_image(shown)).ink, place_ink(picture)) > 0.8
        placed = place_ink(picture)
        assert alike(normalise_digit(grey_image(placed)).ink, placed) > 0.85


@pytest.mark.parametrize(
    "page",
    [
        Image.new("L", (400, 300), 255),
        Image.new("L", (400, 300), 0),
        Image.new("RGB", (1, 1)),
        Image.new("RGB", (2048, 1)),
        on_paper(np.zeros((600, 800))),
        grey_image(np.random.default_rng(0).normal(0.5, 0.1, (100, 100))),
        grey_image(np.random.default_rng(0).normal(0.5, 0.1, (28, 28))),
    ],
    ids=["white", "black", "pixel", "line", "lit", "grain", "small grain"],
)
def test_a_blank_page_is_said_to_be_blank(page):
    with pytest.raises(NoInk, match=r"stands out from the paper.*dark pen"):
        normalise_digit(page)


def test_no_ink_is_a_bad_image():
    assert issubclass(NoInk, BadImage)


def test_the_steps_can_be_shown_and_the_last_one_fed():
    result = normalise_digit(on_paper(drawing()).convert("RGB"))
    assert len({step.name for step in result.steps}) == len(result.steps) == 6
    for step in result.steps:
        assert step.values.ndim == 2
        assert step.values.dtype == np.float32
        assert step.values.min() >= 0
        assert step.values.max() <= 1
        assert step.sentence.endswith(".")
    tensor = result.tensor
    assert tuple(tensor.shape) == (1, 32, 32)
    assert np.array_equal(tensor[0].numpy(), result.ink)


def test_images_and_digits_do_not_load_torch():
    code = (
        "import sys, analysis.vision.digit, analysis.vision.images;"
        "sys.exit('torch' in sys.modules or 'matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0
