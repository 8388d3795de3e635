"""Each augmentation does what its paper says, to whole numbers and to shares alike."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.experiments import augment, lighting, runs
from analysis.experiments.augment import AUGMENTATIONS, UnknownAugmentation, composed
from analysis.experiments.runs import Run
from analysis.experiments.training import TrainingConfig, TrainingError

SMALL = Run("cifar_resnet20", side=8, train=20, test=2, config=TrainingConfig(batch_size=2))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise(count: int, side: int = 16, channels: int = 3) -> torch.Tensor:
    return torch.randint(0, 256, (count, channels, side, side), generator=generator(1)).byte()


NAMES = st.lists(st.sampled_from(list(AUGMENTATIONS)), unique=True, min_size=1).map("+".join)


@settings(deadline=None, max_examples=40)
@given(NAMES, st.integers(1, 40), st.integers(1, 3), st.booleans(), st.integers(1, 5))
def test_shape_and_type_stay_and_the_seed_decides(
    name: str, side: int, channels: int, whole: bool, count: int
) -> None:
    images = noise(count, side, channels)
    images = images if whole else images / 255
    before = images.clone()
    vary = composed(name, images)
    first, again = vary(images, generator(3)), vary(images, generator(3))
    assert first.shape == images.shape
    assert first.dtype == images.dtype
    assert torch.equal(first, again)
    assert torch.equal(images, before)
    if not whole:
        assert 0 <= first.min() <= first.max() <= 1


def test_a_shifted_picture_is_a_window_of_the_picture_with_its_margin() -> None:
    images = noise(300)
    mean = int(images.float().mean(dim=(0, 2, 3))[0].round())
    shifted = augment.shifted(images, generator())
    places = []
    for picture, moved in zip(images[:, 0].numpy(), shifted[:, 0].numpy(), strict=True):
        padded = np.pad(picture, 2, constant_values=mean)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (16, 16))
        found = np.argwhere((windows == moved).all(axis=(2, 3)))
        assert len(found) == 1
        places.append(tuple(found[0]))
    assert set(places) == {(row, column) for row in range(5) for column in range(5)}


def test_channels_of_a_picture_move_together() -> None:
    one = noise(20, channels=1).expand(-1, 3, -1, -1)
    shifted = augment.shifted(one, generator())
    assert torch.equal(shifted[:, 0], shifted[:, 2])


def test_a_hole_is_half_as_wide_as_the_picture_and_may_lie_partly_outside() -> None:
    images = torch.zeros(400, 1, 32, 32)
    images[:, :, 0, 0] = 1  # so that the mean is not 0
    covered = augment.cut_out(images, generator()) > 0
    covered[:, :, 0, 0] = False
    rows, columns = covered[:, 0].any(2).sum(1), covered[:, 0].any(1).sum(1)
    assert rows.max() == columns.max() == 16
    assert rows.min() >= 7  # all but half of it is outside, and the corner pixel is not counted
    whole = (rows == 16) & (columns == 16)
    # Centres at which all of the hole is inside: 17 of 32 each way.
    assert whole.float().mean().item() == pytest.approx((17 / 32) ** 2, abs=0.07)


def test_colour_moves_all_pixels_of_a_picture_by_one_step_along_the_axes() -> None:
    images = noise(2000, 4) / 255 * 0.5 + 0.25  # far from 0 and 1, so that nothing is cut off
    moved = composed("colour", images)(images, generator())
    steps = (moved - images).double()
    per_picture = steps.mean(dim=(2, 3))
    assert torch.allclose(steps, per_picture[:, :, None, None].expand_as(steps), atol=1e-6)
    colours = images.permute(0, 2, 3, 1).reshape(-1, 3)[: 1000 * 16].double().numpy()
    expected = 0.1**2 * np.cov(colours.T, bias=True)  # α² times the covariance itself
    assert np.cov(per_picture.T.numpy()) == pytest.approx(expected, rel=0.12, abs=4e-6)


def test_axes_of_colours_on_a_line_are_that_line() -> None:
    grey = torch.rand(5, 1, 8, 8, generator=generator()).expand(-1, 3, -1, -1)
    found = lighting.colour_axes(grey)
    assert found.axes[0].tolist() == pytest.approx([1 / math.sqrt(3)] * 3, abs=1e-5)
    assert found.spread[0].item() == pytest.approx(math.sqrt(3) * grey[:, 0].std(correction=0))
    assert found.spread[1:].tolist() == pytest.approx([0, 0], abs=1e-4)


def test_the_unit_of_the_pixels_does_not_change_the_light() -> None:
    whole = (noise(4).float() * 0.5 + 60).byte()
    from_whole = composed("colour", whole)(whole, generator()).float() / 255
    from_shares = composed("colour", whole / 255)(whole / 255, generator())
    assert torch.allclose(from_whole, from_shares, atol=0.5 / 255 + 1e-5)


def test_a_name_is_done_from_left_to_right() -> None:
    images = noise(6)
    steps = generator(5)
    by_hand = augment.cut_out(augment.shifted(images, steps), steps)
    assert torch.equal(composed("crop+cutout", images)(images, generator(5)), by_hand)
    assert torch.equal(composed("none", images)(images, generator()), images)


@pytest.mark.parametrize("name", ["", "zoom", "flip+zoom", "flip+flip", "flip+", "none+flip"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(UnknownAugmentation, match="take 'none', or some of flip, crop, colour"):
        augment.parts(name)


def test_a_run_says_how_its_images_are_varied() -> None:
    run = replace(SMALL, augment="cutout")
    data = runs.drawn(run)
    covered = data.augment(data.train.images, generator())
    assert (covered == augment.mean_colour(data.train.images)).float().mean() > 0.1
    plain = runs.drawn(replace(SMALL, augment="none"))
    assert torch.equal(plain.augment(plain.train.images, generator()), plain.train.images)
    own = runs.drawn(SMALL)
    mirrored = own.augment(own.train.images, generator())
    assert torch.equal(mirrored.sort(dim=3).values, own.train.images.sort(dim=3).values)
    assert run.command().endswith("--side 8 --train 20 --test 2 --augment cutout --batch-size 2")
    with pytest.raises(TrainingError, match="There is no augmentation 'zoom'"):
        runs.drawn(replace(SMALL, augment="zoom"))
