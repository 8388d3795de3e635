"""The ENAS micro network: the authors' script, and counts from its cells by hand."""

from typing import Any

import pytest
import torch

import cnn_models
from cnn_models.blocks.cells import BEFORE, LAST
from cnn_models.families.enas import NORMAL, REDUCTION

KEY = "cifar_enas_micro"

# `fixed_arc` of scripts/cifar10_micro_final.sh: state and operation, state and operation a block.
RELEASED = {
    NORMAL: "0 2 0 0 0 4 0 1 0 4 1 1 1 0 0 1 0 2 1 1",
    REDUCTION: "1 0 1 0 0 3 0 2 1 1 3 1 1 0 0 4 0 3 1 1",
}
OPERATIONS = ("sep 3×3", "sep 5×5", "avg 3×3", "max 3×3", "identity")


@pytest.mark.parametrize(("plan", "released"), RELEASED.items())
def test_the_cells_are_those_of_the_authors_script(plan, released):
    state = {0: BEFORE, 1: LAST} | {number: number for number in range(2, 7)}
    numbers = [int(word) for word in released.split()]
    quads = zip(*(iter(numbers),) * 4, strict=True)
    blocks = tuple((OPERATIONS[p], state[a], OPERATIONS[q], state[b]) for a, p, b, q in quads)
    assert plan.blocks == blocks
    read = {row[1] for row in blocks} | {row[3] for row in blocks}
    assert plan.output == tuple(number for number in range(2, 7) if number not in read)


def by_hand(cells: int, channels: int = 36) -> tuple[int, int]:
    """Parameters and multiply-adds, cell by cell: (channels, side) of the last two outputs."""
    last = before = (3 * channels, 32)
    params, macs = 29 * last[0], 27 * last[0] * 32**2
    for number in range(3 * cells + 2):
        reduction = number in (cells, 2 * cells + 1)
        width = channels * 2 ** ((number >= cells) + (number >= 2 * cells + 1))
        side = last[1] // 2 if reduction else last[1]
        fits = (last[0] + width + before[0]) * width  # h[i] goes through two projections
        kernels = (3, 3, 3, 5, 5, 5) if reduction else (3, 3, 5, 5, 5, 5)
        weights = sum(2 * (k**2 * width + width**2) for k in kernels)
        weights += width**2 * reduction  # the identity that halves h[i-1]
        params += fits + weights + 2 * width * (3 + 2 * len(kernels) + reduction)
        macs += fits * last[1] ** 2 + weights * side**2
        last, before = ((4 if reduction else 5) * width, side), last
    return params + last[0] * 10, macs + last[0] * 10


@pytest.mark.parametrize(
    ("cells", "params"),
    [
        (6, 4_587_372),  # the paper prints 4.6M
        (5, 3_894_372),  # asserted by a public test of the authors' code
    ],
)
def test_counts_by_hand(cells, params):
    assert by_hand(cells)[0] == params
    with torch.device("meta"):
        network: Any = cnn_models.build(KEY, cells=cells)
    assert sum(p.numel() for p in network.parameters()) == params


def test_the_spec_has_the_counts_by_hand():
    spec = cnn_models.spec(KEY)
    assert (spec.exact_params, spec.exact_macs) == by_hand(6)
    assert f"{spec.exact_params / 1e6:.1f}M" == spec.published[0].value


def test_maps_between_the_cells():
    seen = {}
    with torch.device("meta"):
        network: Any = cnn_models.build(KEY, cells=5).eval()
        for name, cell in network.cells.items():
            cell.register_forward_hook(
                lambda _, _inputs, output, name=name: seen.update({name: tuple(output.shape[1:])})
            )
        network(torch.empty(1, 3, 32, 32))
    assert seen["normal_0"] == seen["normal_4"] == (180, 32, 32)
    assert seen["reduction_0"] == (288, 16, 16)
    assert seen["normal_5"] == seen["normal_9"] == (360, 16, 16)
    assert seen["reduction_1"] == (576, 8, 8)
    assert seen["normal_10"] == seen["normal_14"] == (720, 8, 8)


def test_the_auxiliary_head_has_the_parameters_of_the_authors_code():
    with torch.device("meta"):
        network: Any = cnn_models.build(KEY, aux_heads=True).train()
        logits, aux = network(torch.empty(2, 3, 32, 32))
    assert sum(p.numel() for p in network.aux.parameters()) == 494_848
    assert logits.shape == aux.shape == (2, 10)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"channels": 0}, "channels is 0; it is at least 1"),
        ({"cells": 0}, "cells is 0"),
        ({"drop_path": 1.5}, "drop_path is 1.5"),
    ],
)
def test_options_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        cnn_models.build(KEY, **options)
