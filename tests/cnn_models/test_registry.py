"""The registry: what a key finds, and what it says when it finds nothing."""

import dataclasses
import subprocess
import sys
from types import SimpleNamespace

import pytest

import cnn_models
from cnn_models import registry


@pytest.fixture
def specs_of(monkeypatch):
    """Let every family hold the given specs, and none that are not given."""

    def replace(**families):
        def import_module(name):
            return SimpleNamespace(SPECS=families.get(name.rpartition(".")[2], ()))

        monkeypatch.setattr(registry.importlib, "import_module", import_module)
        registry._specs.cache_clear()

    resnet18 = cnn_models.spec("resnet18")
    yield replace, resnet18
    monkeypatch.undo()
    registry._specs.cache_clear()


def test_two_networks_of_one_name_are_refused(specs_of):
    replace, resnet18 = specs_of
    replace(resnet=(resnet18, resnet18))
    with pytest.raises(ValueError, match="Two networks are called 'resnet18'"):
        registry.names()


def test_two_networks_of_one_name_in_two_families_are_refused(specs_of):
    replace, resnet18 = specs_of
    replace(resnet=(resnet18,), senet=(dataclasses.replace(resnet18, family="senet"),))
    with pytest.raises(ValueError, match="Two networks are called 'resnet18'"):
        registry.names()


def test_a_network_in_the_file_of_another_family_is_refused(specs_of):
    replace, resnet18 = specs_of
    replace(vgg=(resnet18,))
    with pytest.raises(ValueError, match=r"says family 'resnet', not 'vgg'"):
        registry.names()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("resnet5O", "resnet50"), ("ResNet18", "resnet18"), ("vgg_16", "vgg16")],
)
def test_an_unknown_key_is_answered_with_close_ones(typed, meant):
    with pytest.raises(cnn_models.UnknownModel, match=rf"{typed}.*Did you mean .*\b{meant}\b"):
        cnn_models.build(typed)


def test_a_key_like_no_other_is_answered_with_examples():
    with pytest.raises(cnn_models.UnknownModel, match=r"'qqqqqqq'\. Try lenet5"):
        cnn_models.spec("qqqqqqq")


def test_an_unknown_family_is_named():
    with pytest.raises(cnn_models.UnknownModel, match=r"'resnets'\. Did you mean resnet"):
        cnn_models.names("resnets")


def test_a_key_that_is_no_text_is_an_unknown_model():
    with pytest.raises(cnn_models.UnknownModel, match="'50'"):
        cnn_models.spec(50)  # pyright: ignore[reportArgumentType] - what a careless page may pass


def test_names_come_in_teaching_order():
    names = cnn_models.names()
    assert names[0] == "lenet5"
    in_order = ["lenet5", "alexnet", "vgg16", "googlenet", "resnet50", "densenet121"]
    assert [name for name in names if name in in_order] == in_order
    assert names.index("mobilenet_v1") < names.index("se_resnet50")
    assert len(set(names)) == len(names)


def test_families_divide_the_names_between_them():
    by_family = [name for family in registry.FAMILIES for name in cnn_models.names(family)]
    assert tuple(by_family) == cnn_models.names()
    assert all(cnn_models.names(family) for family in registry.FAMILIES)


@pytest.mark.parametrize("classes", [0, -1])
def test_no_classes_are_refused(classes):
    with pytest.raises(ValueError, match=f"num_classes is {classes}; .* at least 1 class"):
        cnn_models.build("resnet18", num_classes=classes)


def test_what_the_package_offers():
    assert set(cnn_models.__all__) == {
        "ModelSpec",
        "UnknownModel",
        "WeightsUnavailable",
        "build",
        "names",
        "pretrained",
        "spec",
        "weights",
        "with_squeeze_excite",
    }
    assert all(hasattr(cnn_models, name) for name in cnn_models.__all__)


def test_importing_the_package_does_not_import_torch():
    code = "import cnn_models, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
