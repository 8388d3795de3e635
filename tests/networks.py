"""Which networks a costly test asks: the smallest of each paper, or all of them.

What is counted is counted for all, always. What takes seconds for a deep network is asked of the
smallest network of each paper, for small and for large pictures, since the others differ from it in
depth and width alone. `make test-every` asks them all.
"""

import os
from collections.abc import Iterable

import pytest

import cnn_models

EVERY = os.environ.get("CNN_ATLAS_EVERY_NETWORK") == "1"
LARGE = 64  # pixels a side; larger than any small picture


def _first_of_each_family() -> set[str]:
    return {cnn_models.names(cnn_models.spec(key).family)[0] for key in cnn_models.names()}


def smallest_of_each_paper(keys: Iterable[str]) -> set[str]:
    """Of some networks the smallest of each paper, for small and for large pictures."""
    groups: dict[tuple[str, str, bool], str] = {}
    for key in sorted(keys, key=lambda key: cnn_models.spec(key).exact_params):
        spec = cnn_models.spec(key)
        groups.setdefault((spec.family, spec.paper.title, spec.input_shape[1] > LARGE), key)
    return set(groups.values())


def _of_each_paper() -> tuple[str, ...]:
    chosen = smallest_of_each_paper(cnn_models.names()) | FIRST_OF_FAMILY
    return tuple(key for key in cnn_models.names() if key in chosen)


FIRST_OF_FAMILY = frozenset(_first_of_each_family())
OF_EACH_PAPER = cnn_models.names() if EVERY else _of_each_paper()

every_network = pytest.mark.parametrize("key", cnn_models.names())
one_of_each_family = pytest.mark.parametrize(
    "key", cnn_models.names() if EVERY else sorted(FIRST_OF_FAMILY)
)
one_of_each_paper = pytest.mark.parametrize("key", OF_EACH_PAPER)
