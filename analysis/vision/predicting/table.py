"""The answers to several images as a table, and as CSV that a spreadsheet cannot take for code."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.amounts import listed
from analysis.vision.predicting.batch import Answer, Row

# A spreadsheet computes what begins like this. The apostrophe says that it is a text (OWASP, CSV
# Injection); the two control characters are skipped by some of them before they look.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def header(networks: Sequence[str]) -> list[str]:
    """Names of the columns: the file, then class and probability for each network."""
    answers = [f"{name}: {what}" for name in networks for what in ("class", "probability")]
    return ["file", *answers, "problem"]


def cells(row: Row, networks: Sequence[str]) -> list[str]:
    """What stands in one row; empty where there is no answer."""
    answers = list(row.answers) or [None] * len(networks)
    found = [row.name]
    for answer in answers:
        spoke = answer is not None and not answer.refusal
        found += [answer.name, f"{answer.probability:.6f}"] if answer and spoke else ["", ""]
    return [*found, problem(row, networks)]


def problem(row: Row, networks: Sequence[str]) -> str:
    """Why a file or a network has no answer, each reason once; empty if all have."""
    silent: dict[str, list[str]] = {}
    for name, answer in zip(networks, row.answers, strict=False):  # no answers to a bad file
        if answer.refusal:
            silent.setdefault(answer.refusal, []).append(name)
    found = [f"{listed(names)} cannot answer: {why}" for why, names in silent.items()]
    return " ".join(filter(None, [row.refusal, *found]))


def to_csv(rows: Iterable[Row], networks: Sequence[str]) -> bytes:
    """The table in UTF-8 with a byte order mark, which a spreadsheet needs to read the names."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(harmless, header(networks)))
    for row in rows:
        writer.writerow(map(harmless, cells(row, networks)))
    return text.getvalue().encode("utf-8-sig", "replace")


def harmless(cell: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would compute."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def frame(
    rows: Sequence[Row], networks: Sequence[str], thumbnails: Sequence[str | None]
) -> pd.DataFrame:
    """The table to show: place, picture, file, class and probability for each network, problem.

    `thumbnails` are the pictures as URLs, None where there is none. The last column is left out
    where there is no problem.
    """
    columns: dict[str, list] = {
        "": [row.place for row in rows],
        "picture": list(thumbnails),
        "file": [harmless(row.name) for row in rows],  # the table's own download is a CSV too
    }
    for place, name in enumerate(networks):
        answers = [row.answers[place] if row.answers else Answer() for row in rows]
        columns[f"{name}: class"] = [answer.name for answer in answers]
        columns[f"{name}: probability"] = [answer.probability for answer in answers]
    problems = [problem(row, networks) for row in rows]
    if any(problems):
        columns["problem"] = problems
    return pd.DataFrame(columns)
