"""All claims, checked once for all tests of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.structure import lecture
from analysis.structure.graph import Graph


@pytest.fixture(scope="session")
def checks(traced: Callable[[str], Graph]) -> dict[str, lecture.Check]:
    return {claim.id: lecture.check(claim, traced) for claim in lecture.collection().claims}
