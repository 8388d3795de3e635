"""Several files at once, good and bad, and the table that is taken along."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from analysis.vision import samples, voices
from analysis.vision.predicting import batch, table
from analysis.vision.predicting.batch import Answer, File, Row

SPEAKERS = [voices.voice("cifar_resnet20"), voices.voice("lenet5_modern")]
NAMES = ["ResNet-20", "LeNet-5"]


def encoded(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


DIGIT = samples.samples()["digit-3"].path.read_bytes()
FILES = [
    File("good.jpg", DIGIT),
    File("empty.png", b""),
    File("cut.jpg", DIGIT[:2000]),
    File("page.html", b"<html><script>alert(1)</script></html>"),
    File("bomb.png", encoded(Image.new("1", (20_000, 20_000)))),
    File("blank.png", encoded(Image.new("RGB", (90, 90), "white"))),
    File("again.jpg", DIGIT),
]


class Fixed:
    """Gives class 3 a probability of 1 / 2 or more, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, speaker: voices.Voice, x: object) -> np.ndarray:
        assert x is not None
        self.asked += 1
        scores = np.zeros((1, len(speaker.classes)), np.float32)
        scores[0, 3] = np.log(len(speaker.classes) - 1)
        return scores


def test_bad_files_get_a_sentence_and_the_others_an_answer() -> None:
    rows = batch.answer(FILES, SPEAKERS, Fixed(), {})
    assert [row.name for row in rows] == [file.name for file in FILES]
    good, empty, cut, page, bomb, blank, again = rows
    for row in (good, again):
        assert [answer.name for answer in row.answers] == ["pentagon", "3"]
        assert row.answers[0].probability == pytest.approx(0.5)
    for row, said in ((empty, "empty"), (cut, "damaged"), (page, "not a picture")):
        assert said in row.refusal
        assert not row.answers
    assert "limit" in bomb.refusal
    assert blank.answers[0].name == "pentagon"  # what one network cannot read another may
    assert "stands out" in blank.answers[1].refusal


def test_what_is_known_is_not_asked_again_and_stopping_loses_nothing() -> None:
    ask, known = Fixed(), {}

    class Stopped(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert total == len(FILES)
        if done == 3:
            raise Stopped

    with pytest.raises(Stopped):
        batch.answer(FILES, SPEAKERS, ask, known, stop)
    assert ask.asked == 2
    rows = batch.answer(FILES, SPEAKERS, ask, known)
    assert ask.asked == 3  # the blank page; the digit is known, also under another name
    assert rows == batch.answer(FILES, SPEAKERS, Fixed(), {})


def test_no_more_than_the_bounds() -> None:
    files = [File(f"{n}.png", b"x") for n in range(52)]
    kept, said = batch.within_bounds(files)
    assert kept == files[:50]
    assert said.startswith("2 of 52 files are not")
    heavy = [File("a", bytes(60 * 2**20)), File("b", bytes(60 * 2**20)), File("c", b"x")]
    kept, said = batch.within_bounds(heavy)
    assert [file.name for file in kept] == ["a", "c"]
    assert "100 MB" in said
    assert batch.within_bounds(files[:3]) == (files[:3], "")


def test_classes_for_the_agreement_matrix() -> None:
    rows = batch.answer(FILES, SPEAKERS, Fixed(), {})
    assert batch.said(rows, 2).tolist() == [[3, 3, 3], [3, -1, 3]]
    assert batch.said([], 2).shape == (2, 0)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_table_comes_back_from_csv() -> None:
    rows = batch.answer(FILES[:3], SPEAKERS, Fixed(), {})
    content = table.to_csv(rows, NAMES)
    assert content.startswith(b"\xef\xbb\xbf")
    header, good, empty, _ = read(content)
    assert header == [
        "file",
        "ResNet-20: class",
        "ResNet-20: probability",
        "LeNet-5: class",
        "LeNet-5: probability",
        "problem",
    ]
    assert good == ["good.jpg", "pentagon", "0.500000", "3", "0.500000", ""]
    assert empty[:5] == ["empty.png", "", "", "", ""]
    assert "empty" in empty[5]


@pytest.mark.parametrize(
    "name",
    ["=1+1.png", "+A1.png", "-2.png", "@SUM(A1).png", "\t=1.png", "\r=1.png", " =1.png", "＝1.png"],
)
def test_no_name_is_taken_for_a_formula(name: str) -> None:
    (_, (cell, *_)) = read(table.to_csv([Row(1, name)], []))
    assert cell == f"'{name}"
    # what is shown can be downloaded from the table's own toolbar, which makes nothing harmless
    assert list(table.frame([Row(1, name)], [], [None])["file"]) == [f"'{name}"]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_name_comes_back(name: str) -> None:
    (_, (cell, *rest)) = read(table.to_csv([Row(1, name, (Answer(2, "cat", 0.25),))], ["N"]))
    assert cell.removeprefix("'") == name or cell == name
    assert rest == ["cat", "0.250000", ""]


def test_the_table_to_show_has_a_column_of_problems_only_where_there_is_one() -> None:
    rows = batch.answer(FILES[:2], SPEAKERS, Fixed(), {})
    shown = table.frame(rows, NAMES, ["data:", None])
    assert list(shown["file"]) == ["good.jpg", "empty.png"]
    assert list(shown["LeNet-5: class"]) == ["3", ""]
    assert "empty" in shown["problem"][1]
    assert "problem" not in table.frame(rows[:1], NAMES, ["data:"])


def test_a_problem_names_the_network_that_cannot_answer() -> None:
    rows = batch.answer(FILES, SPEAKERS, Fixed(), {})
    assert table.problem(rows[5], NAMES).startswith("LeNet-5 cannot answer: Nothing on this")
    assert "ResNet-20" not in table.problem(rows[5], NAMES)
