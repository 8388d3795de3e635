"""One file over HTTP: resumed where it broke off, checked, and in its place only when whole.

On its way a file is `name.part`; `name.part.json` says which version of it the server was
sending. One thread of one process at a time works on them, the one that holds `.name.lock`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from cnn_models.weights.connection import Version, ask, first_byte, reason
from cnn_models.weights.integrity import is_intact, sha256

Progress = Callable[[int, int | None], None]

_CHUNK = 256 * 1024  # bytes between two calls of progress
_POLL = 0.1  # seconds between two looks at a file that somebody else is fetching
_MIB = 2**20


class DownloadFailed(RuntimeError):
    """The file did not arrive, or not as it should be; the message says why."""


def download(
    url: str, target: Path, digest: str | None = None, progress: Progress | None = None
) -> None:
    """Fetch `url` to `target`, or go on where an earlier attempt broke off.

    Args:
        url: http or https.
        target: the file; its folder is made when missing. Nothing is there before all of it is.
        digest: the start of its SHA-256 in hexadecimal; None where the server states it, as the
            Hugging Face hub does.
        progress: called with the bytes here so far and the bytes in all, None when not known; also
            while another thread or process fetches the same file. What it raises ends the
            download, and the next one resumes.

    Raises:
        DownloadFailed: no connection, no such file, a connection lost, a full disk, a wrong digest.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _turn(target, part, progress):
            if is_intact(target, digest):
                return  # somebody else fetched it while we waited
            version = _transfer(url, part, progress)
            _check(part, digest or version.sha256)
            part.replace(target)
            _record(part).unlink()
    except (OSError, HTTPException) as error:
        raise DownloadFailed(reason(error, url) + _kept(part)) from error


@contextmanager
def _turn(target: Path, part: Path, progress: Progress | None) -> Iterator[None]:
    lock = FileLock(target.with_name(f".{target.name}.lock"))
    while True:
        try:
            lock.acquire(timeout=_POLL)
            break
        except Timeout:
            if progress:
                version = _recorded(part)
                progress(_size(part), version.total if version else None)
    try:
        yield
    finally:
        lock.release()


def _transfer(url: str, part: Path, progress: Progress | None) -> Version:
    known = _recorded(part)
    if known and known.total == _size(part):
        return known  # all here, but ended before it was checked
    response, version = _begin(url, known, _size(part))
    start = first_byte(response)
    with closing(response):
        if start == 0:
            _record(part).write_text(json.dumps(asdict(version)), encoding="utf-8")
        done = _copy(response, part, start, version.total, progress)
    if version.total not in (None, done):
        raise ConnectionError(f"{urlsplit(url).netloc} ended the connection too early")
    return version


def _begin(url: str, known: Version | None, have: int) -> tuple[HTTPResponse, Version]:
    """Ask for the rest of the version that is `known`, and where that fails for the whole file."""
    if known is None or have == 0:
        return ask(url)
    try:
        response, version = ask(url, have, known.etag)
    except HTTPError as error:
        error.close()
        if error.code != 416:  # 416: the file is shorter now than what is here
            raise
        return ask(url)
    if response.status != 206 or (version == known and first_byte(response) == have):
        return response, version
    response.close()
    return ask(url)


def _copy(
    response: HTTPResponse, part: Path, start: int, total: int | None, progress: Progress | None
) -> int:
    """Append what the server sends; returns the length of the part in bytes."""
    done = start
    with part.open("ab" if start else "wb") as file:
        while True:
            if progress:
                progress(done, total)
            chunk = response.read(_CHUNK)
            if not chunk:
                return done
            file.write(chunk)
            done += len(chunk)


def _check(part: Path, digest: str | None) -> None:
    """Compare the SHA-256; a file with a wrong one is deleted, as resuming would not mend it."""
    found = sha256(part)
    if digest is not None and found.startswith(digest.lower()):
        return
    part.unlink()
    _record(part).unlink()
    if digest is None:
        raise DownloadFailed("The server states no SHA-256 of the file, so it cannot be checked.")
    raise DownloadFailed(
        f"The SHA-256 of what arrived starts {found[: len(digest)]}, not {digest}: it is damaged "
        "or another version, and was deleted."
    )


def _record(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _recorded(part: Path) -> Version | None:
    try:
        return Version(**json.loads(_record(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # with no record, nobody knows what the part is a part of


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except OSError:
        return 0


def _kept(part: Path) -> str:
    size = _size(part)
    return f" {size / _MIB:.1f} MiB of it are here; ask again to go on." if size else ""
