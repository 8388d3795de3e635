"""What every section of a study has: its record, the curves, what they say and how they came."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis.amounts import listed
from analysis.charts import learning
from analysis.experiments import records
from analysis.experiments.records import NotRecorded, Record
from analysis.experiments.runs import Run
from analysis.experiments.studies import spread
from analysis.experiments.studies.study import Study
from pages.parts import segments
from pages.parts.training import launch

_ERRORS = {"train_error": "Training error", "test_error": "Test error"}
_FORMS = {"course": "While they learn", "ends": "At the end"}


@st.cache_data(max_entries=20, show_spinner=False)
def _read(name: str) -> Record:
    return records.read(name)


def record(name: str) -> Record | None:
    """The record, or None where there is none, which is then said."""
    try:
        return _read(name)
    except NotRecorded as problem:
        st.info(str(problem), icon=":material/hourglass_empty:")
        return None


def draw(study: Study) -> None:
    """Draw the section of a study: curves or ends, the verdict, the origin, and the offer."""
    st.markdown(f"**{study.question}**")
    found = record(study.name)
    if found is not None:
        form = segments.choose("form", _FORMS, "course", "Form of the chart")
        curves(study, found) if form == "course" else ends(study, found)
        st.markdown(study.verdict(found.rows))
        origin(found, study.arms[0])
    launch.offer(study)


def curves(study: Study, found: Record) -> None:
    """Training error and test error side by side."""
    looks = learning.styles({run.label: run.network for run in study.arms})
    for place, (quantity, title) in zip(st.columns(2, gap="large"), _ERRORS.items(), strict=True):
        lines = {label: spread.by_epoch(found.rows, label, quantity) for label in study.labels}
        with place:
            st.plotly_chart(
                learning.curves(lines, title.lower(), looks),
                config={"displayModeBar": False},
                key=f"{quantity} of {study.name}",
                alt=f"{title} of {listed(study.labels)} after each epoch, with the range over "
                f"{len(found.seeds)} seeds",
            )


def ends(study: Study, found: Record) -> None:
    """The errors after the last epoch, with every seed."""
    looks = learning.styles({run.label: run.network for run in study.arms})
    colours = {label: look.colour for label, look in looks.items()}
    last = spread.finals(found.rows)
    for place, (quantity, title) in zip(st.columns(2, gap="large"), _ERRORS.items(), strict=True):
        values = {
            label: [float(row[quantity]) for row in last[label].values()] for label in study.labels
        }
        with place:
            dots(values, title.lower(), colours, f"final {quantity} of {study.name}")


def dots(
    values: Mapping[str, list[float]], axis: str, colours: Mapping[str, str], key: str
) -> None:
    """One line a run, with a dot for every seed."""
    st.plotly_chart(
        learning.ends(values, axis, colours),
        config={"displayModeBar": False},
        key=key,
        alt=f"The {axis} of {listed(values)} at the end, one dot a seed",
    )


def origin(found: Record, run: Run) -> None:
    """Say over which images the errors are, and how the record was made."""
    st.caption(
        f"{data(run)} Bands and ranges go from the lowest to the highest of "
        f"{len(found.seeds)} seeds. {found.origin}"
    )


def data(run: Run) -> str:
    """Which images a run learns and is judged by, and for how long."""
    config = run.config
    return (
        f"{run.train:,} handwritten digits of {run.side} × {run.side} pixels to learn from, varied "
        f"anew in every batch, and {run.test:,} others to be judged by; {config.epochs} epochs of "
        f"batches of {config.batch_size}, learning rate {config.learning_rate:g}. The training "
        "error is the mean over an epoch, on the varied digits, so that it can lie above the test "
        "error."
    )
