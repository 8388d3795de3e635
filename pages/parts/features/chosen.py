"""One value of a map: its window on the picture and its gradient, side by side."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analysis.charts import window as drawing
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.structure.window_on_input import Window, window_at
from analysis.vision.features import notice, tiles
from analysis.vision.features.response import Response
from analysis.vision.sight import Sight, enlarged


def draw(op: Operation, graph: Graph, seen: Sight, found: Response) -> None:
    """Draw the picture with the box, and the gradient on it, with their numbers."""
    window = window_at(op, found.place, graph.input_shape[1:])
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**The box that it sees**")
        st.plotly_chart(
            drawing.on_picture(enlarged(seen.picture), window),
            config={"displayModeBar": False},
            key="box of the channel",
            alt=f"Window of the strongest value of channel {found.channel} on the picture",
        )
    with right:
        st.markdown("**The gradient of its value**")
        st.plotly_chart(
            drawing.on_picture(_gradient(seen, found), window),
            config={"displayModeBar": False},
            key="gradient of the channel",
            alt=f"Gradient of the strongest value of channel {found.channel} at every pixel",
        )
    st.markdown(notice.of_response(op, found, window))
    st.caption(_legend(window))


def _gradient(seen: Sight, found: Response) -> np.ndarray:
    return enlarged(tiles.of_gradient(seen.picture, found))


def _legend(window: Window) -> str:
    box = "Dashed: the window as it is. Solid: the part that lies on the picture. "
    return (box if window.is_clipped else "") + (
        "Gradient: how strongly each pixel moves the value, its colours added; yellow most, violet "
        "nothing."
    )
