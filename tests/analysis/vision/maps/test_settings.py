from analysis.vision.attribution import Options
from analysis.vision.maps.settings import Settings, taken
from analysis.vision.maps.target import Target
from analysis.vision.voices import voice

STAR = Target(4, 6, "star rather than ring")


def test_windows_are_shares_of_each_networks_side():
    settings = Settings(windows=4, strides=2)
    small = settings.options(voice("cifar_resnet20"), STAR, "occlusion")
    large = settings.options(voice("vgg16"), STAR, "occlusion")
    assert (small.window, small.stride) == (8, 4)
    assert (large.window, large.stride) == (56, 28)
    tiny = Settings(windows=28, strides=4).options(voice("cifar_resnet20"), STAR, "occlusion")
    assert (tiny.window, tiny.stride) == (1, 1)


def test_a_method_gets_only_what_it_takes():
    settings = Settings(steps=8, windows=4, seed=3, layers={"vgg16": "stage4"})
    speaker = voice("cifar_resnet20")
    assert settings.options(speaker, STAR, "saliency") == Options(against=6)
    assert settings.options(speaker, STAR, "grad_cam").layer is None
    assert settings.options(voice("vgg16"), STAR, "grad_cam").layer == "stage4"
    path = settings.options(speaker, STAR, "integrated_gradients")
    assert (path.steps, path.window) == (8, None)
    assert path.value_range == ((-2.0,) * 3, (2.0,) * 3)  # black and white: (0 or 1 − 0.5) / 0.25


def test_what_the_methods_take_together():
    assert taken([]) == frozenset()
    assert taken(["saliency", "grad_cam"]) == {"layer"}
