import numpy as np
import pytest
from PIL import Image

from analysis.experiments import sample_images


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    sample_images.main(folder)
    return folder


def test_the_command_makes_the_samples_that_ship(made):
    shipped = {path.name for path in sample_images.SAMPLES.iterdir()} - {"ORIGIN.md"}
    assert {path.name for path in made.iterdir()} == shipped
    for name in shipped:
        with Image.open(made / name) as one, Image.open(sample_images.SAMPLES / name) as other:
            difference = np.abs(np.asarray(one, float) - np.asarray(other, float))
        assert difference.mean() < 2, name  # another JPEG encoder may round differently


def test_every_sample_has_a_line_on_its_origin():
    text = (sample_images.SAMPLES / "ORIGIN.md").read_text(encoding="utf-8")
    for path in sample_images.SAMPLES.iterdir():
        kind = path.name.split("-")[0] + "-*" + path.suffix if "-" in path.stem else path.name
        assert path.name == "ORIGIN.md" or f"`{kind}`" in text


def test_a_photograph_is_as_large_as_a_small_camera_makes_it(made):
    for path in made.glob("digit-*.jpg"):
        with Image.open(path) as photograph:
            assert photograph.size == (900, 700)
        assert 20_000 < path.stat().st_size < 120_000


def test_photographs_of_one_seed_are_the_same_and_of_another_are_not():
    one, again = (np.asarray(sample_images.photograph(3, seed=1)) for _ in range(2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, np.asarray(sample_images.photograph(3, seed=2)))
