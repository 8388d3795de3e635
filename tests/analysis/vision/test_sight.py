import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import cnn_models
from analysis.vision import samples, sight, voices
from analysis.vision.digit import NoInk


def test_shipped_weights_speak_first() -> None:
    speaker = voices.voice("lenet5_modern")
    assert speaker.trained_on == "digits"
    assert speaker.classes == tuple("0123456789")
    assert speaker.reads_ink


def test_a_voice_speaks_with_the_weights_of_the_data_set_that_is_asked_for() -> None:
    plain, cheat = voices.voice("cifar_resnet20"), voices.voice("cifar_resnet20", "shapes_shortcut")
    assert (plain.trained_on, cheat.trained_on) == ("shapes", "shapes_shortcut")
    assert plain == voices.voice("cifar_resnet20", "shapes")
    assert "shortcut" not in plain.sentence
    assert "on shapes_shortcut" in cheat.sentence
    one, other = (voices.load(speaker, torch.device("cpu")) for speaker in (plain, cheat))
    pairs = zip(one.parameters(), other.parameters(), strict=True)
    assert not any(torch.equal(a, b) for a, b in pairs if a.ndim > 1)
    with pytest.raises(cnn_models.WeightsUnavailable, match="trained on digits"):
        voices.voice("cifar_resnet20", "digits")


def test_without_weights_the_voice_says_untrained(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("CNN_ATLAS_WEIGHTS", str(tmp_path))
    speaker = voices.voice("vgg16")
    assert speaker.trained_on == ""
    assert "Untrained" in speaker.sentence
    assert len(speaker.classes) == 1000
    assert speaker.fetchable
    assert speaker.size_mib == pytest.approx(527.8, abs=0.1)  # as its owner states it
    assert not voices.voice("plain18").fetchable


def test_a_size_that_its_owner_does_not_state_is_not_known(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("CNN_ATLAS_WEIGHTS", str(tmp_path))
    speaker = voices.voice("se_resnet50")
    assert speaker.fetchable
    assert speaker.size_mib is None


def test_untrained_weights_are_the_same_for_everybody() -> None:
    state = torch.random.get_rng_state()
    speaker = voices.voice("cifar_resnet56")
    one, two = (voices.load(speaker, torch.device("cpu")) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))
    assert torch.equal(torch.random.get_rng_state(), state)
    assert not one.training


def test_two_sessions_at_once_get_the_same_weights() -> None:
    speaker, cpu = voices.voice("cifar_resnet56"), torch.device("cpu")
    alone = list(voices.load(speaker, cpu).parameters())
    both = threading.Barrier(2)

    def load() -> list[nn.Parameter]:
        both.wait(30)
        return list(voices.load(speaker, cpu).parameters())

    with ThreadPoolExecutor(2) as pool:
        for found in [pool.submit(load) for _ in range(10)]:
            pairs = zip(alone, found.result(), strict=True)
            assert all(torch.equal(a, b) for a, b in pairs)


def test_these_are_trained_here() -> None:
    assert set(voices.trained_here()) == {
        "lenet5_modern",
        "cifar_plain20",
        "cifar_resnet20",
        "cifar_se_resnet20",
        "fractalnet_c2_cifar",
        "mobilenet_v1_x0_25",
    }


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_network_gets_an_input_that_it_takes(key: str) -> None:
    speaker = voices.voice(key)
    suited = samples.samples()[samples.suited(speaker.trained_on or "digits")]
    with Image.open(suited.path) as picture:
        seen = sight.sight(picture, speaker)
    assert tuple(seen.tensor.shape) == (1, *speaker.input_shape)
    assert seen.picture.shape[:2] == speaker.input_shape[1:]


def test_shapes_networks_see_what_they_learned_from() -> None:
    speaker = voices.voice("cifar_resnet20")
    grey = Image.new("RGB", (64, 64), (128, 128, 128))
    mean, std = speaker.preprocessing.mean, speaker.preprocessing.std
    expected = (128 / 255 - np.array(mean)) / np.array(std)
    found = sight.sight(grey, speaker).tensor[0, :, 16, 16].numpy()
    assert found == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("size", [(200, 200), (3000, 20), (20, 3000), (40, 1), (1, 1)])
def test_blank_paper_has_no_ink(size: tuple[int, int]) -> None:
    with pytest.raises(NoInk):
        sight.sight(Image.new("RGB", size, "white"), voices.voice("lenet5_modern"))


def test_small_pictures_are_enlarged_by_whole_pixels() -> None:
    small = np.arange(32 * 32, dtype=np.float32).reshape(32, 32) / 1023
    large = sight.enlarged(small)
    assert large.shape == (224, 224, 3)
    assert (large[::7, ::7, 0] == np.rint(small * 255)).all()
    photograph = np.zeros((300, 400, 3), dtype=np.uint8)
    assert sight.enlarged(photograph).shape == (300, 400, 3)


def test_samples_are_named_after_what_they_resemble() -> None:
    found = samples.samples()
    assert {sample.resembles for sample in found.values()} == {"digits", "shapes", "imagenet"}
    assert found[samples.suited("digits")].resembles == "digits"
    assert found[samples.suited("")].resembles == "imagenet"
