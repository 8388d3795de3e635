"""What a method is, and the question that it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from analysis.progress import Report
from analysis.vision.attribution.attribution_map import AttributionMap
from analysis.vision.attribution.baselines import baseline
from analysis.vision.attribution.options import Settled

NOT_FINITE = (
    "The scores or their gradients are not finite numbers; the weights or the input are broken."
)


class Score(nn.Module):
    """A network with one number an image: (N, C, H, W) -> (N,), a score or the difference of two.

    A module and not a function, because DeepLIFT puts hooks on what it explains. Raises ValueError
    if the network gives no such scores.
    """

    def __init__(self, network: nn.Module, target: int, against: int | None) -> None:
        super().__init__()
        self.network, self.target, self.against = network, target, against

    def forward(self, x: Tensor) -> Tensor:
        scores = self.network(x)
        self._check(scores)
        for_it = scores[:, self.target]
        return for_it if self.against is None else for_it - scores[:, self.against]

    def _check(self, scores: object) -> None:
        if not isinstance(scores, Tensor) or scores.ndim != 2:
            raise ValueError(
                "The network does not give one row of scores an image; use a classifier."
            )
        last = scores.shape[1] - 1
        for index in (self.target, self.against):
            if index is not None and not 0 <= index <= last:
                raise ValueError(
                    f"There is no class {index}; this network has classes 0 to {last}."
                )
        if not bool(torch.isfinite(scores).all()):
            raise ValueError(NOT_FINITE)


class Counted:
    """A score as a function that says after each pass how many pictures have gone through."""

    def __init__(self, score: nn.Module, total: int, report: Report) -> None:
        self._score, self._total, self._report, self._done = score, total, report, 0

    def __call__(self, x: Tensor) -> Tensor:
        found = self._score(x)
        self._done = min(self._done + len(x), self._total)
        self._report(self._done, self._total)
        return found


@dataclass(frozen=True)
class Question:
    """One picture (1, C, H, W) on the network's device, and what is asked about it."""

    image: Tensor
    target: int
    options: Settled
    report: Report

    def score(self, network: nn.Module) -> Score:
        return Score(network, self.target, self.options.against)

    def counted(self, network: nn.Module, total: int) -> Counted:
        return Counted(self.score(network), total, self.report)

    def baseline(self) -> Tensor:
        chosen = self.options
        return baseline(chosen.baseline, self.image, chosen.value_range, chosen.seed)


def _never(_network: nn.Module) -> str:
    return ""


@dataclass(frozen=True)
class Method:
    """A way to attribute a score to pixels: what the menu calls it, what it says, its source.

    `takes` names the fields of `Options` that matter to it, besides `against`, which all take.
    `patient` methods need more than about a second at 224 pixels and report how far they are.
    `refuses` gives the reason why it would be wrong for a network, or an empty string; `run`
    raises MethodRefused with it.
    """

    label: str
    sentence: str
    source: str
    signed: bool
    run: Callable[[nn.Module, Question], AttributionMap]
    takes: frozenset[str] = frozenset()
    patient: bool = False
    samples: int = 1  # that it draws if nobody says
    refuses: Callable[[nn.Module], str] = _never
