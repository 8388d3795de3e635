"""Windows behind the steps of NASNet that no other family has: against measured gradients."""

import pytest
import torch
from torch import nn

from analysis.structure import graph
from cnn_models.blocks.cells import FactorisedReduction, SamePadding


@pytest.mark.parametrize("side", [24, 25])  # an even side is padded less in front
@pytest.mark.parametrize(
    "model",
    [
        FactorisedReduction(2, 4),
        nn.Sequential(SamePadding(3), nn.AvgPool2d(3, 2)),
        nn.Sequential(SamePadding(7), nn.Conv2d(2, 2, 7, 2)),
    ],
    ids=["factorised reduction", "average pooling", "convolution"],
)
def test_a_window_lies_where_the_gradient_does(model, side):
    traced = graph.trace(model, (2, side, side))
    last = traced.operations[-1]
    image = torch.randn(1, 2, side, side, requires_grad=True)
    answer = model(image)
    assert tuple(answer.shape[1:]) == last.output_shape
    assert answer.shape[-1] == (side + 1) // 2

    (gradient,) = torch.autograd.grad(answer[0, :, 5, 6].sum(), image)
    rows, columns = gradient[0].abs().sum(dim=0).nonzero(as_tuple=True)
    field = traced.receptive_field(last.name)
    starts = [at * field.stride[0] - field.padding[0] for at in (5, 6)]
    assert [int(rows.min()), int(columns.min())] == starts
    assert [int(rows.max()), int(columns.max())] == [s + field.size[0] - 1 for s in starts]
