"""What one value of a network in focus sees of a picture."""

from __future__ import annotations

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

import cnn_models
from analysis.charts import field_growth as growth_chart
from analysis.charts import window as drawing
from analysis.charts.palette import family_colour
from analysis.structure import field_growth, window_on_input
from analysis.structure.field_growth import Point
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.vision import field_pictures, samples
from analysis.vision.voices import voice
from pages.parts import cached, focus, url
from pages.parts.receptive_field import measured

_AT = "at"  # in the address: the chosen layer
_DEPTH = "growth along the depth"


@st.cache_data(max_entries=cached.MOST, show_spinner=False)
def _growth(key: str) -> tuple[Point, ...]:
    return field_growth.growth(cached.traced(key))


@st.cache_data(max_entries=32, show_spinner=False)
def _picture(sample: str, shape: tuple[int, ...]) -> np.ndarray:
    """A sample at the size of a network's input."""
    with Image.open(samples.samples()[sample].path) as image:
        return field_pictures.fitted(image, shape)


def draw() -> None:
    """Draw the choices, the picture with the window, the depth and the measured fields."""
    key = focus.choose_one(titled=True)
    graph = cached.traced(key)
    offered = {op.name: op for op in field_growth.layers_with_fields(graph)}
    if not offered:
        st.info("No operation of this network has a window on the image. Choose another network.")
        return
    first, second, third = st.columns([3, 2, 2])
    with first:
        op = _operation(key, graph, offered)
    place = _place(op, second, third)
    window = window_on_input.window_at(op, place, graph.input_shape[1:])
    _numbers(op, window)
    left, right = st.columns([2, 3], gap="large")
    with left:
        _on_picture(key, graph, op, place, window)
    with right:
        _along_the_depth(key, graph, op)
    st.subheader("Measured")
    if op.receptive_field is not None and not op.receptive_field.is_local:
        st.info(f"`{op.name}` mixes the whole map: there is no window to measure.")
        return
    measured.draw(key, graph, op, place, window)


def _operation(key: str, graph: Graph, offered: dict[str, Operation]) -> Operation:
    last = field_growth.last_with_window(graph)
    default = last.name if last else next(iter(offered))
    with url.kept(_AT, offered, default, label="the layer"):
        chosen = st.selectbox(
            f"Layer of {focus.display_name(key)}",
            list(offered),
            format_func=lambda name: f"{name} · {offered[name].kind}",
            key=_AT,
        )
    return offered[str(chosen)]


def _place(op: Operation, left: DeltaGenerator, right: DeltaGenerator) -> tuple[int, int]:
    """Row and column on the map, counted from 0; the middle by default."""
    rows, columns = window_on_input.map_of(op)
    found = []
    for key, label, count, where in (
        ("row", "Row of the map", rows, left),
        ("column", "Column of the map", columns, right),
    ):
        if count == 1:
            found.append(0)
            continue
        with where, url.kept(key, range(1, count + 1), count // 2 + 1):
            found.append(st.slider(label, 1, count, key=key) - 1)
    return found[0], found[1]


def _numbers(op: Operation, window: window_on_input.Window) -> None:
    with st.container(horizontal=True, gap="medium"):
        for label, value in window_on_input.facts(op, window).items():
            st.metric(label, value, width="content")


def _on_picture(
    key: str, graph: Graph, op: Operation, place: tuple[int, int], window: window_on_input.Window
) -> None:
    found = samples.samples()
    with url.kept("sample", found, samples.suited(voice(key).trained_on)):
        sample = st.selectbox(
            "Picture", list(found), format_func=lambda name: found[name].label, key="sample"
        )
    st.plotly_chart(
        drawing.on_picture(_picture(str(sample), graph.input_shape), window),
        config={"displayModeBar": False},
        key="window on the picture",
        alt=f"Window of one value of {op.name} on the picture of {found[str(sample)].label}",
    )
    st.markdown(window_on_input.described(op, place, window))
    if window.is_clipped:
        st.caption("Dashed: the window as it is. Solid: the part that lies on the image.")


def _along_the_depth(key: str, graph: Graph, op: Operation) -> None:
    points, side = _growth(key), max(graph.input_shape[1:])
    colour = family_colour(cnn_models.spec(key).family)
    st.plotly_chart(
        growth_chart.along_the_depth(points, colour, side, op.name),
        config={"displayModeBar": False},
        key=_DEPTH,
        on_select=_take_clicked,
        selection_mode="points",
        alt=f"Receptive field of {len(points)} operations along the depth of "
        f"{focus.display_name(key)}",
    )
    st.markdown(field_growth.notice(points, side))
    st.caption("Click a point to see what its layer sees.")


def _take_clicked() -> None:
    """Choose the layer whose point was clicked."""
    url.clicked()
    clicked = [point.get("customdata") for point in st.session_state[_DEPTH].selection.points]
    names = [data[0] for data in clicked if data]
    if names and names[0] != field_growth.INPUT:
        st.session_state[_AT] = names[0]
