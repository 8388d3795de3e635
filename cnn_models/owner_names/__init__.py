"""What the owners of public weights call each layer: one file of rules for each file of `families`.

A rule is a regular expression on the owner's name and what replaces it. The rules of a network are
applied one after the other; a name that no rule fits stays as it is. Each file holds RULES: the
rules themselves, or a function that makes them from the network (on the meta device).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

Rules = tuple[tuple[str, str], ...]


def rules(file: str, network: nn.Module) -> Rules:
    """Rules for `network`, whose family file is `file`."""
    module = importlib.import_module(f"{__name__}.{file}")
    found: Rules | Callable[[nn.Module], Rules] = module.RULES
    return found(network) if callable(found) else found
