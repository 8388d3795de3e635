from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cnn_models import registry
from cnn_models.spec import ModelSpec
from cnn_models.weights import public, shipping
from tests.cnn_models import tiny
from tests.cnn_models.loopback import Loopback


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only loopback can be reached, whatever a test or the code under test does."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    resolve = socket.getaddrinfo

    def only_loopback(host: Any, *others: Any, **named: Any) -> Any:
        if host != "127.0.0.1":
            raise AssertionError(f"a test tried to resolve {host}")
        return resolve(host, *others, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", only_loopback)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as loopback:
        thread = threading.Thread(target=loopback.serve_forever, args=(0.01,))
        thread.start()
        yield loopback
        loopback.shutdown()
        thread.join()


@pytest.fixture
def closed_port() -> int:
    """Find a port of this machine where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where public weights are kept for one test; made by the first download."""
    monkeypatch.setenv("CNN_ATLAS_WEIGHTS", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Callable[..., None]:
    """Let the registry hold only the networks given to it, whose owner has names of its own."""
    assert not folder.exists()
    monkeypatch.setattr(public, "convert", tiny.convert)
    monkeypatch.setattr(shipping, "FOLDER", folder.with_name("ships"))

    def register(*specs: ModelSpec) -> None:
        monkeypatch.setattr(registry, "_specs", lambda: {spec.key: spec for spec in specs})

    return register
