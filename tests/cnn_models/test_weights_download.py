"""The transfer: a file arrives whole and right, or not at all."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.request import Request

import numpy as np
import pytest

from cnn_models.weights import connection
from cnn_models.weights.download import DownloadFailed, download
from tests.cnn_models.loopback import Loopback, digest

BODY = np.random.default_rng(1).bytes(1_000_000)
OTHER = np.random.default_rng(2).bytes(1_000_000)
SHA = digest(BODY)
HALF = len(BODY) // 2


def _fetch(server: Loopback, target: Path, expected: str = SHA) -> None:
    download(server.url("/f.pth"), target, expected[:8])


def _break_off(server: Loopback, target: Path, body: bytes = BODY, **how: object) -> None:
    """Leave half a file of version `body` behind, then serve all of BODY."""
    server.serve("/f.pth", body, missing=len(body) - HALF, **how)
    with pytest.raises(DownloadFailed, match=r"0\.5 MiB of it are here; ask again"):
        _fetch(server, target)
    server.requests.clear()
    server.sent = 0


def _only_files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "weights" / "f.pth"


def test_good_file_arrives_and_leaves_nothing_beside_it(server: Loopback, target: Path) -> None:
    server.serve("/f.pth", BODY)
    _fetch(server, target)
    assert target.read_bytes() == BODY
    assert _only_files(target.parent) == {"f.pth"}


def test_file_that_is_there_is_not_fetched_again(server: Loopback, target: Path) -> None:
    server.serve("/f.pth", BODY)
    _fetch(server, target)
    _fetch(server, target)
    assert len(server.requests) == 1


def test_progress_counts_bytes_up_to_the_total(server: Loopback, target: Path) -> None:
    server.serve("/f.pth", BODY)
    calls: list[tuple[int, int | None]] = []
    download(server.url("/f.pth"), target, SHA, lambda *call: calls.append(call))
    assert calls[0] == (0, len(BODY))
    assert calls[-1] == (len(BODY), len(BODY))
    assert calls == sorted(calls)


def test_file_of_unknown_length_arrives(server: Loopback, target: Path) -> None:
    server.serve("/f.pth", BODY, chunked=True)
    calls: list[tuple[int, int | None]] = []
    download(server.url("/f.pth"), target, SHA, lambda *call: calls.append(call))
    assert target.read_bytes() == BODY
    assert calls[-1] == (len(BODY), None)


def test_connection_lost_halfway_resumes_with_the_rest_only(server: Loopback, target: Path) -> None:
    _break_off(server, target)
    assert not target.exists()
    server.serve("/f.pth", BODY)
    _fetch(server, target)
    assert target.read_bytes() == BODY
    [(_, headers)] = server.requests
    assert headers["Range"] == f"bytes={HALF}-"
    assert headers["If-Range"] == '"v1"'
    assert server.sent == len(BODY) - HALF


def test_several_breaks_in_a_row_are_mended(server: Loopback, target: Path) -> None:
    for missing in (900_000, 600_000, 1):
        server.serve("/f.pth", BODY, missing=missing)
        with pytest.raises(DownloadFailed, match="ended the connection too early"):
            _fetch(server, target)
    server.serve("/f.pth", BODY)
    server.sent = 0
    _fetch(server, target)
    assert target.read_bytes() == BODY
    assert server.sent == 1


def test_server_without_ranges_sends_it_all_again(server: Loopback, target: Path) -> None:
    _break_off(server, target)
    server.serve("/f.pth", BODY, ranges=False)
    _fetch(server, target)
    assert target.read_bytes() == BODY
    assert server.sent == len(BODY)


@pytest.mark.parametrize("if_range", [True, False], ids=["If-Range", "no If-Range"])
def test_part_of_another_version_is_thrown_away(
    server: Loopback, target: Path, if_range: bool
) -> None:
    _break_off(server, target, OTHER, etag='"v0"')
    server.serve("/f.pth", BODY, if_range=if_range)
    _fetch(server, target)
    assert target.read_bytes() == BODY


def test_part_of_another_length_is_thrown_away_without_etags(
    server: Loopback, target: Path
) -> None:
    _break_off(server, target, OTHER + b"longer", etag=None)
    server.serve("/f.pth", BODY, etag=None)
    _fetch(server, target)
    assert target.read_bytes() == BODY


def test_weak_etag_is_compared_but_not_sent(server: Loopback, target: Path) -> None:
    _break_off(server, target, etag='W/"v1"')
    server.serve("/f.pth", BODY, etag='W/"v1"')
    _fetch(server, target)
    assert target.read_bytes() == BODY
    assert "If-Range" not in server.requests[0][1]
    assert server.sent == len(BODY) - HALF


def test_range_that_starts_elsewhere_is_not_used(server: Loopback, target: Path) -> None:
    _break_off(server, target)
    server.serve("/f.pth", BODY, misplaced=7)
    _fetch(server, target)
    assert target.read_bytes() == BODY


def test_part_longer_than_the_file_is_thrown_away(server: Loopback, target: Path) -> None:
    _break_off(server, target, if_range=False)
    short = BODY[:1000]
    server.serve("/f.pth", short, if_range=False)
    _fetch(server, target, digest(short))
    assert target.read_bytes() == short


def test_part_without_its_record_is_thrown_away(server: Loopback, target: Path) -> None:
    _break_off(server, target)
    target.with_name("f.pth.part.json").write_text("{")
    server.serve("/f.pth", BODY)
    _fetch(server, target)
    assert target.read_bytes() == BODY
    assert "Range" not in server.requests[0][1]


def test_whole_part_is_checked_without_asking_the_server(server: Loopback, target: Path) -> None:
    _break_off(server, target)
    target.with_name("f.pth.part").write_bytes(BODY)
    _fetch(server, target)
    assert target.read_bytes() == BODY
    assert server.requests == []


def test_wrong_digest_is_said_and_nothing_is_kept(server: Loopback, target: Path) -> None:
    server.serve("/f.pth", OTHER)
    with pytest.raises(DownloadFailed, match=f"starts {digest(OTHER)[:8]}, not {SHA[:8]}"):
        _fetch(server, target)
    assert _only_files(target.parent) == set()


def test_two_versions_under_one_etag_are_told_by_the_digest(server: Loopback, target: Path) -> None:
    _break_off(server, target, OTHER)
    server.serve("/f.pth", BODY)
    with pytest.raises(DownloadFailed, match="deleted"):
        _fetch(server, target)
    _fetch(server, target)
    assert target.read_bytes() == BODY


def test_wrong_file_in_place_is_replaced_only_by_a_right_one(
    server: Loopback, target: Path
) -> None:
    target.parent.mkdir()
    target.write_bytes(b"put here by hand")
    server.serve("/f.pth", OTHER)
    with pytest.raises(DownloadFailed):
        _fetch(server, target)
    assert target.read_bytes() == b"put here by hand"
    server.serve("/f.pth", BODY)
    _fetch(server, target)
    assert target.read_bytes() == BODY


def test_chunks_that_stop_are_a_failure(server: Loopback, target: Path) -> None:
    server.serve("/f.pth", BODY, chunked=True, missing=HALF)
    with pytest.raises(DownloadFailed):
        _fetch(server, target)
    assert not target.exists()


def test_missing_file_is_said(server: Loopback, target: Path) -> None:
    with pytest.raises(DownloadFailed, match=r"127\.0\.0\.1:\d+ answered 404"):
        _fetch(server, target)
    assert _only_files(target.parent) == set()


def test_no_connection_is_said_without_a_number(closed_port: int, target: Path) -> None:
    with pytest.raises(DownloadFailed, match=r"cannot be reached: Connection refused\.$"):
        download(f"http://127.0.0.1:{closed_port}/f.pth", target, SHA)
    assert _only_files(target.parent) == set()


def test_silent_server_is_given_up(
    server: Loopback, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_TIMEOUT", 0.05)
    gate = threading.Event()  # opened only when the client has given up
    server.serve("/f.pth", BODY, gate=gate)
    with pytest.raises(DownloadFailed, match="fell silent"):
        _fetch(server, target)
    gate.set()
    assert not target.exists()


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/f.pth", "f.pth"])
def test_other_schemes_are_refused(url: str, target: Path) -> None:
    with pytest.raises(DownloadFailed, match="neither http nor https"):
        download(url, target, SHA)


def test_redirect_is_followed_and_resumed(server: Loopback, target: Path) -> None:
    server.serve("/old", b"", status=302, headers={"Location": "/f.pth"})
    server.serve("/f.pth", BODY, missing=HALF)
    with pytest.raises(DownloadFailed):
        download(server.url("/old"), target, SHA)
    server.serve("/f.pth", BODY)
    server.sent = 0
    download(server.url("/old"), target, SHA)
    assert target.read_bytes() == BODY
    assert server.sent == len(BODY) - HALF


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/f.pth"])
def test_redirect_to_another_scheme_is_refused(server: Loopback, target: Path, url: str) -> None:
    server.serve("/f.pth", b"", status=302, headers={"Location": url})
    with pytest.raises(DownloadFailed, match=url):
        _fetch(server, target)
    assert _only_files(target.parent) == set()


def test_redirect_from_https_to_http_is_refused(tmp_path: Path) -> None:
    redirects = connection._Redirects()
    with (tmp_path / "body").open("w+b") as body, pytest.raises(connection.Refused, match="https"):
        redirects.redirect_request(
            Request("https://127.0.0.1/f"), body, 302, "Found", {}, "http://127.0.0.1/f"
        )


def test_digest_that_the_hub_states_is_the_one_compared(server: Loopback, target: Path) -> None:
    headers = {"Location": "/blob", "X-Linked-ETag": f'"{SHA}"'}
    server.serve("/hub", b"", etag=None, status=302, headers=headers)
    server.serve("/blob", OTHER)
    with pytest.raises(DownloadFailed, match=f"not {SHA}"):
        download(server.url("/hub"), target)
    server.serve("/blob", BODY)
    download(server.url("/hub"), target.with_suffix(".safetensors"))
    assert target.with_suffix(".safetensors").read_bytes() == BODY


def test_file_that_nobody_vouches_for_is_refused(server: Loopback, target: Path) -> None:
    server.serve("/f.pth", BODY)
    with pytest.raises(DownloadFailed, match="cannot be checked"):
        download(server.url("/f.pth"), target)
    assert _only_files(target.parent) == set()


def test_folder_that_cannot_be_made_is_said(server: Loopback, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    server.serve("/f.pth", BODY)
    with pytest.raises(DownloadFailed, match="taken"):
        _fetch(server, tmp_path / "taken" / "f.pth")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_full_disk_is_said(server: Loopback, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.serve("/f.pth", BODY)
    opened: Any = Path.open

    def full(self: Path, mode: str = "r", **options: Any) -> Any:
        full_disk = self.suffix == ".part" and mode == "wb"
        return opened(Path("/dev/full") if full_disk else self, mode, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(DownloadFailed, match="No space left"):
            _fetch(server, target)
    assert not target.exists()
    _fetch(server, target)
    assert target.read_bytes() == BODY


def test_caller_can_end_a_download_and_go_on_later(server: Loopback, target: Path) -> None:
    server.serve("/f.pth", BODY)

    def stop(done: int, _: int | None) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        download(server.url("/f.pth"), target, SHA, stop)
    assert not target.exists()
    server.requests.clear()
    _fetch(server, target)
    assert target.read_bytes() == BODY
    assert "Range" in server.requests[0][1]


def test_two_threads_that_want_one_file_fetch_it_once(server: Loopback, target: Path) -> None:
    gate = threading.Event()
    server.serve("/f.pth", BODY, gate=gate)
    first = threading.Thread(target=_fetch, args=(server, target))
    first.start()
    assert server.arrived.wait(30)  # the first has its answer, and stops at the gate
    waited: list[tuple[int, int | None]] = []

    def open_gate(done: int, total: int | None) -> None:
        waited.append((done, total))
        gate.set()

    download(server.url("/f.pth"), target, SHA, open_gate)
    first.join()
    assert target.read_bytes() == BODY
    assert len(server.requests) == 1
    assert waited[0][0] < len(BODY)  # the second saw how far the first was


def test_two_processes_that_want_one_file_fetch_it_once(server: Loopback, target: Path) -> None:
    gate = threading.Event()
    server.serve("/f.pth", BODY, gate=gate)
    code = (
        "import sys; from pathlib import Path; from cnn_models.weights.download import download; "
        "download(sys.argv[1], Path(sys.argv[2]), sys.argv[3])"
    )
    command = [sys.executable, "-c", code, server.url("/f.pth"), str(target), SHA]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:
        assert server.arrived.wait(30)
        download(server.url("/f.pth"), target, SHA, lambda *_: gate.set())
    assert process.returncode == 0
    assert target.read_bytes() == BODY
    assert len(server.requests) == 1
    assert _only_files(target.parent) == {"f.pth"}
