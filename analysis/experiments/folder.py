"""The user's own pictures as a data set: the folders are the classes.

Everything is in memory, and in arrays, so that it can go to the process that trains.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image, ImageOps

from analysis.amounts import counted, listed
from analysis.experiments.data import Data, Split
from analysis.experiments.datasets import fitted_all, mirrored, normalised
from analysis.experiments.training import TrainingError
from analysis.experiments.uploads import Empty, Found, Labelled, Refused, Upload, labelled
from analysis.progress import Report, silent
from analysis.vision import images
from cnn_models.spec import Preprocessing

KEPT = 96  # pixels of a side that are kept of a picture; networks learn at 8 to 64
MOST_CLASSES = 100
HELD = 0.2  # share of each class that is held out


class FolderError(TrainingError):
    """Nothing can be learned from these files; the message says what is missing."""


@dataclass(frozen=True)
class Folder:
    """Pictures (N, 3, 96, 96) uint8, labels (N,) int64 into `classes`, which can be shown.

    `problems` are the files that are not used, each with a sentence, and `notes` says what was
    decided about the others.
    """

    images: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    problems: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """How many pictures a class has, by its name."""
        found = np.bincount(self.labels, minlength=len(self.classes))
        return {name: int(count) for name, count in zip(self.classes, found, strict=True)}

    @property
    def summary(self) -> str:
        """How many pictures of which classes there are, and what is not used, in sentences."""
        classes = _some([f"{name} ({count})" for name, count in self.counts().items()])
        found = f"{counted(len(self.labels), 'picture')} of {len(self.classes)} classes: {classes}."
        left = f"{counted(len(self.problems), 'file')} not used." if self.problems else ""
        return " ".join([found, *self.notes, left]).strip()

    def data(self, side: int, seed: int = 0, preprocessing: Preprocessing | None = None) -> Data:
        """A fifth of each class held out, at least one picture, and the others to learn from.

        The seed decides which. Images are (N, 3, side, side) uint8, are normalised batch by batch,
        and are mirrored at random while they are learned.

        Args:
            side: height and width in pixels.
            seed: of the split.
            preprocessing: what is done to a picture; to `side` pixels with values from -2 to 2
                where left out.
        """
        recipe = preprocessing or to_two(side)
        learned, held = self.split(seed)
        return Data(
            train=self._part(learned, recipe),
            test=self._part(held, recipe),
            prepare=normalised(recipe),
            augment=mirrored,
            classes=self.classes,
        )

    def examples(self, most: int) -> list[int]:
        """Numbers of some pictures, the first of each class, then the second of each, and on."""
        place = Counter[int]()
        order = []
        for number, label in enumerate(self.labels.tolist()):
            order.append((place[label], label, number))
            place[label] += 1
        return [number for *_, number in sorted(order)[:most]]

    def split(self, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the pictures to learn from and of those held out, every class in both."""
        chance = np.random.default_rng(seed)
        learned, held = [], []
        for label in range(len(self.classes)):
            of_class = chance.permutation(np.flatnonzero(self.labels == label))
            count = min(max(round(HELD * len(of_class)), 1), len(of_class) - 1)
            held.append(of_class[:count])
            learned.append(of_class[count:])
        return np.sort(np.concatenate(learned)), np.sort(np.concatenate(held))

    def _part(self, numbers: np.ndarray, recipe: Preprocessing) -> Split:
        pictures = torch.from_numpy(fitted_all(self.images[numbers], recipe))
        return Split(pictures, torch.from_numpy(self.labels[numbers]))


def to_two(side: int) -> Preprocessing:
    """The whole picture at `side` pixels, with values from -2 to 2."""
    return Preprocessing(side, side, "bilinear", mean=(0.5,) * 3, std=(0.25,) * 3)


def read(uploads: Sequence[Upload], report: Report = silent) -> Folder:
    """Open the pictures and find their classes; what cannot be used is said, the rest is used.

    Args:
        uploads: loose files, files with paths, and zips, in any order.
        report: called with the bytes looked at so far and in all; what it raises ends the work.

    Raises:
        FolderError: if there are not two classes with two pictures each.
    """
    gathered = _Gathered()
    total = sum(len(upload.data) for upload in uploads)
    for upload in labelled(uploads):
        report(min(gathered.size, total), total)
        gathered.take(upload)
    return gathered.folder()


class _Gathered:
    """Pictures as they come, by class."""

    def __init__(self) -> None:
        self.size = 0
        self.pictures: list[np.ndarray] = []
        self.names: list[str] = []
        self.problems: list[Refused] = []
        self._used: dict[str, str] = {}  # digest of a file, and its class
        self._met: set[str] = set()  # classes of all files and folders, also without a picture

    def take(self, upload: Found) -> None:
        if isinstance(upload, Refused):
            self.problems.append(upload)
            return
        if isinstance(upload, Empty):
            self._met.add(upload.label)
            return
        self.size += len(upload.data)
        self._met.add(upload.label)
        why = self._refusal(upload)
        try:
            picture = square(images.open_image(upload.data, upload.file)) if not why else None
        except images.BadImage as refusal:
            picture, why = None, str(refusal)
        if picture is None:
            self.problems.append(Refused(upload.file, why))
            return
        self.pictures.append(picture)
        self.names.append(upload.label)

    def _refusal(self, upload: Labelled) -> str:
        if not upload.label:
            return (
                "This file has no class: put it into a folder with the name of its class, or let "
                "its own name start with that."
            )
        digest = hashlib.sha256(upload.data).hexdigest()
        before = self._used.get(digest)
        self._used.setdefault(digest, upload.label)
        if before is None:
            return ""
        if before == upload.label:
            return f"The same picture is in {before} already; it is used once."
        return f"The same picture is in {before} already; a picture cannot be of two classes."

    def folder(self) -> Folder:
        counts = Counter(self.names)
        alone = sorted(name for name, count in counts.items() if count == 1)
        usable = sorted(name for name, count in counts.items() if count > 1)
        empty = sorted(self._met - set(counts) - {""})
        notes = [*_of_empty(empty), *_of_alone(alone), *_of_too_many(usable)]
        usable = usable[:MOST_CLASSES]
        if len(usable) < 2:
            raise FolderError(" ".join([_too_few(usable, self), *notes]))
        kept = [place for place, name in enumerate(self.names) if name in set(usable)]
        return Folder(
            images=np.stack([self.pictures[place] for place in kept]),
            labels=np.array([usable.index(self.names[place]) for place in kept], np.int64),
            classes=tuple(usable),
            problems=tuple(self.problems),
            notes=tuple(notes),
        )


def _of_alone(names: Sequence[str]) -> list[str]:
    """On classes of one picture, which cannot be learned and tested both."""
    if not names:
        return []
    has = "has" if len(names) == 1 else "have"
    return [
        f"{_some(names)} {has} one picture only and {'is' if len(names) == 1 else 'are'} left out: "
        "one picture to learn from and another to be tested by are needed."
    ]


def _of_empty(names: Sequence[str]) -> list[str]:
    """On classes of which no file is a picture."""
    if not names:
        return []
    has, is_ = ("has", "is") if len(names) == 1 else ("have", "are")
    return [f"{_some(names)} {has} no picture that can be used and {is_} left out."]


def _of_too_many(names: Sequence[str]) -> list[str]:
    left = names[MOST_CLASSES:]
    if not left:
        return []
    verb = "is" if len(left) == 1 else "are"
    return [f"At most {MOST_CLASSES} classes are learned; {_some(left)} {verb} left out."]


def _some(names: Sequence[str]) -> str:
    """The first five of some names, and how many more there are."""
    more = [f"{len(names) - 5} more"] if len(names) > 5 else []
    return listed([*names[:5], *more])


def _too_few(usable: Sequence[str], gathered: _Gathered) -> str:
    if not gathered.pictures:
        found = "There is no picture that can be used."
        if gathered.problems:
            first = gathered.problems[0]
            found += f" {first.file or 'The first file'}: {first.why}"
        return found
    what = f"There is one class, {usable[0]}" if usable else "No class has two pictures"
    return (
        f"{what}, among {counted(len(gathered.pictures), 'picture')}. A network learns to tell "
        "classes apart: make two folders or more, with two pictures or more in each, and name each "
        "folder as its class."
    )


def square(image: Image.Image) -> np.ndarray:
    """The middle of a picture: (3, 96, 96) uint8."""
    fitted = ImageOps.fit(image, (KEPT, KEPT), Image.Resampling.BILINEAR)
    return np.asarray(fitted).transpose(2, 0, 1)
