"""A file server on this machine that can do all that goes wrong with servers."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast


@dataclass
class Served:
    """One file, and how it is served."""

    body: bytes
    etag: str | None = '"v1"'
    ranges: bool = True  # answers Range with 206
    if_range: bool = True  # and looks at If-Range before
    misplaced: int = 0  # starts so many bytes away from where it was asked to
    missing: int = 0  # bytes kept back, so that the connection ends too early
    chunked: bool = False
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    gate: threading.Event | None = None  # waits for this before the second half of the body


class Loopback(ThreadingHTTPServer):
    """Serves `files` by path and remembers the headers of every request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, Served] = {}
        self.requests: list[tuple[str, Message]] = []
        self.sent = 0  # bytes of bodies, each piece counted before the client can have it
        self.arrived = threading.Event()  # set by each request

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def serve(self, path: str, body: bytes, **how: object) -> Served:
        self.files[path] = Served(body, **how)  # pyright: ignore[reportArgumentType] - a factory
        return self.files[path]


class _Handler(BaseHTTPRequestHandler):
    @property
    def loopback(self) -> Loopback:
        return cast(Loopback, self.server)

    def do_GET(self) -> None:
        self.loopback.requests.append((self.path, self.headers))
        self.loopback.arrived.set()
        served = self.loopback.files.get(self.path)
        if served is None:
            self.send_error(404)
            return
        start = self._start(served)
        if start is None:
            self.send_error(416)
            return
        body = served.body[start:]
        self.send_response(206 if start else served.status)
        if start:
            last = len(served.body) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(served.body)}")
        if served.etag:
            self.send_header("ETag", served.etag)
        for name, value in served.headers.items():
            self.send_header(name, value)
        self._send(served, body)

    def _start(self, served: Served) -> int | None:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked is None or not served.ranges or served.status != 200:
            return 0
        if served.if_range and self.headers.get("If-Range", served.etag) != served.etag:
            return 0
        start = int(asked[1])
        return start + served.misplaced if start < len(served.body) else None

    def _send(self, served: Served, body: bytes) -> None:
        if served.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        body = body[: len(body) - served.missing]
        head, tail = body[: len(body) // 2], body[len(body) // 2 :]
        for piece in (head, tail):
            if piece is tail and served.gate:
                served.gate.wait(30)
            self._write(piece, served.chunked)
        if served.chunked and not served.missing:
            self.wfile.write(b"0\r\n\r\n")

    def _write(self, piece: bytes, chunked: bool) -> None:
        self.loopback.sent += len(piece)
        try:
            if chunked:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            else:
                self.wfile.write(piece)
            self.wfile.flush()
        except ConnectionError:
            return  # the client went away, as some tests want it to

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent."""


def digest(body: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()
