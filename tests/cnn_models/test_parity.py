"""Public networks: the owner's state dict, converted, gives the owner's logits.

The owner's weights are too large to ship, so deterministic ones stand in for them: each entry is
filled from a generator seeded with its name. The logits that the owners' own code gives for these
are in parity.json, and the names and shapes of their state dicts in parity_keys.json.gz.
"""

import gzip
import json
import zlib
from math import prod
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

import cnn_models
from cnn_models.convert import KeysDoNotFit, convert

DATA = Path(__file__).parents[1] / "data"
EXPECTED = {
    f"{row['source']}/{row['name']}": row for row in json.loads((DATA / "parity.json").read_text())
}
SHAPES = json.loads(gzip.decompress((DATA / "parity_keys.json.gz").read_bytes()))

OWNERS = {
    "alexnet_owt": "torchvision/alexnet",
    "vgg11": "torchvision/vgg11",
    "vgg13": "torchvision/vgg13",
    "vgg16": "torchvision/vgg16",
    "vgg19": "torchvision/vgg19",
    "vgg11_bn": "torchvision/vgg11_bn",
    "vgg16_bn": "torchvision/vgg16_bn",
    "vgg19_bn": "torchvision/vgg19_bn",
    "googlenet_bn": "torchvision/googlenet",
    "resnet18": "torchvision/resnet18",
    "resnet50_v1_5": "torchvision/resnet50",
    "resnet152_v1_5": "torchvision/resnet152",
    "densenet121": "torchvision/densenet121",
    "mobilenet_v1": "timm/mobilenetv1_100",
    "se_resnet50": "timm/legacy_seresnet50",
}


def filled(name: str, shape: list[int]) -> Tensor:
    """The recipe of parity.json for one entry of a state dict."""
    values = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(
        shape, dtype=np.float32
    )
    if name.endswith("running_var"):
        values = 1 + 0.1 * np.abs(values)
    elif name.endswith(("running_mean", "bias")):
        values = 0.1 * values
    elif len(shape) >= 2:
        values = values * np.float32(np.sqrt(2 / prod(shape[1:])))
    elif shape:
        values = 1 + 0.1 * values
    else:
        values = np.float32(0.5)
    return torch.as_tensor(values, dtype=torch.float32)


def unfilled(owner: str) -> dict[str, Tensor]:
    return {name: torch.empty(shape, device="meta") for name, shape in SHAPES[owner].items()}


def built(key: str) -> torch.nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, **cnn_models.spec(key).weights[0].options).eval()


@pytest.mark.parametrize("key", OWNERS)
def test_converted_weights_give_the_owners_logits(key):
    owner = OWNERS[key]
    state = {name: filled(name, shape) for name, shape in SHAPES[owner].items()}
    model = built(key)
    model.load_state_dict(convert(key, state), strict=True, assign=True)
    size = EXPECTED[owner]["size"]
    x = np.random.default_rng(0).standard_normal((1, 3, size, size), dtype=np.float32)
    with torch.inference_mode():
        logits = model(torch.from_numpy(x))[0].double().numpy()
    norm = np.linalg.norm(logits)
    assert norm == pytest.approx(EXPECTED[owner]["norm"], rel=1e-3)
    assert logits[:8] / norm == pytest.approx(EXPECTED[owner]["first8"], rel=1e-3, abs=1e-6)
    assert logits.argmax() == EXPECTED[owner]["argmax"]


@pytest.mark.parametrize("key", OWNERS)
def test_conversion_renames_and_keeps_every_tensor(key):
    state = unfilled(OWNERS[key])
    ours = convert(key, state)
    counters = {name for name in ours if name.endswith("num_batches_tracked")}
    assert all(ours[name].item() == 0 for name in counters)
    kept = {id(tensor) for name, tensor in ours.items() if name not in counters}
    assert kept == {id(tensor) for tensor in state.values()}


def test_every_network_with_public_weights_has_parity_figures_or_names_here():
    public = {key for key in cnn_models.names() if cnn_models.spec(key).weights}
    assert public == {*OWNERS, "vgg13_bn", "resnet34", "resnet101_v1_5"}


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


@pytest.mark.parametrize(
    ("key", "like", "blocks"),
    [
        ("resnet34", "torchvision/resnet18", (3, 4, 6, 3)),
        ("resnet101_v1_5", "torchvision/resnet50", (3, 4, 23, 3)),
    ],
)
def test_a_deeper_resnet_repeats_the_blocks_of_a_shallower_one(key, like, blocks):
    state = unfilled(like)
    for stage, count in enumerate(blocks, start=1):
        second = {n: t for n, t in state.items() if n.startswith(f"layer{stage}.1.")}
        for block in range(1, count):
            for name, tensor in second.items():
                state[name.replace(".1.", f".{block}.", 1)] = tensor
    assert convert(key, state).keys() == built(key).state_dict().keys()


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
