"""Files that a user chose for learning: loose, in folders or in a zip, read in memory and bounded.

A file's class is the folder that it lies in; a file without a folder is called by the letters that
its name starts with, so that "cat-01.jpg" is a cat.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from analysis.vision.images import MAX_BYTES

MOST_FILES = 2000
MOST_UPLOADED = 100 * 2**20  # bytes of one file, such as a zip: the limit of .streamlit/config.toml
MOST_BYTES = 200 * 2**20  # of all files together, after unpacking
MOST_ENTRIES = 20_000  # of a zip that are looked at
NAME = 40  # characters of a name that are shown
_ZIP = b"PK\x03\x04"
_JOINERS = "\u200c\u200d"  # Persian and others write with them


class Upload(NamedTuple):
    """What a user chose: `name` may be a path, and is never trusted."""

    name: str
    data: bytes


class Labelled(NamedTuple):
    """One file with the name of its class; both names can be shown as they are."""

    file: str
    label: str
    data: bytes


class Empty(NamedTuple):
    """A folder with nothing in it, by the name of the class that it was made for."""

    label: str


class Refused(NamedTuple):
    """A file that is not used, and a sentence on why."""

    file: str
    why: str


Found = Labelled | Empty | Refused


def labelled(uploads: Sequence[Upload]) -> Iterator[Found]:
    """Every file with its class, those of a zip among them, up to the bounds."""
    count = size = 0
    for found in _unpacked(uploads):
        if isinstance(found, Labelled):
            count, size = count + 1, size + len(found.data)
            if count > MOST_FILES or size > MOST_BYTES:
                yield Refused(
                    found.file,
                    f"Here the pictures become too many: at most {MOST_FILES:,} files of "
                    f"{MOST_BYTES // 2**20} MiB together are read. This one and all after it are "
                    "left out.",
                )
                return
        yield found


def on_disk(folder: Path) -> list[Upload]:
    """The files below a folder of this machine, with their paths from there, within the bounds.

    A folder with nothing in it is an upload without data, whose name ends with a slash.

    Raises:
        OSError: if one cannot be read.
    """
    found, size = [], 0
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not any(path.iterdir()):
            found.append(Upload(f"{path.relative_to(folder).as_posix()}/", b""))
        if not path.is_file():
            continue
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        found.append(Upload(path.relative_to(folder).as_posix(), data))
        size += len(data)
        if len(found) > MOST_FILES or size > MOST_BYTES:
            break  # `labelled` says so
    return found


def _unpacked(uploads: Sequence[Upload]) -> Iterator[Found]:
    for upload in uploads:
        if upload.data.startswith(_ZIP):
            yield from _from_zip(upload)
        elif _is_hidden(upload.name):
            continue
        elif upload.name.endswith("/"):
            yield Empty(label_of(upload.name))
        else:
            yield Labelled(shown(_base(upload.name)), label_of(upload.name), upload.data)


def _from_zip(upload: Upload) -> Iterator[Found]:
    try:
        with zipfile.ZipFile(io.BytesIO(upload.data)) as archive:
            entries = [e for e in archive.infolist()[:MOST_ENTRIES] if not _is_hidden(e.filename)]
            filled = {parent for e in entries for parent in PurePosixPath(e.filename).parents}
            for entry in entries:
                if not entry.is_dir():
                    yield _entry(archive, entry)
                elif PurePosixPath(entry.filename) not in filled:
                    yield Empty(label_of(entry.filename))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield Refused(
            shown(_base(upload.name)), "This zip is damaged or cut off; make it once more."
        )


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Labelled | Refused:
    """Read one file; what the zip says of its size is not believed."""
    name = shown(_base(entry.filename))
    if entry.flag_bits & 1:
        return Refused(name, "This file is locked with a password; make a zip without one.")
    try:
        with archive.open(entry) as file:
            data = file.read(MAX_BYTES + 1)
    except Exception:  # on hostile bytes the decoders of zipfile may raise anything at all
        return Refused(name, "This file is damaged in the zip; make the zip once more.")
    return Labelled(name, label_of(entry.filename), data)


def label_of(path: str) -> str:
    """The class that a path names, "" if it names none.

    >>> label_of("pets/cat/01.jpg"), label_of("dog_17.png"), label_of("0042.png")
    ('cat', 'dog', '')
    """
    folders = [part for part in _parts(path)[:-1] if part not in ("", ".", "..")]
    if folders:
        return shown(folders[-1])
    stem = PurePosixPath(_base(path)).stem
    return shown(re.split(r"[\d(]", stem, maxsplit=1)[0].strip(" _-."))


def shown(name: str) -> str:
    """A name as it can be shown anywhere: at most 40 letters, digits, spaces, dots and dashes.

    Neither HTML nor Markdown can be written with these, so a dash or a dot is not the first.
    """
    kept = "".join(c if _is_plain(c) else " " for c in unicodedata.normalize("NFC", name))
    return " ".join(kept.split()).strip("-. ")[:NAME].strip("-. ")


def _is_plain(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in f"-. {_JOINERS}"


def _parts(path: str) -> list[str]:
    return path.replace("\\", "/").split("/")


def _base(path: str) -> str:
    return _parts(path)[-1]


def _is_hidden(path: str) -> bool:
    """Whether a system put the file there: ".DS_Store", "__MACOSX/…", "Thumbs.db"."""
    parts = [part for part in _parts(path) if part not in ("", ".", "..")]
    return any(part.startswith((".", "__MACOSX")) for part in parts) or (
        bool(parts) and parts[-1].lower() in ("thumbs.db", "desktop.ini")
    )
