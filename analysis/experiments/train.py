"""Train one network: `python -m analysis.experiments.train cifar_resnet20 --data shapes`.

Prints a line for each epoch. With `--out FOLDER` it writes history.csv and weights.safetensors.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from analysis.experiments import history, runs
from analysis.experiments.runs import Run
from analysis.experiments.training import Epoch, TrainingConfig, TrainingError, fit
from analysis.vision.device import best_device

_LOG = logging.getLogger(__name__)
_OF_RUN = ("network", "config", "options", "label")  # what has no flag of its own


def parsed(arguments: Sequence[str] | None = None) -> tuple[Run, Path | None, int]:
    """The run that a command line asks for, the folder to write to, and the number of threads."""
    parser = argparse.ArgumentParser(prog="python -m analysis.experiments.train")
    parser.add_argument("network", help="a key of the catalogue, or a network of the lab")
    own = [part for part in fields(Run) if part.name not in _OF_RUN]
    for part in (*own, *fields(TrainingConfig)):
        _add(parser, part)
    parser.add_argument("--options", type=json.loads, default={}, help="of the network, as JSON")
    parser.add_argument("--out", type=Path, help="folder for history.csv and weights.safetensors")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    said = vars(parser.parse_args(arguments))
    config = TrainingConfig(**{part.name: said[part.name] for part in fields(TrainingConfig)})
    own_values = {part.name: said[part.name] for part in own}
    run = Run(said["network"], config=config, options=said["options"], **own_values)
    return run, said["out"], said["threads"]


def _add(parser: argparse.ArgumentParser, part: Field[Any]) -> None:
    flag = f"--{part.name.replace('_', '-')}"
    if part.default is MISSING:
        raise TypeError(f"{part.name} has no default, so the command cannot leave it out.")
    if part.type == "bool":
        parser.add_argument(flag, action="store_true")
    else:
        parser.add_argument(flag, type=type(part.default), default=part.default)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; what cannot be trained or written ends it with a sentence."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    run, out, threads = parsed(arguments)
    torch.set_num_threads(threads)
    try:
        data = runs.drawn(run)
        model = runs.network(run, data.outputs, data.train.images.shape[1]).to(best_device())
        lines = fit(model, data, run.config, _say)
    except TrainingError as problem:
        _LOG.error(str(problem))
        return 1
    return _written(out, history.csv([(run, lines)]), model) if out else 0


def _say(line: Epoch) -> None:
    _LOG.info(
        f"epoch {line.epoch}: loss {line.train_loss:.3f}, training error {line.train_error:.1%}, "
        f"test error {line.test_error:.1%}, {line.seconds:.1f} s"
    )


def _written(folder: Path, text: str, model: torch.nn.Module) -> int:
    """Write both files; the curves first, since they are small."""
    state = {name: value.cpu().contiguous() for name, value in model.state_dict().items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "history.csv").write_text(text, encoding="utf-8")
        (folder / "weights.safetensors").write_bytes(save(state))
    except OSError as problem:
        _LOG.error(f"{folder} cannot be written: {problem.strerror}. Choose another with --out.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
