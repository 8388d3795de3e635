"""Public networks: the owner's state dict, converted, gives the owner's logits."""

import json

import numpy as np
import pytest
import torch
from torch import Tensor

import cnn_models
from cnn_models.convert import KeysDoNotFit, convert
from tests.cnn_models.parity import DATA, EXPECTED, SHAPES, deterministic, picture, unfilled
from tests.networks import EVERY, smallest_of_each_paper


def owner(row: dict) -> str:
    """Name in parity.json of a row of the catalogue; timm's training tag left out."""
    source, name = row["pretrained"]
    return f"{source}/{name.split('.')[0]}"


PUBLIC = {
    row["key"]: owner(row)
    for row in json.loads((DATA / "catalogue.json").read_text(encoding="utf-8"))
    if row["pretrained"] and row["key"] in cnn_models.names()
}
OWNERS = {key: name for key, name in PUBLIC.items() if name in EXPECTED}
ASKED = set(OWNERS) if EVERY else smallest_of_each_paper(OWNERS)

# parity.json has no logits for these; their own tests hold them against the owner's layers.
ELSEWHERE = {
    "vgg13_bn",
    "inception_resnet_v2",
    "resnet34",
    "resnet101_v1_5",
    "wide_resnet101_2",
    "resnext101_32x4d",
    "resnext101_64x4d",
    "densenet169",
    "densenet161",
    "squeezenet1_1",
    "mobilenet_v3_small",
    "shufflenet_v2_x1_5",
    "se_resnet152",
    "se_resnext101_32x4d",
    "efficientnet_b2",
}


def built(key: str) -> torch.nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **cnn_models.spec(key).weights[0].options).eval()


# Their layers are held against the owner's with weaker branches, which rounding leaves together:
# see families/test_senet_family.py and families/test_senet154.py.
ROUNDED_APART = {"se_resnet101", "senet154"}


def answer(model: torch.nn.Module, x: Tensor) -> np.ndarray:
    with torch.inference_mode():
        return model(x)[0].double().numpy()


def off(logits: np.ndarray, norm: float, first8: np.ndarray) -> float:
    """How far norm and direction are from the expected ones; the larger of the relative errors."""
    found = np.linalg.norm(logits)
    turned = np.linalg.norm(logits[:8] / found - first8) / np.linalg.norm(first8)
    return float(max(abs(found / norm - 1), turned))


@pytest.mark.parametrize("key", sorted(ASKED))
def test_converted_weights_give_the_owners_logits(key):
    owner = OWNERS[key]
    state = deterministic(SHAPES[owner])
    model = built(key)
    model.load_state_dict(convert(key, state), strict=True, assign=True)
    size = EXPECTED[owner]["size"]
    logits = answer(model, picture(size))
    expected = EXPECTED[owner]
    from_owner = off(logits, expected["norm"], np.array(expected["first8"]))
    if from_owner < 1e-3:
        assert logits.argmax() == expected["argmax"]
        return
    # Rounding may be all that differs: these weights let some deep networks amplify it, so that the
    # order of a sum, as another number of threads has it, changes the answer by a third.
    exact = answer(model.double(), picture(size).double())
    norm = float(np.linalg.norm(exact))
    assert off(logits, norm, exact[:8] / norm) > 1e-3
    assert from_owner < 0.7
    assert key in ROUNDED_APART


@pytest.mark.parametrize("key", OWNERS)
def test_conversion_renames_and_keeps_every_tensor(key):
    state = unfilled(OWNERS[key])
    ours = convert(key, state)
    counters = {name for name in ours if name.endswith("num_batches_tracked")}
    assert all(ours[name].item() == 0 for name in counters)
    kept = {id(tensor) for name, tensor in ours.items() if name not in counters}
    assert kept == {id(tensor) for tensor in state.values()}


def test_every_network_with_public_weights_is_held_against_its_owner():
    assert {key for key in cnn_models.names() if cnn_models.spec(key).weights} == set(PUBLIC)
    assert set(PUBLIC) - set(OWNERS) == ELSEWHERE


def torchvision_vgg(channels: list[int | None]) -> dict[str, Tensor]:
    """State dict of a batch-normalised VGG; None is a max pooling."""
    shapes, number, inputs = {}, 0, 3
    for outputs in channels:
        if outputs is None:
            number += 1
            continue
        shapes[f"features.{number}.weight"] = (outputs, inputs, 3, 3)
        shapes[f"features.{number}.bias"] = (outputs,)
        for part in ("weight", "bias", "running_mean", "running_var"):
            shapes[f"features.{number + 1}.{part}"] = (outputs,)
        number, inputs = number + 3, outputs
    for number, shape in ((0, (4096, 25088)), (3, (4096, 4096)), (6, (1000, 4096))):
        shapes[f"classifier.{number}.weight"] = shape
        shapes[f"classifier.{number}.bias"] = shape[:1]
    return {name: torch.empty(shape, device="meta") for name, shape in shapes.items()}


def test_vgg13_bn_takes_the_numbered_names_of_configuration_b():
    channels = [64, 64, None, 128, 128, None, 256, 256, None, 512, 512, None, 512, 512, None]
    assert torchvision_vgg(
        [64, None, 128, None, 256, 256, None, 512, 512, None, 512, 512]
    ).keys() == (SHAPES["torchvision/vgg11_bn"].keys())
    ours = convert("vgg13_bn", torchvision_vgg(channels))
    assert ours.keys() == built("vgg13_bn").state_dict().keys()


def test_densenet_takes_the_names_of_the_file_of_2017():
    now = unfilled(OWNERS["densenet121"])
    then = {}
    for name, tensor in now.items():
        for part in ("norm1", "norm2", "conv1", "conv2"):
            name = name.replace(f".{part}.", f".{part[:4]}.{part[4]}.")
        then[name] = tensor
    assert "features.denseblock1.denselayer1.norm.1.weight" in then
    assert {n: id(t) for n, t in convert("densenet121", then).items() if t.is_meta} == {
        n: id(t) for n, t in convert("densenet121", now).items() if t.is_meta
    }


def test_counters_of_seen_batches_are_kept_where_the_file_has_them():
    state = unfilled(OWNERS["resnet18"])
    state["bn1.num_batches_tracked"] = torch.tensor(7)
    ours = convert("resnet18", state)
    assert ours["bn1.num_batches_tracked"].item() == 7
    assert ours["layer1.0.bn1.num_batches_tracked"].item() == 0


@pytest.mark.parametrize("key", OWNERS)
def test_the_state_dict_of_another_network_is_refused(key):
    other = "torchvision/resnet18" if key != "resnet18" else "torchvision/vgg11"
    with pytest.raises(KeysDoNotFit, match=f"not the owner's state dict of {key}: .* is missing"):
        convert(key, unfilled(other))


def test_what_is_amiss_is_named():
    state = unfilled(OWNERS["se_resnet50"])
    state["last_linear.weight"] = torch.empty(10, 2048)
    del state["layer0.conv1.weight"]
    state["extra"] = torch.empty(3)
    message = (
        r"se_resnet50: conv1\.weight \(64, 3, 7, 7\) is missing; extra \(3,\) is unexpected; "
        r"fc\.weight is \(10, 2048\), not \(1000, 2048\)\."
    )
    with pytest.raises(KeysDoNotFit, match=message):
        convert("se_resnet50", state)


def test_many_complaints_are_counted():
    entries = EXPECTED["torchvision/resnet18"]["entries"]
    with pytest.raises(KeysDoNotFit, match=rf"is missing and {entries - 3} more\.$"):
        convert("resnet18", {})


def test_a_network_that_nobody_trained_takes_no_public_weights():
    with pytest.raises(KeysDoNotFit, match="nobody publishes weights of this network"):
        convert("resnet50", unfilled("torchvision/resnet50"))
