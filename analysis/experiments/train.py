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

from analysis.experiments import folder, history, runs, uploads
from analysis.experiments.folder import Folder
from analysis.experiments.runs import Run
from analysis.experiments.training import Epoch, TrainingConfig, TrainingError, fit
from analysis.vision.device import best_device

_LOG = logging.getLogger(__name__)
_OF_RUN = ("network", "config", "options", "label")  # what has no flag of its own


def parsed(arguments: Sequence[str] | None = None) -> tuple[Run, argparse.Namespace]:
    """The run that a command line asks for, and the rest: out, pictures and threads."""
    parser = argparse.ArgumentParser(prog="python -m analysis.experiments.train")
    parser.add_argument("network", help="a key of the catalogue, or a network of the lab")
    own = [part for part in fields(Run) if part.name not in _OF_RUN]
    for part in (*own, *fields(TrainingConfig)):
        _add(parser, part)
    parser.add_argument("--options", type=json.loads, default={}, help="of the network, as JSON")
    parser.add_argument("--out", type=Path, help="folder for history.csv and weights.safetensors")
    parser.add_argument("--pictures", type=Path, help="folder of classes, for --data folder")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    rest = parser.parse_args(arguments)
    said = vars(rest)
    config = TrainingConfig(**{part.name: said[part.name] for part in fields(TrainingConfig)})
    own_values = {part.name: said[part.name] for part in own}
    run = Run(said["network"], config=config, options=said["options"], **own_values)
    return run, rest


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
    run, rest = parsed(arguments)
    torch.set_num_threads(rest.threads)
    try:
        data = runs.drawn(run, _pictures(rest.pictures))
        model = runs.network(run, data.outputs, runs.channels_of(run)).to(best_device())
        lines = fit(model, data, run.config, _say)
    except TrainingError as problem:
        _LOG.error(str(problem))
        return 1
    return _written(rest.out, history.csv([(run, lines)]), model) if rest.out else 0


def _pictures(path: Path | None) -> Folder | None:
    """The user's own pictures, with a line on what is used of them.

    Raises:
        TrainingError: if nothing can be learned from them.
    """
    if path is None:
        return None
    try:
        found = folder.read(uploads.on_disk(path))
    except OSError as problem:
        raise TrainingError(f"{path} cannot be read: {problem.strerror}.") from problem
    _LOG.info(found.summary)
    return found


def _say(line: Epoch) -> None:
    _LOG.info(
        f"epoch {line.epoch}: loss {line.train_loss:.3f}, training error {line.train_error:.1%}, "
        f"test error {line.test_error:.1%}, {line.seconds:.1f} s"
    )


def _written(out: Path, text: str, model: torch.nn.Module) -> int:
    """Write both files; the curves first, since they are small."""
    state = {name: value.cpu().contiguous() for name, value in model.state_dict().items()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "history.csv").write_text(text, encoding="utf-8")
        (out / "weights.safetensors").write_bytes(save(state))
    except OSError as problem:
        _LOG.error(f"{out} cannot be written: {problem.strerror}. Choose another with --out.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
