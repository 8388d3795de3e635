"""CIFAR-10 and CIFAR-100 (A. Krizhevsky, 2009), in the owner's binary format.

An image is a record of one label byte (CIFAR-100: two, the coarse class and the fine one) and 3072
bytes, 32 × 32 of red, then of green, then of blue. The archive is fetched when somebody asks for
it, checked, kept as it came, and read in memory: nothing in it is unpacked to the disk.

`python -m analysis.experiments.cifar cifar10` prepares a classroom before the lesson.
"""

from __future__ import annotations

import argparse
import os
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from analysis.experiments.cifar_classes import CIFAR10_CLASSES, CIFAR100_CLASSES
from analysis.experiments.data import Data, Split
from analysis.experiments.datasets import normalised, resized_all
from analysis.experiments.training import TrainingError
from cnn_models.spec import Preprocessing
from cnn_models.user_cache import user_cache
from cnn_models.weights.__main__ import progress_line
from cnn_models.weights.download import DownloadFailed, Progress, download
from cnn_models.weights.integrity import is_intact

SIDE = 32
LEARNED, HELD = 50_000, 10_000  # images to learn from, and held out
_PIXELS = 3 * SIDE * SIDE
_MOST_BYTES = LEARNED * (2 + _PIXELS)  # of one file of the archive
_MOST_FILES = 30  # of an archive that are looked at


class DataUnavailable(TrainingError):
    """The data set is not on this machine; the message says how it comes here."""


@dataclass(frozen=True)
class Cifar:
    """One of the two data sets: where its archive is, and where the images are in it.

    `digest` is the SHA-256 of the archive, as TensorFlow Datasets states it; the owner's page has
    the MD5 of the same file. `label` is which byte of a record's `label_bytes` is the class.
    """

    name: str
    title: str
    url: str
    digest: str
    mebibytes: int
    learned: tuple[str, ...]
    held: str
    label_bytes: int
    label: int
    classes: tuple[str, ...]

    @property
    def path(self) -> Path:
        return directory() / self.url.rpartition("/")[2]

    @property
    def is_here(self) -> bool:
        """Whether the archive is on this machine, whole and right."""
        return is_intact(self.path, self.digest)

    def check_is_here(self) -> None:
        """Refuse to go on without the archive.

        Raises:
            DataUnavailable: if it is not on this machine; the message says how it comes here.
        """
        if not self.is_here:
            raise DataUnavailable(
                f"{self.title} is not on this machine. With a connection, `python -m "
                f"analysis.experiments.cifar {self.name}` fetches it ({self.mebibytes} MiB). "
                f"Without one, another machine can fetch {self.url}; put the file at {self.path}."
            )


_OWNER = "https://www.cs.toronto.edu/~kriz"
CIFAR10 = Cifar(
    name="cifar10",
    title="CIFAR-10",
    url=f"{_OWNER}/cifar-10-binary.tar.gz",  # MD5 c32a1d4ab5d03f1284b67883e8d87530
    digest="c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    mebibytes=162,
    learned=tuple(f"cifar-10-batches-bin/data_batch_{i}.bin" for i in range(1, 6)),
    held="cifar-10-batches-bin/test_batch.bin",
    label_bytes=1,
    label=0,
    classes=CIFAR10_CLASSES,
)
CIFAR100 = Cifar(
    name="cifar100",
    title="CIFAR-100",
    url=f"{_OWNER}/cifar-100-binary.tar.gz",  # MD5 03b5dce01913d631647c71ecec9e9cb8
    digest="58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
    mebibytes=161,
    learned=("cifar-100-binary/train.bin",),
    held="cifar-100-binary/test.bin",
    label_bytes=2,
    label=1,
    classes=CIFAR100_CLASSES,
)
CIFARS = {cifar.name: cifar for cifar in (CIFAR10, CIFAR100)}


def directory() -> Path:
    """Where the archives are kept: `CNN_ATLAS_DATA`, else `cnn-atlas/data` in the user's cache."""
    chosen = os.environ.get("CNN_ATLAS_DATA")
    return Path(chosen).expanduser() if chosen else user_cache() / "data"


def fetch(cifar: Cifar, progress: Progress | None = None) -> Path:
    """Bring the archive here, unless it is, and return its path; a broken download is resumed.

    Raises:
        DataUnavailable: if it cannot be fetched; the message says which file goes where.
    """
    if not cifar.is_here:
        try:
            download(cifar.url, cifar.path, cifar.digest, progress)
        except DownloadFailed as problem:
            raise DataUnavailable(
                f"{cifar.title} could not be fetched. {problem} Another machine can fetch "
                f"{cifar.url}; put the file at {cifar.path}."
            ) from problem
    return cifar.path


def draw(cifar: Cifar, preprocessing: Preprocessing, train: int, test: int, seed: int = 0) -> Data:
    """`train` images to learn from, which the seed draws, and the first `test` of the test file.

    Images are (N, 3, crop, crop) uint8 and are normalised batch by batch.

    Raises:
        DataUnavailable: if the archive is not on this machine, or is not in the owner's format.
    """
    cifar.check_is_here()
    files = _files(cifar)
    learned = [_records(cifar, files[name]) for name in cifar.learned]
    images, labels = (np.concatenate(part) for part in zip(*learned, strict=True))
    order = np.random.default_rng(seed).permutation(len(labels))[:train]
    held, held_labels = _records(cifar, files[cifar.held])
    return Data(
        train=_split(images[order], labels[order], preprocessing.crop),
        test=_split(held[:test], held_labels[:test], preprocessing.crop),
        prepare=normalised(preprocessing),
        classes=cifar.classes,
    )


def _split(images: np.ndarray, labels: np.ndarray, side: int) -> Split:
    return Split(torch.from_numpy(resized_all(images, side)), torch.from_numpy(labels))


def _files(cifar: Cifar) -> dict[str, bytes]:
    """The files of the archive that hold images, by their names in it.

    Raises:
        DataUnavailable: if one is missing, larger than it can be, or not to be read.
    """
    wanted = {*cifar.learned, cifar.held}
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(cifar.path, "r|gz") as archive:
            for number, member in enumerate(archive):
                if number == _MOST_FILES or len(found) == len(wanted):
                    break
                stream = archive.extractfile(member) if member.isfile() else None
                if stream and member.name in wanted and member.size <= _MOST_BYTES:
                    found[member.name] = stream.read()
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise _strange(cifar, str(problem)) from problem
    missing = sorted(wanted - set(found))
    if missing:
        raise _strange(cifar, f"{missing[0]} is missing or too large")
    return found


def _records(cifar: Cifar, data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 3, 32, 32) uint8 and labels (N,) int64 of one file."""
    size = cifar.label_bytes + _PIXELS
    if not data or len(data) % size:
        raise _strange(cifar, f"a file has {len(data):,} bytes, no multiple of {size:,}")
    rows = np.frombuffer(data, np.uint8).reshape(-1, size)
    labels = rows[:, cifar.label].astype(np.int64)
    if labels.max() >= len(cifar.classes):
        raise _strange(cifar, f"class {labels.max()} is none of {len(cifar.classes)}")
    return rows[:, cifar.label_bytes :].reshape(-1, 3, SIDE, SIDE), labels


def _strange(cifar: Cifar, why: str) -> DataUnavailable:
    return DataUnavailable(
        f"{cifar.path} is not in the format of {cifar.title}: {why}. Delete it and fetch it again."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Fetch data sets; returns the exit code: 1 if one could not be fetched."""
    parser = argparse.ArgumentParser(prog="python -m analysis.experiments.cifar")
    parser.add_argument("names", nargs="+", choices=list(CIFARS), metavar="NAME")
    failed = 0
    for name in parser.parse_args(arguments).names:
        try:
            path = fetch(CIFARS[name], progress_line(name, sys.stderr))
        except DataUnavailable as problem:
            failed = 1
            sys.stderr.write(f"\r\033[K{problem}\n" if sys.stderr.isatty() else f"{problem}\n")
        else:
            sys.stdout.write(f"{name}: {path}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
