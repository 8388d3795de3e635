"""CIFAR in the owner's binary format, written here byte by byte, over loopback."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from analysis.experiments import cifar, runs
from analysis.experiments.cifar import CIFAR10, CIFAR100, CIFARS, Cifar, DataUnavailable
from analysis.experiments.runs import Run
from analysis.experiments.sources import SOURCES, of_archive, pictures
from analysis.experiments.training import TrainingConfig, TrainingError
from tests.cnn_models.loopback import Loopback, digest

RED, GREEN, BLUE = range(3)


def record(labels: bytes, number: int) -> bytes:
    """One image: red counts through the picture, green is `number`, blue is 7 in the last row."""
    red = bytes(place % 256 for place in range(1024))
    blue = bytes(1024 - 32) + bytes([7] * 32)
    return labels + red + bytes([number] * 1024) + blue


def archive(files: dict[str, bytes], **odd: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for info in odd.values():
            tar.addfile(info)
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def ten(batch: int = 4) -> dict[str, bytes]:
    """The six files of CIFAR-10, `batch` images each; image n of all is of class n modulo 10."""
    files = {"cifar-10-batches-bin/batches.meta.txt": b"airplane\n"}
    for place, name in enumerate(CIFAR10.learned):
        numbers = range(place * batch, (place + 1) * batch)
        files[name] = b"".join(record(bytes([n % 10]), n) for n in numbers)
    files[CIFAR10.held] = b"".join(record(bytes([n % 10]), 100 + n) for n in range(batch))
    return files


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNN_ATLAS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def placed(body: bytes, of: Cifar = CIFAR10) -> Cifar:
    """The data set whose archive is this one, and here."""
    of.path.parent.mkdir(parents=True, exist_ok=True)
    of.path.write_bytes(body)
    return replace(of, digest=digest(body))


def test_images_and_labels_are_those_of_the_records() -> None:
    data = cifar.draw(placed(archive(ten())), pictures(32), 20, 4)
    assert data.train.images.shape == (20, 3, 32, 32)
    assert data.train.images.dtype == torch.uint8
    numbers = data.train.images[:, GREEN, 0, 0].long()
    assert sorted(numbers.tolist()) == list(range(20))
    assert torch.equal(data.train.labels, numbers % 10)
    assert data.train.images[5, RED, 1].tolist() == list(range(32, 64))  # row by row
    assert data.train.images[5, BLUE].sum() == 7 * 32  # the last row alone
    assert data.test.images[:, GREEN, 0, 0].tolist() == [100, 101, 102, 103]
    assert data.test.labels.tolist() == [0, 1, 2, 3]
    assert data.classes[9] == "truck"


def test_fine_classes_of_cifar_100_are_learned() -> None:
    files = {
        CIFAR100.learned[0]: record(bytes([3, 98]), 1) + record(bytes([0, 7]), 2),
        CIFAR100.held: record(bytes([19, 0]), 3),
    }
    data = cifar.draw(placed(archive(files), CIFAR100), pictures(32), 2, 1)
    assert sorted(data.train.labels.tolist()) == [7, 98]
    assert data.test.labels.tolist() == [0]
    assert (data.classes[98], data.classes[7], data.classes[0]) == ("woman", "beetle", "apple")
    assert data.test.images[0, GREEN].unique().tolist() == [3]


def test_the_seed_draws_the_training_images_and_never_the_test_images() -> None:
    source = placed(archive(ten()))
    first, again, other = (cifar.draw(source, pictures(32), 8, 2, seed) for seed in (0, 0, 1))
    assert torch.equal(first.train.images, again.train.images)
    assert not torch.equal(first.train.images, other.train.images)
    assert torch.equal(first.test.images, other.test.images)


def test_images_come_at_the_side_that_a_network_takes() -> None:
    data = cifar.draw(placed(archive(ten())), pictures(16), 6, 2)
    assert data.train.images.shape == (6, 3, 16, 16)
    assert data.train.images[:, GREEN, 3, 3].long().remainder(10).tolist() == (
        data.train.labels.tolist()
    )


def test_a_run_learns_it_with_crop_and_flip(monkeypatch: pytest.MonkeyPatch) -> None:
    small = placed(archive(ten()))
    monkeypatch.setitem(SOURCES, "cifar10", of_archive(small))
    run = Run(
        "cifar_resnet20", data="cifar10", train=10, test=2, config=TrainingConfig(batch_size=5)
    )
    data = runs.drawn(run)
    assert data.prepare(data.train.images).shape == (10, 3, 32, 32)
    varied = data.augment(data.train.images, torch.Generator().manual_seed(0))
    red = varied[:, RED].long()  # its columns went up by one, or down in a mirror image
    steps = (red[:, 16, 17] - red[:, 16, 16]) % 256
    assert set(steps.tolist()) == {1, 255}
    assert len({int(row) for row in red[:, 16, 0]}) > 2  # and were moved
    with pytest.raises(TrainingError, match="CIFAR-10 has 50,000 images to learn from, not"):
        runs.drawn(replace(run, train=50_001))


def test_the_archive_is_fetched_checked_and_kept(server: Loopback, kept: Path) -> None:
    body = archive(ten())
    server.serve("/cifar-10-binary.tar.gz", body)
    wanted = replace(CIFAR10, url=server.url("/cifar-10-binary.tar.gz"), digest=digest(body))
    assert not wanted.is_here
    calls: list[tuple[int, int | None]] = []
    path = cifar.fetch(wanted, lambda *call: calls.append(call))
    assert path == kept / "cifar-10-binary.tar.gz"
    assert calls[-1] == (len(body), len(body))
    assert wanted.is_here
    cifar.fetch(wanted)
    assert len(server.requests) == 1
    assert len(cifar.draw(wanted, pictures(32), 20, 4).train.labels) == 20


def test_a_dropped_download_is_resumed(server: Loopback) -> None:
    body = archive(ten(40))
    half = len(body) // 2
    server.serve("/c.tar.gz", body, missing=len(body) - half)
    wanted = replace(CIFAR10, url=server.url("/c.tar.gz"), digest=digest(body))
    with pytest.raises(DataUnavailable, match=r"ask again to go on"):
        cifar.fetch(wanted)
    server.serve("/c.tar.gz", body)
    server.sent = 0
    cifar.fetch(wanted)
    assert wanted.is_here
    assert server.sent == len(body) - half


def test_a_file_with_another_digest_is_not_kept(server: Loopback) -> None:
    server.serve("/c.tar.gz", archive(ten()))
    wanted = replace(CIFAR10, url=server.url("/c.tar.gz"))
    with pytest.raises(DataUnavailable, match=r"CIFAR-10 could not be fetched.*was deleted"):
        cifar.fetch(wanted)
    assert not wanted.path.exists()


def test_without_a_connection_it_says_what_to_do(closed_port: int) -> None:
    wanted = replace(CIFAR10, url=f"http://127.0.0.1:{closed_port}/cifar-10-binary.tar.gz")
    with pytest.raises(DataUnavailable, match=r"cannot be reached.*put the file at"):
        cifar.fetch(wanted)
    with pytest.raises(DataUnavailable) as said:
        runs.drawn(Run("cifar_resnet20", data="cifar100"))
    assert "CIFAR-100 is not on this machine" in str(said.value)
    assert "python -m analysis.experiments.cifar cifar100" in str(said.value)
    assert "(161 MiB)" in str(said.value)
    assert not SOURCES["cifar100"].is_here
    assert SOURCES["shapes"].is_here


def test_no_path_of_the_archive_is_followed(kept: Path) -> None:
    link = tarfile.TarInfo(CIFAR10.held)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    files = ten() | {"../../outside.bin": b"x" * 3073, "/absolute.bin": b"y" * 3073}
    held = files.pop(CIFAR10.held)
    with pytest.raises(DataUnavailable, match=r"test_batch\.bin is missing or too large"):
        cifar.draw(placed(archive(files, link=link)), pictures(32), 1, 1)
    data = cifar.draw(placed(archive(files | {CIFAR10.held: held})), pictures(32), 1, 1)
    assert len(data.test.labels) == 1
    assert [path.name for path in kept.iterdir()] == ["cifar-10-binary.tar.gz"]


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        (bytes(3073 * 2 - 1), "has 6,145 bytes, no multiple of 3,073"),
        (b"", "has 0 bytes"),
        (record(b"\x0a", 0), "class 10 is none of 10"),
    ],
)
def test_a_file_in_another_format_is_refused(spoiled: bytes, why: str) -> None:
    source = placed(archive(ten() | {CIFAR10.held: spoiled}))
    with pytest.raises(DataUnavailable, match=why):
        cifar.draw(source, pictures(32), 1, 1)


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cifar, "_MOST_BYTES", 4 * 3073 - 1)
    with pytest.raises(DataUnavailable, match=r"data_batch_1\.bin is missing or too large"):
        cifar.draw(placed(archive(ten())), pictures(32), 1, 1)


def test_what_is_no_archive_is_refused() -> None:
    with pytest.raises(DataUnavailable, match=r"not in the format of CIFAR-10.*fetch it again"):
        cifar.draw(placed(b"not a gzip"), pictures(32), 1, 1)
    cut = archive(ten())[:-200]
    with pytest.raises(DataUnavailable, match="not in the format"):
        cifar.draw(placed(cut), pictures(32), 1, 1)


def test_the_command_says_where_the_file_is_or_why_not(
    server: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    body = archive(ten())
    server.serve("/c.tar.gz", body)
    wanted = replace(CIFAR10, url=server.url("/c.tar.gz"), digest=digest(body))
    monkeypatch.setitem(CIFARS, "cifar10", wanted)
    monkeypatch.setitem(CIFARS, "cifar100", replace(CIFAR100, url=server.url("/none.tar.gz")))
    assert cifar.main(["cifar10"]) == 0
    assert capsys.readouterr().out == f"cifar10: {wanted.path}\n"
    assert cifar.main(["cifar100"]) == 1
    assert "CIFAR-100 could not be fetched. 127.0.0.1" in capsys.readouterr().err


def test_classes_are_as_many_as_the_names_and_all_differ() -> None:
    assert len(set(CIFAR10.classes)) == 10
    assert len(set(CIFAR100.classes)) == 100
    assert np.array_equal(np.sort(CIFAR100.classes), CIFAR100.classes)  # the owner sorts them
