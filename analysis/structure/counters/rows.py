"""What every counter gives, so that their rows can be held beside each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from torch import nn


class CannotCount(ValueError):
    """A tool gives no count for this network; the message says why in one sentence."""


@dataclass(frozen=True)
class Row:
    """What a tool counts for one operator inside one module, over all calls, for one image.

    `module` is the path of the module, "" for the network itself; `operator` is the tool's own
    name for it; `amount` is in the tool's own unit.
    """

    module: str
    operator: str
    amount: int


@dataclass(frozen=True)
class Count:
    """All rows of one tool.

    `parameters` is None where the tool counts none. `skipped` holds the operators for which the
    tool says itself that it has no rule, with how often each is called.
    """

    tool: str
    rows: tuple[Row, ...]
    parameters: int | None
    skipped: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The number that the tool prints."""
        return sum(row.amount for row in self.rows)


@dataclass
class ModuleHand:
    """Gives what a counter shows to the module in which its hand moved.

    `read` of `watching` returns what the counter shows so far, operator by operator.
    """

    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    _shown: dict[str, int] = field(default_factory=dict)
    _inside: list[str] = field(default_factory=lambda: [""])

    def settle(self, shown: Mapping[str, int]) -> None:
        """What is new since the last call belongs to the module that runs now."""
        for operator, amount in shown.items():
            new = amount - self._shown.get(operator, 0)
            if new:
                self.moved[self._inside[-1], operator] += new
        self._shown = dict(shown)

    def enter(self, module: str) -> None:
        self._inside.append(module)

    def leave(self) -> None:
        self._inside.pop()


@contextmanager
def watching(network: nn.Module, read: Callable[[], Mapping[str, int]]) -> Iterator[ModuleHand]:
    """Hooks on the modules of `network`, for as long as a counter runs on it.

    The hooks are the network's own, so that no other thread's networks are seen.
    """
    hand, hooks = ModuleHand(), []
    for path, module in network.named_modules():

        def before(*_: object, path: str = path) -> None:
            hand.settle(read())
            hand.enter(path)

        def after(*_: object) -> None:
            hand.settle(read())
            hand.leave()

        hooks += [module.register_forward_pre_hook(before), module.register_forward_hook(after)]
    try:
        yield hand
    finally:
        for hook in hooks:
            hook.remove()
