"""A part of a network that can be switched off, and how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """One block that can be taken out of the running network.

    `name` is the path of its module. A `residual` block loses its branch: the modules `silenced`
    put out zeros, so that its shortcut, described by `kept`, is all that passes. Any other block
    is passed by: each of the modules `silenced` hands on what it is given.
    """

    name: str
    silenced: tuple[str, ...]
    kept: str
    residual: bool
