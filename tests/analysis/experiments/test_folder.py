"""The user's own pictures: what is used, how it is split, and what is said of the rest."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from analysis.experiments import folder, runs, train, uploads
from analysis.experiments.folder import Folder, FolderError, read
from analysis.experiments.messages import Ended, Job, Lined, Over, Report
from analysis.experiments.runs import Run
from analysis.experiments.training import Epoch, Step, TrainingConfig, TrainingError
from analysis.experiments.uploads import Labelled, Refused, Upload, label_of, shown
from analysis.experiments.worker import Orders, work


def png(red: int, green: int = 0, size: tuple[int, int] = (20, 10)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (red, green, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def named(*names: str) -> list[Upload]:
    """One picture a name, no two alike."""
    return [Upload(name, png(place % 256, place // 256)) for place, name in enumerate(names)]


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def several(**counts: int) -> list[Upload]:
    return named(*(f"{name}/{i}.png" for name, count in counts.items() for i in range(count)))


def reds(data: torch.Tensor) -> set[int]:
    return set(data[:, 0, 4, 4].tolist())


def test_folders_are_the_classes_in_the_order_of_their_names() -> None:
    found = read(several(dog=3, cat=2))
    assert found.classes == ("cat", "dog")
    assert found.counts() == {"cat": 2, "dog": 3}
    assert found.images.shape == (5, 3, 96, 96)
    assert found.labels[found.images[:, 0, 0, 0] < 3].tolist() == [1, 1, 1]  # dogs came first
    assert found.problems == ()


def test_the_summary_counts_pictures_and_what_is_left_out() -> None:
    found = read([*several(cat=2, dog=3), Upload("cat/x.txt", b"x")])
    assert found.summary == "5 pictures of 2 classes: cat (2) and dog (3). 1 file not used."


def test_a_zip_and_loose_files_give_the_same() -> None:
    files = {f"pets/{upload.name}": upload.data for upload in several(dog=3, cat=3)}
    whole = read([Upload("pets.zip", zipped(files))])
    loose = read([Upload(f"{name[5:8]}-{name[9]}.png", data) for name, data in files.items()])
    assert whole.classes == loose.classes == ("cat", "dog")
    assert np.array_equal(whole.images, loose.images)
    assert np.array_equal(whole.labels, loose.labels)


def test_an_empty_folder_is_said_in_a_zip_and_on_disk(tmp_path: Path) -> None:
    files = {f"pets/{upload.name}": upload.data for upload in several(dog=2, cat=2)}
    hidden = {"pets/hen/.DS_Store": b"x", "__MACOSX/": b""}
    archive = zipped({"pets/": b"", "pets/cat/": b"", **files, "pets/fish/": b"", **hidden})
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "pets" / "fish").mkdir()
    said = ("fish has no picture that can be used and is left out.",)
    for found in (read([Upload("pets.zip", archive)]), read(uploads.on_disk(tmp_path))):
        assert found.counts() == {"cat": 2, "dog": 2}
        assert found.notes == said


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("pets/cat/01.jpg", "cat"),
        ("pets\\cat\\01.jpg", "cat"),
        ("../../cat/x.png", "cat"),
        ("/cat.png", "cat"),
        ("red_panda (3).jpeg", "red panda"),
        ("고양이/1.png", "고양이"),
        ("گربه‌ها/۱.png", "گربه‌ها"),
        ("<b>cat</b>/1.png", "b"),
        ("007.png", ""),
        ("", ""),
    ],
)
def test_the_class_is_the_folder_or_the_letters_of_the_name(path: str, label: str) -> None:
    assert label_of(path) == label


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=80))
def test_no_name_can_be_markup(name: str) -> None:
    said = shown(name)
    assert not set(said) & set("<>&*_`[](){}|#$~\\\"'!:=\n\r\t")
    assert len(said) <= 40
    assert shown(said) == said


def test_names_with_markup_are_shown_without_it() -> None:
    found = read(
        [
            Upload("<img src=x onerror=alert(1)>/1.png", png(101)),
            Upload("<img src=x onerror=alert(1)>/2.png", png(102)),
            *several(cat=2),
            Upload("[a](javascript:b)/x.txt", b"hello"),
        ]
    )
    assert found.classes == ("cat", "img src x onerror alert 1")
    assert found.problems[0].file == "x.txt"


def test_what_cannot_be_used_is_said_and_the_rest_is_used() -> None:
    good = several(cat=3, dog=3)
    found = read(
        [
            *good,
            Upload("cat/broken.png", png(99)[:40]),
            Upload("cat/empty.png", b""),
            Upload("cat/notes.pdf", b"%PDF-1.4"),
            Upload("cat/again.png", good[0].data),
            Upload("dog/also.png", good[0].data),
            Upload("012.png", png(98)),
            Upload("cat/.DS_Store", b"x"),
            Upload("__MACOSX/cat/._1.png", b"x"),
            Upload("fish/only.png", png(97)),
        ]
    )
    assert found.counts() == {"cat": 3, "dog": 3}
    said = dict(found.problems)
    assert set(said) == {
        "broken.png", "empty.png", "notes.pdf", "again.png", "also.png", "012.png",
    }  # fmt: skip
    assert "damaged, cut off" in said["broken.png"]
    assert "This file is empty" in said["empty.png"]
    assert "a PDF document" in said["notes.pdf"]
    assert said["again.png"] == "The same picture is in cat already; it is used once."
    assert "cannot be of two classes" in said["also.png"]
    assert "put it into a folder with the name of its class" in said["012.png"]
    assert found.notes == (
        "fish has one picture only and is left out: one picture to learn from and another to be "
        "tested by are needed.",
    )


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "There is no picture that can be used."),
        (several(cat=5), "There is one class, cat, among 5 pictures. A network learns to tell"),
        (
            several(cat=1, dog=1),
            "No class has two pictures, among 2 pictures.*cat and dog have one",
        ),
        (
            [Upload("a/b.txt", b"hi")],
            r"no picture that can be used\. b\.txt: This is not a picture",
        ),
        (named("IMG_1.png", "IMG_2.png"), "There is one class, IMG"),
        ([Upload("z.zip", b"PK\x03\x04junk")], r"z\.zip: This zip is damaged or cut off"),
        ([Upload("z.zip", zipped({}))], "There is no picture that can be used"),
    ],
)
def test_nothing_to_learn_is_said_in_a_sentence(files: list[Upload], sentence: str) -> None:
    with pytest.raises(FolderError, match=sentence):
        read(files)


def test_a_zip_that_unpacks_to_more_than_it_says_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    good = {upload.name: upload.data for upload in several(cat=2, dog=2)}
    bomb = Upload("b.zip", zipped(good | {"cat/bomb.png": bytes(100_000)}))
    largest = max(len(e.data) for e in uploads.labelled([bomb]) if isinstance(e, Labelled))
    assert largest == 1001  # read no further than that it is too large


def test_only_so_many_files_and_bytes_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 4)
    found = read(several(cat=2, dog=2, fish=2))
    assert found.counts() == {"cat": 2, "dog": 2}
    assert len(found.problems) == 1
    assert "at most 4 files of 200 MiB together are read" in found.problems[0].why
    monkeypatch.setattr(uploads, "MOST_FILES", 99)
    monkeypatch.setattr(uploads, "MOST_BYTES", 4 * len(png(1)))
    assert len(read(several(cat=2, dog=2, fish=2)).labels) == 4


def test_locked_and_damaged_files_of_a_zip_are_said() -> None:
    body = zipped({upload.name: upload.data for upload in several(cat=3, dog=2)})
    spoiled = bytearray(body)
    at = body.index(b"\x89PNG") + 20
    spoiled[at : at + 4] = b"zzzz"  # the checksum of the first file is wrong now
    found = read([Upload("p.zip", bytes(spoiled))])
    assert found.counts() == {"cat": 2, "dog": 2}
    assert found.problems == (
        Refused("0.png", "This file is damaged in the zip; make the zip once more."),
    )
    locked = bytearray(body)
    entry = body.index(b"PK\x01\x02")
    locked[entry + 8] |= 1  # in the directory of the zip: this file is encrypted
    found = read([Upload("p.zip", bytes(locked))])
    assert found.problems[0].why == ("This file is locked with a password; make a zip without one.")


def test_the_split_is_by_class_seeded_and_shares_no_picture() -> None:
    found = read(several(cat=10, dog=5, fish=2))
    learned, held = found.split(seed=3)
    assert np.bincount(found.labels[held]).tolist() == [2, 1, 1]  # a fifth, and never none
    assert np.bincount(found.labels[learned]).tolist() == [8, 4, 1]
    assert set(learned) | set(held) == set(range(17))
    assert not set(learned) & set(held)
    assert np.array_equal(held, found.split(seed=3)[1])
    assert any(not np.array_equal(held, found.split(seed)[1]) for seed in range(5))


def test_pictures_are_cut_square_and_scaled_to_the_side() -> None:
    left = Image.new("RGB", (300, 100), (255, 0, 0))
    left.paste((0, 0, 255), (100, 0, 200, 100))  # the middle third is blue
    buffer = io.BytesIO()
    left.save(buffer, "PNG")
    found = read([Upload("cat/wide.png", buffer.getvalue()), *several(cat=2, dog=2)])
    data = found.data(side=8)
    images = torch.cat([data.train.images, data.test.images])
    assert images.shape == (5, 3, 8, 8)
    blue = images[images[:, 2, 4, 4] == 255]
    assert blue.shape[0] == 1
    assert blue[0, 2].min() == 255  # nothing of the red sides
    assert data.prepare(blue).max().item() == 2.0
    assert data.outputs == 2


def test_a_folder_goes_to_another_process_and_is_learned_there() -> None:
    found: Folder = pickle.loads(  # noqa: S301 - our own bytes
        pickle.dumps(read(several(dark=6, light=6)))
    )
    config = TrainingConfig(epochs=1, batch_size=4)
    run = Run("residual", data="folder", side=8, config=config, options={"depth": 8})
    reports: list[Report] = []
    work(Job((run,), found), Orders(), reports.append)
    assert [type(report) for report in reports if not isinstance(report, Step)][-2:] == [
        Ended,
        Over,
    ]
    lines = [report.epoch for report in reports if isinstance(report, Lined)]
    assert [line.epoch for line in lines] == [1]
    assert isinstance(lines[0], Epoch)
    ended = next(report for report in reports if isinstance(report, Ended))
    assert ended.problem == ""
    assert ended.weights


def test_ends_of_a_run_that_does_not_suit_the_folder() -> None:
    found = read(several(cat=4, dog=4))
    with pytest.raises(
        TrainingError,
        match=r"one channel of ink, and your folder has three of colour\. It can learn digits",
    ):
        runs.drawn(Run("lenet5_modern", data="folder"), found)
    with pytest.raises(TrainingError, match="A batch of 128 cannot be drawn from 6"):
        runs.drawn(Run("cifar_resnet20", data="folder", side=8), found)
    with pytest.raises(TrainingError, match="There are no pictures of your own to learn from"):
        runs.drawn(Run("cifar_resnet20", data="folder"))


def test_a_folder_of_the_disk_is_read_as_an_upload(tmp_path: Path) -> None:
    for upload in several(cat=2, dog=2):
        path = tmp_path / "pets" / upload.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(upload.data)
    assert read(uploads.on_disk(tmp_path)).counts() == {"cat": 2, "dog": 2}


def test_the_command_learns_a_folder_of_the_disk(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for upload in several(cat=3, dog=3):
        path = tmp_path / "pets" / upload.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(upload.data)
    caplog.set_level("INFO")
    told = ["residual", "--data", "folder", "--side", "8", "--epochs", "1", "--batch-size", "2"]
    told += ["--options", '{"depth": 8}', "--threads", "1"]
    assert train.main([*told, "--pictures", str(tmp_path / "pets")]) == 0
    assert "6 pictures of 2 classes: cat (3) and dog (3)." in caplog.text
    assert "epoch 1: loss" in caplog.text
    assert train.main([*told, "--pictures", str(tmp_path / "pets" / "cat")]) == 1
    assert "put it into a folder with the name of its class" in caplog.text
    assert train.main(told) == 1
    assert "There are no pictures of your own" in caplog.text


def test_progress_ends_and_can_stop_the_work() -> None:
    calls: list[tuple[int, int]] = []
    files = several(cat=2, dog=2)
    read(files, lambda *call: calls.append(call))
    assert calls[0][0] == 0
    assert calls == sorted(calls)

    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(files, stop)


def test_more_classes_than_can_be_learned_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MOST_CLASSES", 2)
    found = read(several(cat=2, dog=2, fish=2))
    assert found.classes == ("cat", "dog")
    assert found.notes == ("At most 2 classes are learned; fish is left out.",)
