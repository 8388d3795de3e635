import numpy as np
import pytest
import torch
from scipy import ndimage
from sklearn.datasets import load_digits

from analysis.experiments.digits import digits, vary_ink
from analysis.experiments.sources import SOURCES


@pytest.fixture(scope="module")
def data():
    return digits(seed=0)


def test_digits_are_ink_on_a_field_of_32(data):
    assert data.train.images.shape == (1198, 1, 32, 32)
    assert data.test.images.shape == (599, 1, 32, 32)
    assert data.train.images.dtype == torch.float32
    assert 0 <= data.train.images.min() <= data.train.images.max() <= 1
    assert (data.train.images.mean((1, 2, 3)) < 0.35).all()  # more paper than ink


def test_every_digit_is_in_one_split_exactly(data):
    _, written = load_digits(return_X_y=True)
    labels = torch.cat([data.train.labels, data.test.labels])
    assert torch.equal(labels.bincount(), torch.from_numpy(np.bincount(written)))
    learned = {image.numpy().tobytes() for image in data.train.images}
    held = {image.numpy().tobytes() for image in data.test.images}
    assert len(learned) + len(held) == 1797
    assert not learned & held


def test_each_class_holds_out_its_third(data):
    held, learned = data.test.labels.bincount(), data.train.labels.bincount()
    share = held / (held + learned)
    assert torch.allclose(share, torch.full((10,), 1 / 3), atol=0.005)


def test_the_seed_decides_the_split(data):
    assert torch.equal(digits(0).test.images, data.test.images)
    assert not torch.equal(digits(1).test.labels, data.test.labels)


def test_the_ink_is_balanced_on_the_centre(data):
    centres = np.array([ndimage.center_of_mass(image[0].numpy()) for image in data.test.images])
    assert np.abs(centres - 15.5).max() < 1.01  # to the nearest pixel


def test_varied_ink_is_seeded_and_still_ink(data):
    images = data.train.images[:200]
    varied = vary_ink(images, torch.Generator().manual_seed(1))
    again = vary_ink(images, torch.Generator().manual_seed(1))
    assert torch.equal(varied, again)
    assert varied.shape == images.shape
    assert 0 <= varied.min() <= varied.max() <= 1
    moved = np.array([ndimage.center_of_mass((v[0] > 0.3).numpy()) for v in varied])
    assert np.abs(moved - 15.5).max() < 6
    assert np.abs(moved - 15.5).mean() > 0.5


def test_varied_ink_has_thin_and_thick_pens(data):
    images = data.train.images[:200]
    varied = vary_ink(images, torch.Generator().manual_seed(1))
    ratio = (varied > 0.35).sum((1, 2, 3)) / (images > 0.35).sum((1, 2, 3))
    assert ratio.min() < 0.7
    assert ratio.max() > 1.4


def test_digits_at_another_size_are_the_means_of_pixels() -> None:
    data = SOURCES["digits"].draw(8, 20, 10, 0)
    whole = SOURCES["digits"].draw(32, 20, 10, 0)
    small = data.prepare(data.test.images)
    assert small.shape == (10, 1, 8, 8)
    assert small[3, 0, 2, 5] == pytest.approx(float(whole.test.images[3, 0, 8:12, 20:24].mean()))
    assert torch.equal(whole.prepare(whole.test.images), whole.test.images)
