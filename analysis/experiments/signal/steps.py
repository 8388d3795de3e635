"""The training loop for so many steps, where a measurement needs no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from torch import nn

from analysis.experiments.data import Data
from analysis.experiments.training import Diverged, Step, TrainingConfig, fit


class _Enough(Exception):
    """All steps are made."""


def train(
    model: nn.Module,
    data: Data,
    config: TrainingConfig,
    steps: int,
    on_step: Callable[[Step], None],
) -> bool:
    """Make so many steps, however many epochs that takes; False if the loss became infinite.

    The epochs that `config` names do not count: the rate falls over those that the steps take.
    """

    def counted(at: Step) -> None:
        on_step(at)
        if at.step >= steps:
            raise _Enough

    per_epoch = max(len(data.train.labels) // config.batch_size, 1)
    if steps < 1:
        return True
    try:
        fit(model, data, replace(config, epochs=-(-steps // per_epoch)), on_step=counted)
    except _Enough:
        return True
    except Diverged:
        return False
    return True
