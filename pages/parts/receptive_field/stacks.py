"""Several small kernels against one large one: what they see and what they cost."""

from __future__ import annotations

import streamlit as st

from analysis.charts import cone as drawing
from analysis.structure import stack_comparison
from analysis.structure.cone import cone
from analysis.structure.stack import Repeated, equal_kernel, recurrence
from pages.parts import url

MOST_COUNT, LARGEST_SMALL = 20, 15
LARGEST = Repeated(MOST_COUNT, LARGEST_SMALL).receptive_field
MOST = 100_000  # channels, rows or columns of a map
MARGIN = 3  # pixels beside the cone


def draw() -> None:
    """Draw the choices, both cones and the sums."""
    with st.container(horizontal=True):
        count = _number("layers", "Layers (n)", MOST_COUNT, 3)
        small = _number("small", "Their kernel (k)", LARGEST_SMALL, 3)
        stacked = Repeated(count, small)
        large = _number("large", "One kernel (K)", LARGEST, equal_kernel(stacked).kernel)
        channels = _number("channels", "Channels (C)", MOST, 256)
        height = _number("height", "Map height (H)", MOST, 56)
        width = _number("width", "Map width (W)", MOST, 56)
    single = Repeated(1, large)
    st.markdown(stack_comparison.notice(stacked, single))
    widest = max(stacked.receptive_field, large)
    left, right = st.columns(2, gap="large")
    with left:
        _cone(stacked, widest, count, "cone of the stack")
    with right:
        _cone(single, widest, count, "cone of the one layer")
    found = stack_comparison.table(stacked, single, channels, height, width)
    st.markdown(stack_comparison.markdown(found))
    st.caption(
        "C channels go in and out of every layer, stride 1, padding “same” (every map keeps its "
        "H × W), biases not counted. The figures show one line of pixels in cross-section; the "
        "number beside each map says how many of its values the one at the top depends on."
    )


def _number(key: str, label: str, most: int, default: int) -> int:
    with url.kept(key, range(1, most + 1), default):
        return int(st.number_input(label, 1, most, step=1, key=key, width=136))


def _cone(side: Repeated, widest: int, tall: int, key: str) -> None:
    name = stack_comparison.name_of(side)
    st.markdown(f"**{name.capitalize()}**")
    pixels = widest + 2 * MARGIN + (widest + 1) % 2  # odd, so that there is a middle
    rows = recurrence(side.layers, pixels)
    if not drawing.can_be_drawn(rows):
        st.caption(
            f"{side.receptive_field} pixels in {side.count + 1} maps are too many cells to be seen."
        )
        return
    st.plotly_chart(
        drawing.cells(cone(rows, pixels), MARGIN, tall + 1),
        config={"displayModeBar": False},
        key=key,
        alt=f"Cone of {name}: one output value depends on {side.receptive_field} pixels in a line",
    )
