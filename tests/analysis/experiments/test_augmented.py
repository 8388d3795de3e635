"""What augmentations make of one picture, and how many."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from PIL import Image

from analysis.experiments.augment import cut_out, hole_side
from analysis.experiments.augmented import at_test, counting, different, making, notices, ways
from analysis.experiments.augmented.counting import SIZES, Sizes
from analysis.experiments.augmented.making import SHOWN
from analysis.experiments.shapes import Sample
from analysis.progress import silent
from analysis.structure.lecture import Link
from analysis.vision.probe import Shared
from cnn_models.spec import Preprocessing

IMAGENET, CIFAR = SIZES["imagenet"], SIZES["cifar"]
TINY = Sizes("3 of 5", 5, 0, 3, "this test")


def noise(side: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def picture(side: int = 300) -> Image.Image:
    return Image.fromarray(noise(side))


def test_the_counts_are_those_of_the_papers_and_of_arithmetic() -> None:
    assert counting.flips().number == 2
    assert counting.ten().number == 10
    assert counting.crops(IMAGENET) == (2178, "33 × 33 × 2")  # the deck counts 32 × 32 × 2 = 2048
    assert counting.crops(CIFAR) == (162, "9 × 9 × 2")
    assert counting.holes(CIFAR) == (1024, "32 × 32")
    assert counting.colours().number is None
    assert counting.together(CIFAR).arithmetic == "9 × 9 × 2 × 32² × any light"


def test_the_count_of_windows_is_that_of_windows_listed_one_by_one() -> None:
    frame = noise(5)
    listed = {
        cut[:, ::step].tobytes()
        for row, column in itertools.product(range(3), repeat=2)
        for cut in [frame[row : row + 3, column : column + 3]]
        for step in (1, -1)
    }
    assert len(listed) == counting.crops(TINY).number == different.different(frame, 3)


def test_a_plain_picture_has_one_and_a_symmetric_one_half() -> None:
    plain = np.full((9, 9, 3), 7, np.uint8)
    assert different.different(plain, 4) == 1
    half = noise(9)
    mirrored = np.maximum(half, half[:, ::-1])
    assert different.different(mirrored, 4) == 6 * 6  # each mirror image is a window too


def test_no_two_centres_give_the_same_hole() -> None:
    side = 8
    holes = set()
    for seed in range(40):
        images = torch.from_numpy(noise(side)).permute(2, 0, 1)[None].expand(50, -1, -1, -1)
        covered = cut_out(images, torch.Generator().manual_seed(seed)) != images
        holes |= {hole.numpy().tobytes() for hole in covered.any(1)}
    assert hole_side(side) == 4
    assert len(holes) == 64 == side**2


def test_counting_can_be_stopped() -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt
        assert total == 6

    with pytest.raises(KeyboardInterrupt):
        different.different(noise(9), 4, stop)
    assert different.different(noise(9), 4, silent) == 72


@pytest.mark.parametrize("sizes", SIZES.values())
@pytest.mark.parametrize("name", ways.WAYS)
def test_each_way_makes_pictures_and_the_seed_decides(name: str, sizes: Sizes) -> None:
    way = ways.WAYS[name]
    frame = making.framed(picture(), sizes)
    made, again, other = (way.make(frame, sizes, seed) for seed in (1, 1, 2))
    count = way.count(sizes).number
    assert len(made.pictures) == min(SHOWN, count or SHOWN)
    assert made.pictures.dtype == np.uint8
    assert np.array_equal(made.pictures, again.pictures)
    assert way.is_drawn != np.array_equal(made.pictures, other.pictures)
    assert len(made.pictures) % made.columns == 0


def test_a_crop_is_a_window_of_the_frame_or_its_mirror_image() -> None:
    frame = making.framed(picture(), CIFAR)
    assert frame.shape == (40, 40, 3)
    assert len(np.unique(frame[:4].reshape(-1, 3), axis=0)) == 1  # the margin has one colour
    found = np.lib.stride_tricks.sliding_window_view(frame, (32, 32), axis=(0, 1))
    patches = {np.ascontiguousarray(w.transpose(1, 2, 0)).tobytes() for row in found for w in row}
    for cut in making.cropped(frame, CIFAR, 3).pictures:
        assert {cut.tobytes(), np.ascontiguousarray(cut[:, ::-1]).tobytes()} & patches


def test_ten_crop_has_the_corners_the_centre_and_below_each_its_mirror_image() -> None:
    frame = making.framed(picture(), IMAGENET)
    made = making.ten(frame, IMAGENET)
    assert np.array_equal(made.pictures[3], frame[32:, 32:])  # bottom right
    assert np.array_equal(made.pictures[4], frame[16:240, 16:240])
    for place in range(5):
        assert np.array_equal(made.pictures[place + 5], made.pictures[place][:, ::-1])


def test_a_colour_changes_all_pixels_alike_and_leaves_the_first() -> None:
    grey = Image.fromarray(noise(64) // 4 + 96)
    frame = making.framed(grey, IMAGENET)
    made = making.recoloured(frame, 0)
    assert np.array_equal(made.pictures[0], frame)
    steps = made.pictures[1:].astype(int) - frame
    assert (np.ptp(steps, axis=(1, 2)) <= 1).all()  # one step each, but for the rounding
    said = notices.of_colour(frame, made)
    largest = np.abs(steps.mean(axis=(1, 2))).max()
    assert f"the largest mean change shown is {largest:.0f} of 255" in said


def test_sentences_quote_what_is_shown() -> None:
    frame = making.framed(picture(), CIFAR)
    crop = notices.of_crop(CIFAR, 162)
    assert "40 − 32 + 1 = 9 places along a side of 32 + 4 + 4 = 40 pixels" in crop
    assert "**162 differ**" in crop
    assert "share 96.9% of their pixels" in crop  # 31 of 32 columns
    assert "differ" not in notices.of_crop(CIFAR, None)
    assert "76.6% of the picture" in notices.of_ten(IMAGENET)  # (224 / 256)²
    cutout = notices.of_cutout(CIFAR, making.with_holes(frame, CIFAR, 0))
    assert "16 × 16 pixels" in cutout
    assert "at most 25.0% of the picture is covered, and 19.1% on average" in cutout
    assert "Here the two differ." in notices.of_flip(making.flipped(frame))
    assert "162 windows can have each of the 1,024 holes, which makes 165,888" in (
        notices.of_together(CIFAR)
    )
    plain = np.zeros((8, 8, 3), np.uint8)
    assert "because the picture is symmetric" in notices.of_flip(making.flipped(plain))


@pytest.mark.parametrize(
    ("name", "stated", "verdict", "number"),
    [
        ("flip", "= 2 images", "holds", "2"),
        ("ten", "= 10 images", "holds", "10"),
        ("crop", "factor of 2048", "holds under a stated reading", "2,178"),
    ],
)
def test_the_lectures_counts_are_checked(name: str, stated: str, verdict: str, number: str) -> None:
    found = notices.of_claim(name)
    assert found is not None
    said, check = found
    assert stated in said
    assert f"**{verdict}**" in said
    assert check.computed.startswith(number)
    assert f"{ways.WAYS[name].count(IMAGENET).number:,}" == number
    assert check.where is not None
    assert check.where == Link("augmentation", {"vary": name})
    assert notices.of_claim("cutout") is None


def test_the_table_has_each_way_once_with_the_source_of_the_sizes() -> None:
    table = ways.table(CIFAR)
    assert list(table["augmentation"]) == [way.label for way in ways.WAYS.values()]
    assert list(table["pictures"]) == ["2", "162", "10", "no end", "1,024", "no end"]
    assert "He, Zhang, Ren and Sun" in table["source"][1]


class Corner(torch.nn.Module):
    """Says class 1 of what is red in the top left pixel and else class 0, as its input is sure."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        red = x[:, 0, 0, 0]
        return torch.stack([-red, red], dim=1)


def test_one_two_and_ten_looks_are_those_averages(monkeypatch: pytest.MonkeyPatch) -> None:
    bars = np.zeros((37, 37, 3), np.uint8)
    bars[:, :2] = 255  # the left edge alone is red: of the ten, two see it in their corner
    right_half = bars[:, ::-1].copy()
    samples = [Sample(picture, np.zeros((37, 37), bool), 1) for picture in (bars, right_half)]
    monkeypatch.setattr(at_test, "Shapes", lambda *_: samples)
    recipe = Preprocessing(32, 32, "bilinear", mean=(0.4,) * 3, std=(0.1,) * 3)
    views = at_test.looks(bars, 32)
    assert views.shape == (10, 32, 32, 3)
    assert [int(view[0, 0, 0]) for view in views] == [255, 0, 255, 0, 0, 0, 0, 0, 0, 0]
    calls: list[tuple[int, int]] = []
    found = at_test.compared(
        Shared(Corner().eval()), recipe, 2, report=lambda *call: calls.append(call)
    )
    assert calls == [(0, 2)]
    assert not found.one.any()  # the centre has no red corner in either
    assert not found.ten.any()  # two of ten votes are too few


def test_what_ten_looks_mend_and_spoil_is_counted() -> None:
    one = np.array([True, False, False, True])
    ten = np.array([True, True, True, False])
    said = at_test.notice("A network", at_test.Compared(one, one, ten, 0))
    assert "4 test images of Shapes, seed 0" in said
    assert "50.0% are right with the centre alone" in said
    assert "75.0% with all ten" in said
    assert "mend 2 answers and spoil 1 answer," in said
