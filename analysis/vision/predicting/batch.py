"""Several uploaded images at once: each gets an answer or a sentence, and none stops the others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image
from torch import Tensor

from analysis.progress import Report, silent
from analysis.vision import images, sight
from analysis.vision.prediction import softmax
from analysis.vision.voices import Voice

MOST_FILES = 50
MOST_BYTES = 100 * 2**20  # of all files together
THUMBNAIL = 96  # pixels of the longest side


@dataclass(frozen=True)
class File:
    """What a user chose: `name` is never trusted. `digest` names the content."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Answer:
    """The most likely class of one image for one network, or why there is none."""

    index: int = -1
    name: str = ""
    probability: float = float("nan")
    refusal: str = ""


@dataclass(frozen=True)
class Row:
    """One image: its place among the files from 1, its name and an answer from each network.

    `refusal` is the sentence for a file that is no picture; there are then no answers.
    """

    place: int
    name: str
    answers: tuple[Answer, ...] = ()
    refusal: str = ""


Question = tuple[str, str, str]  # digest of the file, key of the network, name of its weights
Ask = Callable[[Voice, Tensor], np.ndarray]
"""From a network and its input (1, C, H, W) to its scores (1, classes)."""


def within_bounds(files: Sequence[File]) -> tuple[list[File], str]:
    """The files that are looked at, and a sentence on those that are not, or an empty one."""
    kept, total = [], 0
    for file in files[:MOST_FILES]:
        if total + len(file.data) <= MOST_BYTES:
            kept.append(file)
            total += len(file.data)
    left = len(files) - len(kept)
    if not left:
        return kept, ""
    return kept, (
        f"{left} of {len(files)} files {'is' if left == 1 else 'are'} not looked at: at once it "
        f"can be {MOST_FILES} files of {MOST_BYTES // 2**20} MB together. Upload the others "
        "afterwards."
    )


def answer(
    files: Sequence[File],
    speakers: Sequence[Voice],
    ask: Ask,
    known: MutableMapping[Question, Answer],
    report: Report = silent,
) -> tuple[Row, ...]:
    """What each network says to each file, one picture in memory at a time.

    Args:
        files: any bytes.
        speakers: the networks, in the order of a row's answers.
        ask: runs a network.
        known: what has been answered before; new answers are added one by one, so that work
            that is stopped is not lost.
        report: called after each file; what it raises ends the work.
    """
    rows = []
    for place, file in enumerate(files, start=1):
        report(place - 1, len(files))
        rows.append(_row(place, file, speakers, ask, known))
    return tuple(rows)


def _row(
    place: int,
    file: File,
    speakers: Sequence[Voice],
    ask: Ask,
    known: MutableMapping[Question, Answer],
) -> Row:
    digest = file.digest
    questions = [(digest, speaker.key, speaker.weights_name) for speaker in speakers]
    if not all(question in known for question in questions):
        try:
            picture = images.open_image(file.data, file.name)
        except images.BadImage as refusal:
            return Row(place, file.name, refusal=str(refusal))
        for question, speaker in zip(questions, speakers, strict=True):
            if question not in known:
                known[question] = _answer(picture, speaker, ask)
    return Row(place, file.name, tuple(known[question] for question in questions))


def _answer(picture: Image.Image, speaker: Voice, ask: Ask) -> Answer:
    try:
        shares = softmax(ask(speaker, sight.sight(picture, speaker).tensor))[0]
    except (images.BadImage, ValueError, MemoryError, RuntimeError) as refusal:
        return Answer(refusal=str(refusal))
    likeliest = int(shares.argmax())
    return Answer(likeliest, speaker.classes[likeliest], float(shares[likeliest]))


def said(rows: Sequence[Row], networks: int) -> np.ndarray:
    """(networks, images) the classes that were named, -1 for none, as `agreement` takes them."""
    found = [[answer.index for answer in row.answers] for row in rows if row.answers]
    return np.array(found, dtype=int).reshape(-1, networks).T
