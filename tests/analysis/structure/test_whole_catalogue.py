"""The table of all networks: what it says, where it is kept, and the file that is written of it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import cnn_models
from analysis.structure import catalogue, described


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Two networks, a cache folder of their own, and a list of what was traced."""
    traced, keys = described.traced, ("lenet5_modern", "cifar_resnet20")
    seen: list[str] = []

    def noted(key: str):
        seen.append(key)
        return traced(key)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(cnn_models, "names", lambda: keys)
    monkeypatch.setattr(described, "traced", noted)
    return seen


def test_numbers_of_two_networks_that_were_counted_by_hand(small: list[str]) -> None:
    table = catalogue.catalogue()
    lenet = table.loc["lenet5_modern"]
    assert lenet["parameters"] == 156 + 2_416 + 48_120 + 10_164 + 850
    assert lenet["multiply-adds"] == 117_600 + 240_000 + 48_000 + 10_080 + 840
    assert (lenet["input"], lenet["depth"], lenet["year"]) == ("1 × 32 × 32", 5, 1998)
    resnet = table.loc["cifar_resnet20"]
    assert (resnet["parameters"], resnet["depth"], resnet["family"]) == (269_722, 20, "resnet")
    assert small == ["lenet5_modern", "cifar_resnet20"]


def test_second_call_reads_the_same_table_and_traces_nothing(small: list[str]) -> None:
    first = catalogue.catalogue()
    small.clear()
    pd.testing.assert_frame_equal(catalogue.catalogue(), first)
    assert small == []


@pytest.mark.usefixtures("small")
def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    catalogue.catalogue(lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def change_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "version", lambda _package: "another")


def test_other_code_counts_again_and_leaves_one_file(
    small: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    catalogue.catalogue()
    (before,) = tmp_path.rglob("*.csv")
    change_the_code(monkeypatch)
    catalogue.catalogue()
    (after,) = tmp_path.rglob("*.csv")
    assert before != after
    assert len(small) == 4


@pytest.mark.parametrize("damage", [b"", b"key,network\n", b"\0\xff\0", b"key,a\nlenet5,1,2,3\n"])
def test_a_damaged_file_is_counted_again(small: list[str], tmp_path: Path, damage: bytes) -> None:
    first = catalogue.catalogue()
    (kept,) = tmp_path.rglob("*.csv")
    kept.write_bytes(damage)
    pd.testing.assert_frame_equal(catalogue.catalogue(), first)
    assert len(small) == 4


def test_a_cache_that_cannot_be_written_is_done_without(
    small: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert list(catalogue.catalogue().index) == ["lenet5_modern", "cifar_resnet20"]
    assert len(small) == 2


@pytest.mark.usefixtures("small")
def test_reading_the_kept_table_does_not_import_torch() -> None:
    catalogue.catalogue()
    code = (
        "import sys; from analysis.structure import catalogue; "
        "assert len(catalogue.catalogue()) == 2; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_file_in_assets_is_what_the_code_counts_now(
    traced: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made again by `python -m analysis.structure.catalogue`."""
    monkeypatch.setattr(described, "traced", traced)
    now = catalogue.counted()
    assert tuple(now.index) == cnn_models.names()
    assert catalogue.ASSET.read_text(encoding="utf-8") == now.to_csv(lineterminator="\n")
