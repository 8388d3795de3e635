"""Fit a last layer to one's own pictures: `python -m analysis.experiments.transfer KEY …`."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from analysis.experiments import folder, uploads
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import classifier, export, leaks, probe
from analysis.experiments.transfer.backbones import FIRST, backbone
from analysis.experiments.transfer.making import PROGRAM

_LOG = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; what cannot be learned or written ends it with a sentence."""
    parser = argparse.ArgumentParser(prog=PROGRAM)
    parser.add_argument("network", nargs="?", default=FIRST, help="a key of the catalogue")
    parser.add_argument("--weights", default="shipped shapes", help="what it has learned before")
    parser.add_argument("--pictures", type=Path, required=True, help="folder of classes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="zip to write")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    said = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(said.threads)
    try:
        found = folder.read(uploads.on_disk(said.pictures))
        seen = probe.look(backbone(said.network, said.weights), found)
        made = classifier.of_probe(seen, said.seed)
        for line in (found.summary, *leaks.warnings(found), made.evaluation.summary):
            _LOG.info(line)
        if said.out:
            said.out.write_bytes(export.zipped(made))
    except (TrainingError, OSError) as problem:
        _LOG.error(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
