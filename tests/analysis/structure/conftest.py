"""Graphs of the registry's networks, traced once for all tests that ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
import torch

import cnn_models
from analysis.structure.graph import Graph, trace


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@cache
def _traced(key: str) -> Graph:
    with torch.device("meta"):
        model = cnn_models.build(key)
    return trace(model, cnn_models.spec(key).input_shape)


@pytest.fixture(scope="session")
def traced() -> Callable[[str], Graph]:
    return _traced
