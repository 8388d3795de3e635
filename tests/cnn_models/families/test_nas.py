"""The stand-in for NAS v3: what the paper says of its 39 layers, and that nothing else fits."""

import itertools
from typing import Any

import pytest
import torch
from torch import nn

import cnn_models
from cnn_models.families.nas import STAGES

KEY = "cifar_nas_v3"
SIDES = (1, 3, 5, 7)  # heights and widths that the paper's controller chooses from
FILTERS = (6, 12, 24, 36)
LAYERS = (12, 12, 15)  # 13 blocks of three, between two poolings


def stage(inputs: int, layers: int, area: int, filters: int) -> int:
    """Weights, where layer n reads the input and the n before it; and their batch norms."""
    read = layers * inputs + filters * layers * (layers - 1) // 2
    return area * filters * read + 2 * filters * layers


def network(filters: tuple[int, ...], areas: tuple[int, ...]) -> int:
    inputs = (3, *filters)
    stages = zip(inputs, LAYERS, areas, filters, strict=False)
    return sum(stage(*row) for row in stages) + 10 * filters[-1] + 10


def built(**options: int) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(KEY, **options).eval()


@pytest.mark.parametrize(("extra", "params"), [(0, 7_141_402), (40, 37_422_362)])
def test_both_printed_counts_by_hand(extra, params):
    filters = tuple(row.filters + extra for row in STAGES)
    assert network(filters, tuple(row.height * row.width for row in STAGES)) == params
    assert sum(p.numel() for p in built(extra_filters=extra).parameters()) == params


def test_no_other_table_with_a_row_a_stage_gives_both():
    areas = sorted({height * width for height in SIDES for width in SIDES})
    tables = itertools.product(
        itertools.product(FILTERS, repeat=3), itertools.product(areas, repeat=3)
    )
    tried, fitting = 0, []
    for filters, windows in tables:
        tried += 1
        if 7.05e6 <= network(filters, windows) < 7.15e6:
            more = tuple(number + 40 for number in filters)
            if 37.35e6 <= network(more, windows) < 37.45e6:
                fitting.append((filters, windows))
    assert tried == 64_000
    assert fitting == [((24, 24, 36), (9, 35, 35))]


def test_39_layers_with_windows_and_filters_of_the_search():
    convolutions = [m for m in built().modules() if isinstance(m, nn.Conv2d)]
    assert len(convolutions) == 39
    assert all(set(conv.kernel_size) <= set(SIDES) for conv in convolutions)
    assert {conv.out_channels for conv in convolutions} <= set(FILTERS)
    assert sum(row.blocks for row in STAGES) == 13


def test_multiply_adds_by_hand():
    inputs, macs = 3, 0
    for row, layers, side in zip(STAGES, LAYERS, (32, 16, 8), strict=True):
        weights = stage(inputs, layers, row.height * row.width, row.filters)
        macs += (weights - 2 * row.filters * layers) * side**2
        inputs = row.filters
    assert cnn_models.spec(KEY).exact_macs == macs + 36 * 10


def test_a_layer_reads_all_before_it_in_its_stage():
    torch.manual_seed(0)
    network: Any = cnn_models.build(KEY).eval()
    image = torch.randn(1, 3, 8, 8)
    seen = {}
    for name, layer in network.stage1.named_children():
        layer.register_forward_hook(
            lambda _, inputs, output, name=name: seen.update({name: (inputs[0], output)})
        )
    answer = network.stage1(image)
    made = [output for _, output in seen.values()]
    assert torch.equal(seen["layer12"][0], torch.cat([image, *made[:-1]], dim=1))
    assert answer is made[-1]


def test_fewer_filters_than_the_table_are_refused():
    with pytest.raises(ValueError, match="extra_filters is -1; it is at least 0"):
        built(extra_filters=-1)
