"""What every section of a study has: its record, the curves, what they say and how they came."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from analysis.amounts import listed
from analysis.charts import learning
from analysis.experiments import records
from analysis.experiments.records import NotRecorded, Record
from analysis.experiments.studies import spread
from analysis.experiments.studies.study import Study
from pages.parts import segments
from pages.parts.training import launch

_ERRORS = {"train_error": "Training error", "test_error": "Test error"}
_FORMS = {"course": "While they learn", "ends": "At the end"}


@st.cache_data(max_entries=20, show_spinner=False)
def read_record(name: str) -> Record:
    """The record of a name, read once for all sessions."""
    return records.read(name)


def record(name: str) -> Record | None:
    """The record, or None where there is none, which is then said."""
    try:
        return read_record(name)
    except NotRecorded as problem:
        st.info(str(problem), icon=":material/hourglass_empty:")
        return None


def draw(study: Study) -> None:
    """Draw the section of a study: curves or ends, the verdict, the origin, and the offer."""
    st.markdown(f"**{study.question}**")
    found = record(study.name)
    if found is not None:
        form = segments.choose("form", _FORMS, "course", "Form of the chart", asked="the form")
        curves(study, found) if form == "course" else ends(study, found)
        st.markdown(study.verdict(found.rows))
        origin(found)
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
            label: [float(row[quantity]) for row in seeds.values()] for label, seeds in last.items()
        }
        with place:
            dots(values, title.lower(), colours, f"final {quantity} of {study.name}")


def dots(
    values: Mapping[str, list[float]],
    axis: str,
    colours: Mapping[str, str],
    key: str,
    most: float | None = None,
) -> None:
    """One line a run, with a dot for every seed; the scale ends at `most` where that is given."""
    st.plotly_chart(
        learning.ends(values, axis, colours, most),
        config={"displayModeBar": False},
        key=key,
        alt=f"The {axis} of {listed(values)} at the end, one dot a seed",
    )


def origin(found: Record) -> None:
    """Say over which images the errors are, and how the record was made."""
    st.caption(
        f"{found.data} Ranges go from the lowest to the highest of the seeds. {found.origin}"
    )
