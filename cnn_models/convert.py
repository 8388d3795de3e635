"""The names of weight owners, turned into ours."""

from __future__ import annotations

from torch import Tensor


def convert(key: str, owner_state_dict: dict[str, Tensor]) -> dict[str, Tensor]:  # noqa: D103, ARG001
    return dict(owner_state_dict)
