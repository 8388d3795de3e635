"""A measurement as it was recorded, shown at once, or made here at a small size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd
import streamlit as st

from analysis.amounts import listed
from analysis.experiments import records
from analysis.experiments.records import NotRecorded
from analysis.experiments.signal.measurements import MEASUREMENTS
from pages.parts import segments, url
from pages.parts.work import result

_MADE = {"before": "Recorded", "here": "Measure it here"}
_SEEDS = range(1000)


@st.cache_data(max_entries=16, show_spinner=False)
def _recorded(name: str) -> tuple[pd.DataFrame, str]:
    record = records.read(name)
    return record.rows, record.origin


def is_made_here() -> bool:
    """Draw the choice between the record and a measurement on this machine."""
    return segments.choose("made", _MADE, "before", "Numbers", hidden=False) == "here"


def rows(name: str, here: bool, plan: Any = None) -> pd.DataFrame | None:
    """The rows of a measurement; None if there are none, which has been said then.

    `plan` is its size where it is made here; the small one of the measurement if it is left out.
    """
    if here:
        return _made(name, plan or MEASUREMENTS[name].small)
    try:
        return _recorded(name)[0]
    except NotRecorded as missing:
        st.info(f"{missing} Or choose “{_MADE['here']}” above.", icon=":material/info:")
        return None


def _made(name: str, plan: Any) -> pd.DataFrame | None:
    with url.kept("seed", _SEEDS, 0):
        seed = int(st.number_input("Seed", 0, _SEEDS[-1], key="seed", width=160))
    measurement = MEASUREMENTS[name]
    return result(
        (name, plan, seed),
        measurement.question.rstrip("?"),
        lambda report: measurement.rows(plan, [seed], report),
    )


def origin(name: str, here: bool, plan: Any = None) -> None:
    """Say how the numbers were made."""
    if here:
        settings = asdict(plan or MEASUREMENTS[name].small)
        said = listed(f"{key} {_words(value)}" for key, value in settings.items())
        st.caption(f"Measured here from one seed, at a small size: {said}.")
    else:
        st.caption(_recorded(name)[1])


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def figure(fig: Any, key: str, alt: str) -> None:
    """Draw a chart without its bar."""
    st.plotly_chart(fig, config={"displayModeBar": False}, key=key, alt=alt)


def choices(*draw: Callable[[], Any]) -> list[Any]:
    """Draw choices side by side, which a phone shows one below the other."""
    columns: Sequence[Any] = st.columns(len(draw), gap="medium")
    found = []
    for column, one in zip(columns, draw, strict=True):
        with column:
            found.append(one())
    return found
