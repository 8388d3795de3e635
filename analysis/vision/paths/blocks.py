"""Which blocks of a network can be switched off."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.amounts import counted, listed
from analysis.structure.graph import Graph
from analysis.vision.paths.block import Block
from analysis.vision.paths.plain import plain_blocks
from analysis.vision.paths.residual import residual_blocks

_NAMED = 4  # names in a sentence; more are counted only


@dataclass(frozen=True)
class Blocks:
    """The blocks that can be switched off, in order, and the names of those that have to stay."""

    removable: tuple[Block, ...]
    staying: tuple[str, ...]

    @property
    def residual(self) -> bool:
        return any(block.residual for block in self.removable)

    def chosen(self, names: list[str]) -> tuple[Block, ...]:
        """The blocks with these names, in the order of the network."""
        return tuple(block for block in self.removable if block.name in names)

    def sentence(self) -> str:
        """How many blocks can be switched off, and what remains of one that is."""
        number = counted(len(self.removable), "block")
        if not self.removable:
            return (
                "No block of this network can be left out: each one changes the shape of its maps."
            )
        if self.residual:
            return (
                f"{number} can be switched off: a block loses its branch and keeps {self._kept()}."
            )
        rest = ""
        if self.staying:
            named = len(self.staying) <= _NAMED
            which = f" ({listed(f'`{name}`' for name in self.staying)})" if named else ""
            change = "changes" if len(self.staying) == 1 else "change"
            rest = (
                f" {counted(len(self.staying), 'other')}{which} {change} the shape and must stay."
            )
        return (
            f"This network has no shortcuts, so a block that is switched off is skipped: {number} "
            f"can be, because what goes in and what comes out have one shape.{rest}"
        )

    def _kept(self) -> str:
        """The shortcuts there are, those of most blocks first."""
        kinds: dict[str, int] = {}
        for block in self.removable:
            kinds[block.kept] = kinds.get(block.kept, 0) + 1
        if len(kinds) == 1:
            return f"its shortcut ({next(iter(kinds))})"
        words = [f"{kind} in {number}" for kind, number in sorted(kinds.items(), key=_most)]
        return f"its shortcut ({listed(words)})"


def _most(item: tuple[str, int]) -> int:
    return -item[1]


def blocks_of(graph: Graph) -> Blocks:
    """The residual blocks of a network, or where it has none, the blocks that keep the shape."""
    residual = residual_blocks(graph)
    return Blocks(residual, ()) if residual else Blocks(*plain_blocks(graph))
