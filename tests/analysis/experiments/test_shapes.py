import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial import ConvexHull

from analysis.experiments import textures
from analysis.experiments.shapes import CLASSES, SPLITS, Shapes, ShapesError

SQUARE = np.ones((3, 3))


def _pieces(mask):
    labelled = np.empty(mask.shape, np.int32)
    ndimage.label(mask, SQUARE, output=labelled)
    return int(labelled.max())


def test_a_sample_is_a_picture_a_mask_and_a_label():
    sample = Shapes(seed=0, split="test")[7]
    assert (sample.image.shape, sample.image.dtype) == ((64, 64, 3), np.uint8)
    assert (sample.mask.shape, sample.mask.dtype) == ((64, 64), np.bool_)
    assert CLASSES[sample.label] == "heart"


def test_a_sample_depends_on_seed_split_and_index_alone():
    forwards = [Shapes(3, "train")[i].image for i in range(20)]
    data = Shapes(3, "train")
    backwards = [data[i].image for i in reversed(range(20))][::-1]
    assert np.array_equal(forwards, backwards)
    assert np.array_equal(Shapes(3, "train")[10**12].mask, data[10**12].mask)


def test_no_picture_is_in_two_splits_or_two_seeds():
    pictures = [
        Shapes(seed, split)[i].image.tobytes()
        for seed in (0, 1)
        for split in SPLITS
        for i in range(60)
    ]
    assert len(set(pictures)) == len(pictures)


def test_any_ten_neighbours_hold_each_class_once():
    labels = Shapes(0, "validation").batch(range(33, 43)).labels
    assert sorted(labels.tolist()) == list(range(10))


@pytest.mark.parametrize("index", range(60))
def test_the_object_is_drawn_exactly_where_the_mask_says(index):
    scene = Shapes(5, "train").scene(index)
    image, without = scene.image().astype(int), scene.image(with_object=False).astype(int)
    difference = np.abs(image - without).max(axis=2)
    inside = np.asarray(ndimage.binary_erosion(scene.mask, SQUARE))
    edge, tip = (ndimage.binary_dilation(scene.mask, SQUARE, iterations=n) for n in (1, 3))
    assert (difference[inside] > 8).mean() > 0.97  # light and noise can hide a pixel, not more
    assert (difference[np.logical_not(edge)] > 0).mean() < 0.002
    assert not difference[np.logical_not(tip)].any()  # where a tip is thinner than a pixel
    assert np.array_equal(Shapes(5, "train")[index].mask, scene.mask)


def test_the_object_is_in_one_piece_and_wholly_in_the_picture():
    masks = Shapes(2, "train").batch(range(100)).masks
    assert [_pieces(mask) for mask in masks] == [1] * len(masks)
    border = np.ones((64, 64), bool)
    border[1:-1, 1:-1] = False
    assert not masks[:, border].any()
    assert masks.sum(axis=(1, 2)).min() > 80
    assert masks.sum(axis=(1, 2)).max() < 64 * 64 / 2


def test_only_the_ring_has_a_hole():
    batch = Shapes(4, "train").batch(range(100))
    holed = [_pieces(~mask) > 1 for mask in batch.masks]
    assert np.array_equal(holed, batch.labels == CLASSES.index("ring"))


def test_four_classes_are_convex_and_five_are_not():
    convex = {"circle", "square", "triangle", "pentagon"}
    dented = {"star", "cross", "crescent", "arrow", "ring"}
    for sample in (Shapes(6, "train")[i] for i in range(100)):
        solidity = sample.mask.sum() / ConvexHull(np.argwhere(sample.mask)).volume
        name = CLASSES[sample.label]
        assert name not in convex or solidity > 0.95, name
        assert name not in dented or solidity < 0.9, name


@pytest.mark.parametrize("seed", range(40))
def test_no_distractor_is_broad_enough_to_be_an_object(seed):
    flat = np.full((64, 64, 3), 0.5, np.float32)
    laid = textures.scatter(np.random.default_rng(seed), flat)
    changed = np.abs(laid - flat).max(axis=2) > 0.05
    assert not ndimage.binary_opening(changed, np.ones((10, 10))).any()


@pytest.mark.parametrize("pattern", textures.PATTERNS)
def test_a_pattern_fills_the_picture_with_shares_of_two_colours(pattern):
    drawn = pattern(np.random.default_rng(1))
    assert (drawn.shape, drawn.dtype) == ((64, 64), np.float32)
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    assert drawn.std() > 0.05


def test_a_contrasting_colour_is_far_from_every_mixture():
    rng = np.random.default_rng(0)
    first, second = np.array((0.9, 0.1, 0.1)), np.array((0.1, 0.1, 0.9))
    colours = np.array([textures.contrasting(rng, first, second, 0.35) for _ in range(50)])
    mixtures = first + np.linspace(0, 1, 101)[:, None] * (second - first)
    distances = np.linalg.norm(colours[:, None] - mixtures[None], axis=2)
    assert distances.min() > 0.349


def test_a_batch_is_its_samples_stacked():
    data = Shapes(1, "test")
    batch = data.batch([5, 2])
    assert np.array_equal(batch.images[1], data[2].image)
    assert np.array_equal(batch.masks[0], data[5].mask)
    assert batch.labels.tolist() == [5, 2]
    assert data.batch([]).images.shape == (0, 64, 64, 3)


def test_what_shapes_does_not_have_is_said():
    with pytest.raises(ShapesError, match="take one of train, validation, test"):
        Shapes(0, "trian")
    with pytest.raises(ShapesError, match="seed is -1"):
        Shapes(-1)
    with pytest.raises(ShapesError, match="index is -1"):
        Shapes(0)[-1]
