"""What is recorded of networks that are small enough to work out by hand."""

import copy
import pickle

import pandas as pd
import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 (its name everywhere)

from analysis.structure import graph

SIZE = (3, 15, 15)


class Steps(nn.Module):
    """A convolution to 4 × 13 × 13 and a scale a channel, then whatever `steps` does."""

    def __init__(self, steps):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.scale = nn.Parameter(torch.ones(4, 1, 1))
        self.steps = steps

    def forward(self, x):
        return self.steps(self, self.conv(x))


def records(steps):
    """All operations after the convolution."""
    return graph.trace(Steps(steps), SIZE).operations[1:]


def test_a_convolution_is_recorded_with_all_that_defines_it():
    conv = nn.Conv2d(6, 8, (3, 5), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2)
    (op,) = graph.trace(nn.Sequential(conv), (6, 20, 30)).operations
    assert (op.name, op.kind, op.inputs) == ("0", "convolution", ("input",))
    assert op.input_shapes == ((6, 20, 30),)
    assert op.output_shape == (8, 10, 26)
    assert (op.kernel, op.stride, op.padding, op.dilation) == ((3, 5), (2, 1), (1, 2), (1, 2))
    assert (op.groups, op.bias) == (2, True)
    assert op.params == 8 * 3 * 15 + 8
    assert op.macs == 10 * 26 * 8 * 15 * 3
    assert op.activations == 8 * 10 * 26
    assert op.activation_bytes == 4 * op.activations


@pytest.mark.parametrize(
    ("steps", "kind", "shape", "activations"),
    [
        (lambda _, x: x + x.neg(), "addition", (4, 13, 13), 676),
        (lambda _, x: torch.cat([x, x.neg()], 1), "concatenation", (8, 13, 13), 1352),
        (lambda m, x: x * m.scale, "multiplication", (4, 13, 13), 676),
        (lambda _, x: torch.flatten(x, 1), "flatten", (676,), 0),
        (lambda _, x: x.flatten(1), "flatten", (676,), 0),
        (lambda _, x: F.relu(x), "ReLU", (4, 13, 13), 676),
        (lambda _, x: F.relu(x, inplace=True), "ReLU", (4, 13, 13), 0),
        (lambda _, x: F.pad(x, (1, 2, 3, 4)), "padding", (4, 20, 16), 1280),
        (lambda _, x: x[:, :, 1::2, ::3], "slicing", (4, 6, 5), 0),
        (lambda _, x: x[:, [0, 2]], "slicing", (2, 13, 13), 338),
        (lambda _, x: x.mean((2, 3)), "global average pooling", (4,), 4),
        (lambda _, x: x.mean(-1), "mean", (4, 13), 52),
        (lambda _, x: F.adaptive_avg_pool2d(x, 1), "global average pooling", (4, 1, 1), 4),
        (lambda _, x: F.adaptive_avg_pool2d(x, 6), "adaptive average pooling", (4, 6, 6), 144),
        (lambda _, x: F.max_pool2d(x, 3, 2, 1), "max pooling", (4, 7, 7), 196),
        (lambda _, x: x.chunk(2, 1)[0], "split", (2, 13, 13), 0),
        (lambda m, x: F.dropout(x, training=m.training), "dropout", (4, 13, 13), 0),
        (lambda _, x: x.view(x.size(0), -1), "reshape", (676,), 0),
        (lambda _, x: x.permute(0, 2, 3, 1), "transpose", (13, 13, 4), 0),
    ],
)
def test_functions_and_methods_are_recorded_like_modules(steps, kind, shape, activations):
    op = records(steps)[-1]
    assert (op.kind, op.output_shape, op.activations) == (kind, shape, activations)


def test_functional_windows_have_a_geometry():
    op = records(lambda _, x: F.max_pool2d(x, 3, 2, 1, ceil_mode=True))[-1]
    assert (op.kernel, op.stride, op.padding, op.ceil_mode) == ((3, 3), (2, 2), (1, 1), True)


def test_padding_called_same_is_shown_in_numbers():
    model = nn.Sequential(nn.Conv2d(3, 4, 4, padding="same", dilation=2))
    (op,) = graph.trace(model, SIZE).operations
    assert (op.padding, op.padding_after, op.output_shape) == ((3, 3), None, (4, 15, 15))


def test_normalisation_over_channels_is_no_window():
    op = graph.trace(nn.Sequential(nn.LocalResponseNorm(5)), SIZE).operations[0]
    assert (op.kind, op.kernel) == ("local response norm", None)


def test_names_follow_the_module_whose_code_runs():
    model = nn.Sequential(nn.Sequential(Steps(lambda _, x: (x + x) + x)))
    names = [op.name for op in graph.trace(model, SIZE).operations]
    assert names == ["0.0.conv", "0.0.add", "0.0.add#2"]


def test_a_module_called_twice_has_two_names_and_its_weights_count_once():
    class Twice(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x):
            return self.conv(self.conv(x))

    first, second = graph.trace(Twice(), SIZE).operations
    assert (first.name, second.name) == ("conv", "conv#2")
    assert (first.params, second.params) == (84, 0)
    assert first.macs == second.macs == 15 * 15 * 3 * 27


def test_weights_read_as_attributes_count_where_they_are_used():
    back = Steps(lambda m, x: F.conv2d(x * m.scale.exp(), m.conv.weight.transpose(0, 1)))
    operations = graph.trace(back, SIZE).operations
    assert [op.kind for op in operations] == ["convolution", "multiplication", "convolution"]
    assert [op.params for op in operations] == [112, 4, 0]
    assert sum(op.params for op in operations) == sum(p.numel() for p in back.parameters())


def test_frozen_and_unused_parameters_do_not_count():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
    model.add_module("2", nn.ReLU())
    model.register_parameter("idle", nn.Parameter(torch.zeros(7)))
    model[1].requires_grad_(False)
    assert graph.trace(model, SIZE).totals().params == 4 * 27 + 4


def test_branches_are_kept_as_inputs():
    def forked(_, x):
        return torch.cat([x.relu(), x.sigmoid(), x], 1)

    assert records(forked)[-1].inputs == ("relu", "sigmoid", "conv")


def test_other_numbers_of_axes():
    line = graph.trace(nn.Sequential(nn.Conv1d(2, 4, 5), nn.MaxPool1d(2)), (2, 16)).operations
    assert [(op.output_shape, op.kernel) for op in line] == [((4, 12), (5,)), ((4, 6), (2,))]
    solid = graph.trace(nn.Sequential(nn.Conv3d(2, 4, 3)), (2, 8, 9, 10)).operations
    assert solid[0].output_shape == (4, 6, 7, 8)
    vector = graph.trace(nn.Sequential(nn.Linear(10, 3)), (10,)).operations
    assert (vector[0].macs, vector[0].receptive_field) == (30, None)


def test_the_model_is_left_as_it_was():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Dropout()).train()
    seen = []
    model[0].register_forward_hook(lambda *args: seen.append(args))
    before, pointers = copy.deepcopy(model.state_dict()), [p.data_ptr() for p in model.parameters()]
    graph.trace(model, SIZE)
    assert all(module.training for module in model.modules())
    assert [p.data_ptr() for p in model.parameters()] == pointers
    torch.testing.assert_close(model.state_dict(), before, rtol=0, atol=0)
    assert all(p.grad is None for p in model.parameters())
    assert seen == []
    model(torch.zeros(1, *SIZE))
    assert len(seen) == 1


def test_a_network_that_fx_has_traced_already_is_traced_again():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 * 6, 2))
    again = torch.fx.symbolic_trace(model)
    again.get_submodule("0").register_forward_hook(lambda *_: pytest.fail("the model's own hook"))
    assert graph.trace(again, (3, 8, 8)).totals() == graph.trace(model, (3, 8, 8)).totals()
    assert again.training


def test_no_memory_is_allocated_for_weights():
    with torch.device("meta"):
        model = nn.Sequential(nn.Linear(10**7, 10**7))  # 400 TB
    assert graph.trace(model, (10**7,)).totals().params == 10**14 + 10**7


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_a_network_on_the_gpu_is_traced_without_touching_it():
    model = nn.Sequential(nn.Conv2d(3, 4, 3)).cuda()
    held = torch.cuda.memory_allocated()
    assert graph.trace(model, SIZE) == graph.trace(model.cpu(), SIZE)
    assert torch.cuda.max_memory_allocated() <= held + 2**20


def test_the_same_graph_on_every_device_and_in_half_precision():
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    on_cpu = graph.trace(model, SIZE)
    assert graph.trace(copy.deepcopy(model).half(), SIZE) == on_cpu
    assert graph.trace(copy.deepcopy(model).to("meta"), SIZE) == on_cpu


def test_a_graph_survives_pickling():
    g = graph.trace(nn.Sequential(nn.Conv2d(3, 4, 3)), SIZE)
    assert pickle.loads(pickle.dumps(g)) == g  # noqa: S301 (our own bytes)


def test_the_table_sorts_as_numbers():
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)
    )
    table = graph.trace(model, SIZE).table()
    assert list(table["output shape"]) == ["4 × 13 × 13", "4 × 1 × 1", "4", "2"]
    assert list(table["parameters"]) == [112, 0, 0, 10]
    assert table["receptive field"].iloc[0] == 3
    assert table["receptive field"].iloc[1:].isna().all()
    assert list(table["sees"]) == ["3 × 3", "everything", "everything", "everything"]
    for column in ("parameters", "multiply-adds", "memory (MiB)", "receptive field"):
        assert pd.api.types.is_numeric_dtype(table[column])


def test_an_operation_is_found_by_name():
    g = graph.trace(nn.Sequential(nn.Conv2d(3, 4, 3)), SIZE)
    assert g.operation("0") is g.operations[0]
    with pytest.raises(graph.UnknownOperation, match=r"no operation called 'nought'\. Try 0"):
        g.operation("nought")
