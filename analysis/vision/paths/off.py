"""A network with some of its blocks switched off, for as long as one looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from analysis.amounts import counted, listed, percent
from analysis.vision.paths.block import Block
from analysis.vision.prediction import Prediction, predict
from analysis.vision.probe import Shared, probe

_NAMED = 3  # blocks in a heading


@contextmanager
def without(model: nn.Module | Shared, blocks: Iterable[Block]) -> Iterator[nn.Module]:
    """Lend a network whose `blocks` do nothing; afterwards it is as it was, as in `probe`.

    The branch of a residual block puts out zeros, so that the shortcut passes alone, as in
    stochastic depth (Huang et al. 2016) and in the lesions of Veit et al. (2016). A block without
    a shortcut hands on what it is given. Without blocks the network is itself, bit by bit.

    Raises:
        ValueError: if the network lacks one of the blocks.
    """
    with probe(model) as network:
        modules = dict(network.named_modules())
        for block in blocks:
            hook = _zeros if block.residual else _hand_on
            for name in block.silenced:
                if name not in modules:
                    raise ValueError(f"The network has no module {name!r} to switch off.")
                modules[name].register_forward_hook(hook)  # taken away by `probe`
        yield network


def predict_without(model: nn.Module | Shared, x: Tensor, blocks: Iterable[Block]) -> np.ndarray:
    """Softmax probabilities (N, classes) for `x` (N, C, H, W) with `blocks` switched off.

    Raises:
        ValueError: as `without` and `prediction.predict`.
    """
    with without(model, blocks) as network:
        return predict(network, x)


def named(blocks: Sequence[str]) -> str:
    """Which blocks are off, as a heading."""
    if not blocks:
        return "Nothing switched off"
    return f"Without {listed(blocks) if len(blocks) <= _NAMED else f'{len(blocks)} blocks'}"


def notice(name: str, before: Prediction, after: Prediction, left: float, gone: int) -> str:
    """What became of the answer of the network `name`, in a sentence.

    Args:
        name: of the network.
        before: its most likely class with all blocks.
        after: its most likely class without `gone` of them.
        left: the probability, 0..1, that the first class then has.
        gone: how many blocks are off.
    """
    verdict = "the answer stays" if before.index == after.index else f"it says **{after.name}**"
    return (
        f"{name} says **{before.name}** with {percent(before.probability)}; with "
        f"{counted(gone, 'block')} off this class has {percent(left)}, and {verdict}."
    )


def _zeros(_module: nn.Module, _given: tuple[Any, ...], output: Tensor) -> Tensor:
    return torch.zeros_like(output)


def _hand_on(_module: nn.Module, given: tuple[Any, ...], output: Tensor) -> Tensor:
    if given[0].shape != output.shape:
        raise ValueError(
            f"A block that makes {tuple(output.shape[1:])} of {tuple(given[0].shape[1:])} cannot "
            "be left out: what follows needs the new shape."
        )
    return given[0]
