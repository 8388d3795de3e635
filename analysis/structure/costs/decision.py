"""A design decision: two or more ways to build the same block, with all sizes to choose."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, ClassVar

from analysis.structure.costs.settings import Setting, setting_of
from analysis.structure.costs.terms import Side

if TYPE_CHECKING:
    from analysis.structure.graph import Graph


@dataclass(frozen=True)
class Formula:
    """What follows from what, in letters and with the numbers put in; `value` is what comes out."""

    quantity: str
    rule: str
    numbers: str
    value: str


@dataclass(frozen=True)
class DeckNote:
    """A number as a lecture deck or a paper prints it, and what the sum gives.

    `reading` says how the printed number can have come about; it is empty where nothing is odd.
    """

    printed: str
    source: str
    quantity: str
    computed: str
    reading: str = ""


@dataclass(frozen=True)
class Decision(ABC):
    """The sizes of a block as fields, made by `whole` and `one_of`; the defaults tell the story.

    Arithmetic alone; `analysis.structure.decisions` makes the same decision in a network.

    Raises:
        BadSizes: where a size is out of its bounds, or sizes do not go together.
    """

    name: ClassVar[str]  # short, for a list of decisions
    question: ClassVar[str]
    idea: ClassVar[str]
    source: ClassVar[str]  # where the defaults are from
    cost: ClassVar[str] = "macs"  # what to show first: a key of COSTS
    network: ClassVar[str | None] = None  # whose graph `in_network` asks for

    def __post_init__(self) -> None:
        for setting in self.settings():
            setting.check(getattr(self, setting.name))
        self.check()

    @classmethod
    def settings(cls) -> tuple[Setting, ...]:
        """All sizes, in order."""
        return tuple(setting_of(declared) for declared in fields(cls))

    @abstractmethod
    def before(self) -> Side:
        """The block without the saving."""

    @abstractmethod
    def after(self) -> Side:
        """The block with it."""

    def others(self) -> tuple[Side, ...]:
        """Further ways to build it that are worth comparing."""
        return ()

    def sides(self) -> tuple[Side, ...]:
        """All ways to build it: before, after, and the others."""
        return (self.before(), self.after(), *self.others())

    def formulas(self) -> tuple[Formula, ...]:
        """The laws behind the saving, with the numbers put in."""
        return ()

    def remarks(self) -> tuple[str, ...]:
        """Sentences on what these sizes show, beyond the factor that is saved."""
        return ()

    def check(self) -> None:
        """Refuse sizes that do not go together with BadSizes; nothing was computed yet."""
        return

    @classmethod
    def deck_notes(cls) -> tuple[DeckNote, ...]:
        """What decks and papers print of the default case, beside the sum."""
        return ()

    def in_network(self, graph: Graph) -> str:
        """What the decision costs in the whole of `network`, whose graph this is."""
        del graph
        return ""
