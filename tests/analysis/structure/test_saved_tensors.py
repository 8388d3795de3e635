"""What training keeps, on tensors without memory, is what torch keeps of a real batch."""

import pytest
import torch
from torch import Tensor, nn

import cnn_models
from analysis.structure import saved_tensors
from analysis.structure.saved_tensors import COPIES


def kept_of_real_batch(model: nn.Module, batch: Tensor) -> int:
    """Bytes of all storages that autograd is given to keep, but for weights and averages."""
    known = {t.untyped_storage().data_ptr() for t in (*model.parameters(), *model.buffers())}
    sizes: dict[int, int] = {}
    alive = []

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            alive.append(tensor)
            sizes[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        model(batch)
    return sum(sizes.values())


def of_images(key: str, precision: str, images: int) -> int:
    return sum(row.fixed + images * row.each for row in saved_tensors.of_network(key, precision))


@pytest.mark.parametrize(
    "key", ["lenet5", "cifar_resnet20", "squeezenet1_1", "mobilenet_v1_x0_25", "mobilenet_v3_small"]
)
def test_real_batch(key):
    model = cnn_models.build(key)
    batch = torch.rand(3, *cnn_models.spec(key).input_shape)
    assert of_images(key, "float32", 3) == kept_of_real_batch(model, batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert of_images(key, "mixed", 3) == kept_of_real_batch(model, batch)


def test_weights_in_sixteen_bit():
    model = cnn_models.build("squeezenet1_1").to(torch.bfloat16)
    batch = torch.rand(3, 3, 224, 224, dtype=torch.bfloat16)
    assert of_images("squeezenet1_1", "half", 3) == kept_of_real_batch(model, batch)


def test_by_hand():
    layers = (nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2))
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(64, 5)).to("meta")
    kept = {row.kind: row for row in saved_tensors.kept(model, (3, 8, 8))}
    assert kept["convolution"].each == 3 * 64 * 4  # the image
    assert (kept["batch norm"].each, kept["batch norm"].fixed) == (4 * 64 * 4, 2 * 4 * 4)
    assert kept["ReLU"].each == 4 * 64 * 4
    assert kept["max pooling"].each == 4 * 16 * 8  # where each maximum was
    assert kept["linear"].each == 64 * 4  # what pooling wrote, which pooling itself does not need
    assert len(kept) == 5


def test_copies_of_the_weights_are_two_bytes_each():
    rows = {row.kind: row for row in saved_tensors.of_network("vgg16", "mixed")}
    weights = 138_357_544 - 13_416  # all but the biases, which no gradient needs
    assert (rows[COPIES].fixed, rows[COPIES].each) == (2 * weights, 0)


def test_no_path_is_left_out_at_random():
    first = saved_tensors.of_network("fractalnet_c2_cifar", "float32")
    assert all(row.each >= 0 and row.fixed >= 0 for row in first)
    assert first == saved_tensors.of_network("fractalnet_c2_cifar", "float32")


def test_stochastic_depth_leaves_out_no_block():
    with torch.device("meta"):
        model = saved_tensors.with_all_paths("cifar_stochastic_depth110")
    chances = [module.survival for module in model.modules() if hasattr(module, "survival")]
    assert chances == [1] * 54
