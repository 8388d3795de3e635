"""One request to a web server: http and https only, and what the answer says of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any
from urllib import request
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

_TIMEOUT = 30.0  # seconds without a byte


class Refused(OSError):
    """The address is not one to fetch a file from."""


@dataclass(frozen=True)
class Version:
    """What a server says of the file it sends; two versions of a file differ in some of it.

    `total` is its length in bytes, `sha256` its digest where the server states one.
    """

    etag: str | None
    total: int | None
    sha256: str | None


def ask(url: str, start: int = 0, etag: str | None = None) -> tuple[HTTPResponse, Version]:
    """Request `url`, from byte `start` on where the server can and the file still has this `etag`.

    Returns:
        the answer, which the caller closes, and the version of the file that it belongs to. Its
        status is 206 if it starts at `start`, 200 if it is the whole file.

    Raises:
        Refused: if the address, or one it redirects to, is not http or https.
        OSError: if the server cannot be reached, or has no such file (HTTPError).
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise Refused(f"{url} is neither http nor https")
    redirects = _Redirects()
    opener = _opener(redirects)
    opener.addheaders = [("User-Agent", "cnn-atlas")]
    if start:
        opener.addheaders.append(("Range", f"bytes={start}-"))
        if etag and not etag.startswith("W/"):  # a weak ETag does not promise equal bytes
            opener.addheaders.append(("If-Range", etag))
    response: Any = opener.open(url, timeout=_TIMEOUT)
    stated = redirects.sha256 or _stated_sha256(response.headers)
    return response, Version(response.headers.get("ETag"), _total(response), stated)


def first_byte(response: HTTPResponse) -> int:
    """Position in the file at which an answer starts: its Content-Range, or 0 without one."""
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else 0


def reason(error: Exception, url: str) -> str:
    """Say in one sentence why a request or a download came to nothing."""
    host = urlsplit(url).netloc
    if isinstance(error, HTTPError):
        error.close()
        return f"{host} answered {error.code} {error.reason}."
    if isinstance(error, TimeoutError):
        return f"{host} fell silent."
    if isinstance(error, URLError):
        return f"{host} cannot be reached: {_plain(error.reason)}."
    return f"{_plain(error)}."


def _plain(error: BaseException | str) -> str:
    """What the system says went wrong, without its number."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return str(error) or type(error).__name__


def _opener(redirects: _Redirects) -> request.OpenerDirector:
    opener = request.OpenerDirector()  # and not build_opener, which opens file: and ftp: too
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPErrorProcessor(),
        request.HTTPDefaultErrorHandler(),
        redirects,
    ):
        opener.add_handler(handler)
    return opener


class _Redirects(request.HTTPRedirectHandler):
    """Follows redirects, never from https to less, and keeps the digest that the hub states."""

    sha256: str | None = None

    def redirect_request(
        self, req: request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> request.Request | None:
        allowed = ("https",) if req.type == "https" else ("http", "https")
        if urlsplit(newurl).scheme not in allowed:
            fp.close()
            raise Refused(f"{req.host} redirects to {newurl}, which is not {' or '.join(allowed)}")
        self.sha256 = self.sha256 or _stated_sha256(headers)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _stated_sha256(headers: Any) -> str | None:
    # The Hugging Face hub names a large file by its SHA-256, in the answer that redirects to it.
    etag = headers.get("X-Linked-ETag") or headers.get("ETag") or ""
    return etag.strip('"') if re.fullmatch(r'"?[0-9a-f]{64}"?', etag) else None


def _total(response: HTTPResponse) -> int | None:
    if response.status == 206:  # Content-Range: bytes 500-999/1000
        text = response.headers.get("Content-Range", "").rpartition("/")[2]
    else:
        text = response.headers.get("Content-Length", "")
    return int(text) if text.isdecimal() else None
