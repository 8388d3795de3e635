"""The memory of training and inference, against sums by hand, other tools, and torch itself."""

import json
from pathlib import Path

import pytest
import torch
from torch import nn

import cnn_models
from analysis.structure import gpu_memory, held, saved_tensors, training_memory
from analysis.structure.training_memory import OPTIMISERS, Footprint, Part

BURDEN = {
    row["model"]: row
    for row in json.loads(
        (Path(__file__).parents[2] / "data" / "convnet_burden.json").read_text(encoding="utf-8")
    )["rows"]
}
VGG16 = 138_357_544


@pytest.fixture(scope="module")
def footprint(traced):
    def of(key: str, precision: str = "float32") -> Footprint:
        with torch.device("meta"):
            model = cnn_models.build(key)
        kept = saved_tensors.of_network(key, precision)
        return training_memory.footprint(model, traced(key), kept)

    return of


def sizes(parts: tuple[Part, ...]) -> dict[str, int]:
    return {part.name: part.bytes for part in parts}


def test_vgg16_by_hand(footprint):
    facts = footprint("vgg16")
    training = sizes(training_memory.training(facts, 2, "adam", "float32"))
    assert training["Weights"] == training["Gradients"] == 553_430_176 == 4 * VGG16
    assert training["Optimiser state"] == 2 * 553_430_176
    inference = sizes(training_memory.inference(facts, 2, "float32"))
    assert inference == {
        "Weights": 553_430_176,
        "Activations": 2 * 4 * (3 + 64 + 64) * 224 * 224,  # the image, and conv1 with its ReLU
    }


@pytest.mark.parametrize(
    ("optimiser", "numbers"), [("sgd", 0), ("momentum", 1), ("adam", 2), ("adamw", 2)]
)
def test_state_of_the_optimisers(footprint, optimiser, numbers):
    assert training_memory.numbers_for_each_weight(optimiser) == numbers
    parts = sizes(training_memory.training(footprint("lenet5_modern"), 8, optimiser, "float32"))
    assert parts.get("Optimiser state", 0) == 4 * numbers * 61_706


def test_precisions_of_vgg16(footprint):
    half = sizes(training_memory.training(footprint("vgg16", "half"), 1, "momentum", "half"))
    assert half["Weights"] == half["Gradients"] == half["Optimiser state"] == 2 * VGG16
    mixed = sizes(training_memory.training(footprint("vgg16", "mixed"), 1, "momentum", "mixed"))
    assert mixed["Weights"] == mixed["Gradients"] == mixed["Optimiser state"] == 4 * VGG16
    assert mixed["16-bit copies"] == 2 * (VGG16 - 13_416)  # but for the biases
    assert mixed["Activations"] == half["Activations"]


@pytest.mark.parametrize("precision", ["float32", "half", "mixed"])
def test_numbers_come_to_the_bytes(footprint, precision):
    facts = footprint("cifar_resnet20", precision)
    for parts in (
        training_memory.training(facts, 12, "adam", precision),
        training_memory.inference(facts, 12, precision),
    ):
        for part in parts:
            numbers = part.numbers.replace(",", "").replace("×", "*")
            assert eval(numbers) == part.bytes  # noqa: S307
        assert training_memory.total(parts) == sum(sizes(parts).values())


@pytest.mark.parametrize(
    ("key", "theirs"),
    [("vgg16", "vgg-vd-16"), ("resnet50", "resnet-50"), ("densenet121", "densenet121"),
     ("googlenet", "googlenet"), ("squeezenet1_0", "squeezenet1-0")],
)  # fmt: skip
def test_weights_of_convnet_burden(key, theirs, traced):
    options = {"aux_heads": True} if key == "googlenet" else {}  # they are counted there
    with torch.device("meta"):
        model = cnn_models.build(key, **options)
    facts = training_memory.footprint(model, traced(key), ())
    weights = sizes(training_memory.inference(facts, 1, "float32"))["Weights"]
    printed = int(BURDEN[theirs]["param_mem"].removesuffix(" MB"))
    assert weights / 2**20 == pytest.approx(printed, abs=0.51)  # printed in whole MB of 2^20 bytes


@pytest.mark.parametrize("images", [0, -1, 4097, 10**9, 2.5])
def test_what_is_no_batch_is_refused(footprint, images):
    with pytest.raises(ValueError, match="give 1 to 4,096 images"):
        training_memory.training(footprint("lenet5_modern"), images, "sgd", "float32")
    with pytest.raises(ValueError, match="give 1 to 4,096 images"):
        training_memory.inference(footprint("lenet5_modern"), images, "float32")


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
@pytest.mark.parametrize("key", ["cifar_resnet20", "squeezenet1_1"])
def test_the_sum_is_near_the_peak_of_a_step(footprint, key, optimiser):
    with torch.device("meta"):
        model = saved_tensors.with_all_paths(key)
    shape, make = cnn_models.spec(key).input_shape, OPTIMISERS[optimiser].make
    peak = held.training_peak(model, shape, 8, "float32", make)
    total = training_memory.total(training_memory.training(footprint(key), 8, optimiser, "float32"))
    assert peak == pytest.approx(total, rel=0.15)


def test_a_step_on_the_cpu_holds_what_a_step_without_memory_holds():
    peaks = []
    for device in ("cpu", "meta"):
        with torch.device(device):
            model = cnn_models.build("lenet5_modern")
        peaks.append(held.training_peak(model, (1, 32, 32), 4, "float32", OPTIMISERS["sgd"].make))
    assert peaks[0] == peaks[1]


def test_one_image_cannot_train_a_batch_norm_of_one_place():
    model = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.BatchNorm2d(3)).to("meta")
    with pytest.raises(held.TooFewImages, match="at least 2 images"):
        held.training_peak(model, (3, 4, 4), 1, "float32", OPTIMISERS["sgd"].make)


def test_without_a_gpu_nothing_is_measured(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert gpu_memory.device_name() is None
    with pytest.raises(gpu_memory.NotMeasured, match="no GPU"):
        gpu_memory.measured("lenet5_modern", 2, "sgd", "float32", 10**6)


@pytest.fixture
def pretended_gpu(monkeypatch):
    """Torch's CUDA functions over the CPU, with 1 MiB free and 100 bytes held by others."""
    answers = {
        "is_available": True,
        "get_device_name": "Some GPU",
        "mem_get_info": (2**20, 2**30),
        "memory_allocated": 100,
        "max_memory_allocated": 1100,
    }
    for name, answer in answers.items():
        monkeypatch.setattr(torch.cuda, name, lambda answer=answer: answer)
    for name in ("empty_cache", "reset_peak_memory_stats"):
        monkeypatch.setattr(torch.cuda, name, lambda: None)
    monkeypatch.setattr(gpu_memory, "_DEVICE", "cpu")


@pytest.mark.usefixtures("pretended_gpu")
@pytest.mark.parametrize("precision", ["float32", "half", "mixed"])
def test_a_step_is_measured_above_what_others_hold(precision):
    assert gpu_memory.measured("lenet5_modern", 2, "sgd", precision, 2**20) == (1000, 1000)


@pytest.mark.usefixtures("pretended_gpu")
def test_what_does_not_fit_is_not_tried(monkeypatch):
    with pytest.raises(gpu_memory.NotMeasured, match="Some GPU is too small for 2 images"):
        gpu_memory.measured("vgg16", 2, "sgd", "float32", 2**20 + 1)

    def full(*_: object) -> None:
        raise torch.cuda.OutOfMemoryError

    monkeypatch.setattr(gpu_memory, "one_step", full)
    with pytest.raises(gpu_memory.NotMeasured, match="try a smaller batch"):
        gpu_memory.measured("lenet5_modern", 2, "sgd", "float32", 2**20)
