"""The command that prepares a classroom."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cnn_models.weights import __main__ as cli
from cnn_models.weights import cached, public
from tests.cnn_models import tiny
from tests.cnn_models.loopback import Loopback, digest

Register = Callable[..., None]
Output = pytest.CaptureFixture[str]
BODY = tiny.pth(tiny.owner_state_dict(tiny.trained()))


@pytest.fixture
def classroom(server: Loopback, register: Register) -> Loopback:
    """Two networks with public weights, whose server has only the first, and one without."""
    server.serve("/one.pth", BODY)
    sets = {
        key: tiny.public(url=server.url(f"/{key}.pth"), digest=digest(BODY)[:8])
        for key in ("one", "two")
    }
    register(*(tiny.entry(key, weights) for key, weights in sets.items()), tiny.entry("bare"))
    return server


def test_fetch_brings_files_here(classroom: Loopback, folder: Path, capsys: Output) -> None:
    classroom.serve("/two.pth", BODY)
    assert cli.main(["fetch", "one", "two"]) == 0
    assert {p.suffix: p.read_bytes() for p in folder.glob("*.pth")} == {".pth": BODY}
    out, err = capsys.readouterr()
    assert out == f"one: {folder / 'one.pth'}\ntwo: {folder / 'two.pth'}\n"
    assert err == ""


@pytest.mark.usefixtures("classroom")
def test_fetch_goes_on_after_a_failure_and_says_so(folder: Path, capsys: Output) -> None:
    assert cli.main(["fetch", "two", "nobody", "bare", "one"]) == 1
    out, err = capsys.readouterr()
    assert out == f"one: {folder / 'one.pth'}\n"
    assert "two: The public weights of two" in err
    assert "answered 404" in err
    assert f"save it as {folder / 'two.pth'}" in err
    assert "nobody: There is no network called 'nobody'" in err
    assert "bare: bare has no public weights" in err


@pytest.mark.usefixtures("classroom")
def test_list_says_what_is_here(folder: Path, capsys: Output) -> None:
    cli.main(["fetch", "one"])
    capsys.readouterr()
    assert cli.main(["list"]) == 0
    first, *table = capsys.readouterr().out.splitlines()
    assert str(folder) in first
    assert [line.split() for line in table] == [
        ["NETWORK", "WEIGHTS", "FILE", "MiB"],
        ["one", "V1", "one.pth", "0.0", "here"],
        ["two", "V1", "two.pth", "0.0", "not", "here"],
    ]


def test_stopped_by_the_keyboard(
    classroom: Loopback, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(public, "fetch", stop)
    assert cli.main(["fetch", "one"]) == 130
    assert "goes on from here" in capsys.readouterr().err
    assert classroom.requests == []


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_of_a_terminal() -> None:
    terminal = _Terminal()
    show = cli.progress_line("vgg16", terminal)
    assert show is not None
    show(0, 4 * 2**20)
    show(3 * 2**20, 4 * 2**20)
    show(3 * 2**20, None)
    lines = [line.removesuffix("\033[K") for line in terminal.getvalue().split("\r")]
    assert lines == [
        "",
        "vgg16: 0.0 of 4.0 MiB, 0%",
        "vgg16: 3.0 of 4.0 MiB, 75%",
        "vgg16: 3.0 MiB",
    ]
    assert cli.progress_line("vgg16", io.StringIO()) is None


@pytest.mark.usefixtures("classroom")
def test_terminal_shows_progress_and_is_left_clean(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert cli.main(["fetch", "one"]) == 0
    assert "one: 0.0 of 0.0 MiB, 100%" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\033[K")
    assert capsys.readouterr().out.startswith("one: ")
    assert cached("one")


def test_module_runs_without_a_warning() -> None:
    command = [sys.executable, "-W", "error", "-m", "cnn_models.weights", "--help"]
    result = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "list" in result.stdout
    assert "fetch" in result.stdout
