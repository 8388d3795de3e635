"""Measured receptive fields: which pixels reach one place, and how strongly."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analysis.charts import window as drawing
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.structure.window_on_input import Window
from analysis.vision import affordable, device, field_pictures, measured_field
from analysis.vision.affordable import Effort
from analysis.vision.route import Route, route
from analysis.vision.voices import Voice, voice
from pages.parts import looking, url

Place = tuple[int, int]


@st.cache_resource(max_entries=16, show_spinner=False)
def _way(key: str, operation: str) -> Route:
    return route(key, operation)


@st.cache_data(max_entries=128, show_spinner=False)
def _support(key: str, operation: str, place: Place) -> np.ndarray:
    return measured_field.support(_way(key, operation), place)


@st.cache_data(max_entries=512, show_spinner=False)
def _magnitude(
    speaker: Voice, operation: str, place: Place, seed: int
) -> tuple[np.ndarray, str | None]:
    """The field for one image, and what to say about the device."""
    way = _way(speaker.key, operation)
    return device.run_with_fallback(
        lambda where: measured_field.magnitude(looking.model(speaker, where.type), way, place, seed)
    )


def draw(key: str, graph: Graph, op: Operation, place: Place, window: Window) -> None:
    """Draw the switch and, where it is on, both measured fields."""
    work = affordable.effort(graph, op.name)
    with url.kept("measure", [True, False], work.is_quick):
        wanted = st.toggle("Measure it", key="measure", help=f"Takes {affordable.asked(work)}.")
    if not wanted:
        st.caption(
            "Switch it on to see which pixels reach this value in the running network, and how "
            f"strongly: {affordable.asked(work)}."
        )
        return
    left, right = st.columns(2, gap="large")
    with left:
        _draw_support(key, op, place, window)
    with right:
        _draw_effective(voice(key), op, place, window, work)


def _draw_support(key: str, op: Operation, place: Place, window: Window) -> None:
    st.markdown("**Every pixel that can reach it**")
    with st.spinner("Following the gradient …"):
        reached = _support(key, op.name, place)
    st.plotly_chart(
        drawing.near(field_pictures.of_support(reached, window.surroundings), window),
        config={"displayModeBar": False},
        key="measured support",
        alt=f"Pixels with a path to the value of {op.name}, with its window",
    )
    st.markdown(field_pictures.notice_of_support(reached, window))
    st.caption(
        "Yellow: a path leads to the value. Measured on a twin of the network that is linear: all "
        "weights 1, ReLU and normalisation left out, averages in place of maxima, so that no "
        "gradient on a path is zero."
    )


def _draw_effective(
    speaker: Voice, op: Operation, place: Place, window: Window, work: Effort
) -> None:
    st.markdown("**How strongly each pixel moves it**")
    if work.refusal:
        st.info(work.refusal, icon=":material/scale:")
        return
    bar = st.progress(0.0, "Building the network …")
    found: list[np.ndarray] = []
    note = None
    try:
        for seed in range(work.inputs):
            values, note = _magnitude(speaker, op.name, place, seed)
            found.append(values)
            bar.progress(len(found) / work.inputs, f"Image {len(found)} of {work.inputs}")
    except looking.REFUSALS as refusal:
        st.warning(f"This could not be measured: {refusal}", icon=":material/block:")
        return
    finally:
        bar.empty()
    field = measured_field.effective_field(found)
    st.plotly_chart(
        drawing.near(field_pictures.of_effective(field, window.surroundings), window),
        config={"displayModeBar": False},
        key="effective field",
        alt=f"Magnitude of the gradient of {op.name} at every pixel, with its window",
    )
    seen = op.receptive_field
    sees_all = seen is not None and seen.is_global
    st.markdown(field_pictures.notice_of_effective(field, window, sees_all))
    st.caption(
        f"Yellow most, violet nothing. {speaker.sentence}. Average over {work.inputs} images of "
        f"noise, seeds 0 to {work.inputs - 1}." + (f" {note}" if note else "")
    )
