import numpy as np
import pytest
import torch
from PIL import Image

from analysis.experiments import datasets
from analysis.experiments.shapes import Shapes
from analysis.vision.preprocess import prepare
from cnn_models.spec import Preprocessing

SMALL = Preprocessing(32, 32, "bilinear", (0.5, 0.4, 0.3), (0.25, 0.2, 0.1))


def test_pictures_become_tensors_with_channels_first():
    split = datasets.shapes_split(Shapes(0, "train"), 3, 64)
    assert split.images.dtype == torch.uint8
    assert torch.equal(split.images[2].permute(1, 2, 0), torch.from_numpy(Shapes(0)[2].image))
    assert split.labels.tolist() == [0, 1, 2]


def test_half_size_is_a_triangle_filter_of_four_pixels():
    # An antialiased bilinear filter at half size weighs 1, 3, 3, 1 eighths along each axis.
    image = Shapes(0, "test")[1].image
    weights = np.outer((1, 3, 3, 1), (1, 3, 3, 1)) / 64
    patch = image[19:23, 29:33].astype(float)  # around output pixel (10, 15)
    expected = (patch * weights[..., None]).sum(axis=(0, 1))
    assert datasets.resized(image, 32)[10, 15] == pytest.approx(expected, abs=1)


def test_full_size_is_left_as_it_is():
    image = Shapes(0, "test")[1].image
    assert np.array_equal(datasets.resized(image, 64), image)


def test_normalised_subtracts_the_mean_and_divides_by_the_std():
    white = torch.full((1, 3, 1, 1), 255, dtype=torch.uint8)
    got = datasets.normalised(SMALL)(white).flatten()
    assert got.tolist() == pytest.approx([2.0, 3.0, 7.0], abs=1e-5)


def test_about_half_of_a_batch_is_mirrored():
    images = torch.arange(3.0).expand(200, 1, 1, 3)
    mirrored = datasets.mirrored(images, torch.Generator().manual_seed(0))
    turned = mirrored[:, 0, 0, 0] == 2
    assert torch.equal(mirrored[turned], images[turned].flip(3))
    assert torch.equal(mirrored[~turned], images[~turned])
    assert 70 < int(turned.sum()) < 130


def test_shapes_learns_from_one_split_and_is_judged_by_another():
    data = datasets.shapes(SMALL, train=20, test=10, seed=3)
    assert data.train.images.shape == (20, 3, 32, 32)
    first = Image.fromarray(Shapes(3, "test")[0].image).resize((32, 32), Image.Resampling.BILINEAR)
    assert np.array_equal(data.test.images[0].permute(1, 2, 0).numpy(), np.asarray(first))


@pytest.mark.parametrize("side", [32, 64])
def test_a_picture_is_prepared_for_training_as_it_is_for_an_uploaded_one(side):
    recipe = Preprocessing(side, side, "bilinear", (0.5, 0.4, 0.3), (0.25, 0.2, 0.1))
    data = datasets.shapes(recipe, train=1, test=5, seed=3)
    uploaded = [Image.fromarray(Shapes(3, "test")[i].image) for i in range(5)]
    expected = torch.cat([prepare(image, recipe).tensor for image in uploaded])
    assert torch.allclose(data.prepare(data.test.images), expected, atol=1e-6)
