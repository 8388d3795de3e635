"""Several pictures at once: a table of answers to look at and to take along."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st
import torch
from PIL import Image

from analysis.charts import agreement as heat
from analysis.progress import Report
from analysis.vision import images
from analysis.vision.predicting import agreement, batch, table, together
from analysis.vision.predicting.batch import File, Row
from analysis.vision.prediction import scores
from analysis.vision.voices import Voice
from pages.parts import focus, looking, pictures
from pages.parts.predict import asking
from pages.parts.predict.columns import answer_columns
from pages.parts.work import result

_KNOWN = "answers to several pictures"  # in the session, and gone with it
_THUMBNAILS = "thumbnails of several pictures"  # likewise
_SESSION = "name of this session for its own answers"
_MOST_KNOWN = 2000


def draw(speakers: Sequence[Voice]) -> None:
    """Draw the choice of pictures, the table, what could not be read, and the agreement."""
    files = pictures.choose_several()
    asking.say_who_speak(speakers)
    if not files:
        st.info("Upload some pictures: each network says what it sees in each of them.")
        return
    rows = _answers(files, speakers)
    if rows is None:
        return
    _table(files, rows, speakers)
    _problems(rows, speakers)
    _agreement(rows, speakers)


def _answers(files: Sequence[File], speakers: Sequence[Voice]) -> tuple[Row, ...] | None:
    """What stays for other sessions holds no name of a file and no picture."""
    known = st.session_state.setdefault(_KNOWN, {})
    if len(known) > _MOST_KNOWN:
        known.clear()
    mine = st.session_state.setdefault(_SESSION, uuid.uuid4().hex)
    nameless = [replace(file, name="") for file in files]
    voices = tuple((speaker.key, speaker.weights_name) for speaker in speakers)
    question = ("several", mine, tuple(file.digest for file in files), voices)

    def work(report: Report) -> tuple[tuple[Row, ...], str | None]:
        notes: list[str | None] = []

        def ask(speaker: Voice, x: torch.Tensor) -> np.ndarray:
            found, note = looking.on_best_device(speaker, lambda shared: scores(shared, x))
            notes.append(note)
            return found

        rows = batch.answer(nameless, speakers, ask, known, report)
        return rows, next(filter(None, notes), None)

    rows = looking.said(result(question, "Looking at the pictures", work))
    if rows is None:
        return None
    return tuple(replace(row, name=file.name) for row, file in zip(rows, files, strict=True))


def _table(files: Sequence[File], rows: Sequence[Row], speakers: Sequence[Voice]) -> None:
    names = [focus.display_name(speaker.key) for speaker in speakers]
    shown = table.frame(rows, names, [_thumbnail(file) for file in files])
    st.dataframe(
        shown,
        hide_index=True,
        row_height=56,
        height=_height(len(rows)),
        column_config=answer_columns(names),
    )
    st.download_button(
        "Download the answers as CSV",
        table.to_csv(rows, names),
        "predictions.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _height(rows: int) -> int:
    return 40 + 56 * min(rows, 11)


def _thumbnail(file: File) -> str | None:
    """A small picture as a data URL; kept for this session only."""
    kept = st.session_state.setdefault(_THUMBNAILS, {})
    if len(kept) > _MOST_KNOWN:
        kept.clear()
    digest = file.digest
    if digest not in kept:
        kept[digest] = _small(file)
    return kept[digest]


def _small(file: File) -> str | None:
    try:
        image: Image.Image = images.open_image(file.data)
    except images.BadImage:
        return None
    image.thumbnail((batch.THUMBNAIL, batch.THUMBNAIL))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def _problems(rows: Sequence[Row], speakers: Sequence[Voice]) -> None:
    names = [focus.display_name(speaker.key) for speaker in speakers]
    for row in rows:
        reason = table.problem(row, names)
        if reason:
            st.warning(f"File {row.place}: {reason}", icon=":material/broken_image:")


def _agreement(rows: Sequence[Row], speakers: Sequence[Voice]) -> None:
    for group in together.groups(speakers):
        names = [focus.display_name(speaker.key) for speaker in group]
        places = [speakers.index(speaker) for speaker in group]
        said = batch.said(rows, len(speakers))[places]
        shares = agreement.agreement(said)
        if len(group) < 2 or not said.shape[1]:
            continue
        st.subheader("Do they agree on these pictures?")
        place, _ = st.columns([3, 2])
        place.plotly_chart(
            heat.heat(names, shares),
            config={"displayModeBar": False},
            key=f"agreement with {group[0].key}",
            alt="Share of the pictures for which two networks name the same class",
        )
        st.markdown(agreement.notice(names, shares, said.shape[1]))
