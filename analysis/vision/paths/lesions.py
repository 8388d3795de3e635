"""Taking blocks away one by one: Veit, Wilber, Belongie, NIPS 2016.

"Residual Networks Behave Like Ensembles of Relatively Shallow Networks" removes single blocks of
a trained network (its Figure 3) and then more and more of them, at random (its Figure 5): a
residual network grows worse smoothly, a plain one breaks at the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import nn

from analysis.amounts import percent
from analysis.experiments.shapes import CLASSES
from analysis.progress import Report, silent
from analysis.vision.paths import judged
from analysis.vision.paths.block import Block
from analysis.vision.paths.judged import SEED, Pictures
from analysis.vision.paths.off import without
from analysis.vision.probe import Shared

CHANCE = 1 / len(CLASSES)  # each is as frequent
ORDERS = 4  # random orders in which the blocks go
PATIENCE = 10  # numbers of blocks that are tried on the way from one to all


@dataclass(frozen=True)
class Fall:
    """What happens to the accuracy as blocks go.

    `whole` is the share of `pictures` that the network gets right, `alone` the share without each
    of `blocks` (names, in the order of the network). `removed` are numbers of blocks, from 0 to
    all, and `random` has for each of them the shares after every order drawn from `seed`; for
    one block it has those of `alone`.
    """

    blocks: tuple[str, ...]
    whole: float
    alone: tuple[float, ...]
    removed: tuple[int, ...]
    random: tuple[tuple[float, ...], ...]
    pictures: int
    seed: int

    def mean(self, place: int) -> float:
        """Mean share right at `removed[place]` over the orders."""
        return sum(self.random[place]) / len(self.random[place])

    def worst(self) -> tuple[str, float]:
        """The block that is missed most, and the share right without it."""
        return min(zip(self.blocks, self.alone, strict=True), key=lambda pair: pair[1])


def fall(
    model: nn.Module | Shared,
    blocks: Sequence[Block],
    seen: Pictures,
    seed: int = 0,
    report: Report = silent,
) -> Fall:
    """Judge a network without each block alone, and without more and more of them.

    Blocks go in ORDERS random orders; each set of blocks is judged once.

    Raises:
        ValueError: if there are no blocks.
    """
    if not blocks:
        raise ValueError("There is no block to switch off.")
    removed, orders = _numbers(len(blocks)), _orders(len(blocks), seed)
    plan = [frozenset[int](), *_gone(1, len(blocks), orders)]
    plan += [gone for number in removed for gone in _gone(number, len(blocks), orders)]
    todo = list(dict.fromkeys(plan))
    shares = _judge(model, blocks, seen, todo, report)
    return Fall(
        blocks=tuple(block.name for block in blocks),
        whole=shares[frozenset()],
        alone=tuple(shares[frozenset({i})] for i in range(len(blocks))),
        removed=removed,
        random=tuple(
            tuple(shares[gone] for gone in _gone(number, len(blocks), orders)) for number in removed
        ),
        pictures=len(seen),
        seed=seed,
    )


def _judge(
    model: nn.Module | Shared,
    blocks: Sequence[Block],
    seen: Pictures,
    todo: Sequence[frozenset[int]],
    report: Report,
) -> dict[frozenset[int], float]:
    """Share right without each set of blocks. The network is free between two of them."""
    shares: dict[frozenset[int], float] = {}
    report(0, len(todo))
    for done, gone in enumerate(todo, start=1):
        with without(model, [blocks[i] for i in sorted(gone)]) as network:
            shares[gone] = judged.share_right(network, seen)
        report(done, len(todo))
    return shares


def _gone(number: int, blocks: int, orders: list[list[int]]) -> list[frozenset[int]]:
    """Which blocks are gone when `number` are: any one, or the first of each order."""
    if number == 1:
        return [frozenset({i}) for i in range(blocks)]
    return [frozenset(order[:number]) for order in orders]


def _numbers(blocks: int) -> tuple[int, ...]:
    """0 to all blocks, in equal steps where there are many."""
    steps = np.linspace(0, blocks, min(blocks, PATIENCE) + 1).round().astype(int)
    return tuple(dict.fromkeys(steps.tolist()))


def _orders(blocks: int, seed: int) -> list[list[int]]:
    generator = np.random.default_rng(seed)
    return [generator.permutation(blocks).tolist() for _ in range(ORDERS)]


def notice(name: str, found: Fall) -> str:
    """What one block, and what half of them, mean to the network, in a sentence with numbers."""
    mean = sum(found.alone) / len(found.alone)
    block, least = found.worst()
    half = min(
        range(len(found.removed)), key=lambda i: abs(found.removed[i] * 2 - found.removed[-1])
    )
    gone = found.removed[half]
    return (
        f"**{name}** gets {percent(found.whole)} right with all blocks and "
        f"{percent(mean)} on average without one; it misses `{block}` most ({percent(least)}). "
        f"Without {gone} of its {len(found.blocks)} blocks {percent(found.mean(half))} are left "
        "on average."
    )


def protocol(found: Fall) -> str:
    """How the shares were measured, in a sentence."""
    return (
        f"Share right of the first {found.pictures} test pictures of Shapes, seed {SEED}. "
        f"Each block goes once alone, and more go in {ORDERS} random orders (seed {found.seed}): "
        "the line is the mean, the band goes from the worst to the best. Guessing gives "
        f"{percent(CHANCE)}. A shortcut hands on maps that the next block knows; without one, the "
        "next block gets maps that it has never seen. "
        "After Veit, Wilber and Belongie (2016), Figures 3 and 5."
    )
