"""Options that a network does not have, or of another type than it takes, and what is said."""

import inspect
from typing import Any

import numpy as np
import pytest
import torch

import cnn_models


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_option_refuses_a_value_of_no_type_that_it_has(key):
    options = inspect.signature(cnn_models.spec(key).build).parameters.values()
    for name in (p.name for p in options if p.kind is not p.VAR_KEYWORD):
        odd: dict[str, Any] = {name: object()}
        with pytest.raises(TypeError, match=rf"^{name} is .*; it is "):
            cnn_models.build(key, **odd)


@pytest.mark.parametrize("key", cnn_models.names())
def test_no_network_takes_an_option_that_it_does_not_have(key):
    with pytest.raises(TypeError, match="no option 'widht' here; this network takes num_classes"):
        cnn_models.build(key, widht=2)


@pytest.mark.parametrize(
    ("key", "options", "message"),
    [
        ("alexnet", {"num_classes": "10"}, "num_classes is '10'; it is a whole number."),
        ("alexnet", {"num_classes": True}, "num_classes is True; it is a whole number."),
        ("alexnet", {"dropout": None}, "dropout is None; it is a number."),
        ("googlenet", {"aux_heads": 1}, "aux_heads is 1; it is True or False."),
        ("densenet121", {"bottleneck": 4.0}, "bottleneck is 4.0; it is a whole number or None."),
        ("vgg11", {"norm": 1}, "norm is 1; it is a text or None."),
        ("zfnet", {"filters": [1, 2, 3]}, "filters is .*; it is a tuple of whole numbers."),
        ("convnext_tiny", {"stages": (3, 96)}, "it is a tuple of tuples of 2 whole numbers."),
        ("inception_resnet_v1", {"scales": (1, "a", 1)}, "it is a tuple of 3 numbers."),
        ("resnet50", {"shortcut": 2}, "shortcut is 2; it is a text."),
        ("se_vgg16_bn", {"dropout": "0.5"}, "dropout is '0.5'; it is a number."),
    ],
)
def test_the_message_names_the_option_its_value_and_what_it_takes(key, options, message):
    with pytest.raises(TypeError, match=message):
        cnn_models.build(key, **options)


@pytest.mark.parametrize(
    ("key", "options"),
    [
        ("alexnet", {"dropout": 0}),
        ("lenet5_modern", {"num_classes": np.int64(3)}),
        ("convnext_tiny", {"layer_scale": 1, "survival": np.float32(0.5)}),
        ("resnet18", {"shortcut": "C"}),
    ],
)
def test_a_number_may_be_whole_and_of_any_make(key, options):
    with torch.device("meta"):
        assert cnn_models.build(key, **options)


@pytest.mark.parametrize(
    ("key", "option", "value"),
    [
        ("mobilenet_v2", "width", float("inf")),
        ("efficientnet_b0", "depth", float("nan")),
        ("convnext_tiny", "layer_scale", float("inf")),
        ("regnet_y_400mf", "wm", float("inf")),
    ],
)
def test_a_factor_is_finite(key, option, value):
    with pytest.raises(ValueError, match=f"{option} is {value}; .* and finite"):
        cnn_models.build(key, **{option: value})


@pytest.mark.parametrize("stages", [(), ((3,),), ((3, 96, 2),), ((0, 96),)])
def test_a_stage_of_convnext_is_a_pair_of_whole_numbers_over_zero(stages):
    with pytest.raises(ValueError, match="at least 1 block and 1 channel"):
        cnn_models.build("convnext_tiny", stages=stages)


def test_gates_take_a_module_and_a_whole_number():
    with torch.device("meta"):
        network = cnn_models.build("resnet18")
    with pytest.raises(TypeError, match="reduction is '16'; it is a whole number"):
        cnn_models.with_squeeze_excite(network, "16")  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="model is 'resnet18'; it is a Module"):
        cnn_models.with_squeeze_excite("resnet18")  # pyright: ignore[reportArgumentType]
