"""A stack of layers that is edited in a table, with the recurrence line by line."""

from __future__ import annotations

import streamlit as st

from analysis import amounts
from analysis.charts import cone as drawing
from analysis.charts import field_growth
from analysis.structure import stack_table
from analysis.structure.cone import cone, notice
from analysis.structure.stack import Row, as_far_as_possible
from pages.parts import url
from pages.parts.receptive_field import columns, table

MOST = 100_000  # pixels or channels


def draw() -> None:
    """Draw the choices, the table, what it shows and the recurrence."""
    layers = table.layers()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        side = _number("side", "Input side (px)", 224)
        channels = _number("inputs", "Its channels", 3)
        table.starts()
    rows, refused = as_far_as_possible(layers, side, channels)
    table.draw(layers, rows, refused)
    for refusal in refused:
        st.warning(str(refusal), icon=":material/block:")
    if rows:
        _what_it_sees(rows, side)


def _number(key: str, label: str, default: int) -> int:
    with url.kept(key, range(1, MOST + 1), default):
        return int(st.number_input(label, 1, MOST, step=1, key=key, width=156))


def _what_it_sees(rows: tuple[Row, ...], side: int) -> None:
    st.markdown(stack_table.notice(rows))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("The cone of one value")
        if drawing.can_be_drawn(rows):
            levels = cone(rows, side)
            st.plotly_chart(
                drawing.cells(levels),
                config={"displayModeBar": False},
                alt=f"Cone of one value of row {len(rows)}, down to {rows[-1].receptive_field} "
                "pixels in a line",
            )
            st.caption(notice(levels))
        else:
            st.caption(
                f"{rows[-1].receptive_field:,} pixels in {len(rows) + 1} maps are too many cells "
                "to be seen."
            )
    with right:
        st.subheader("How it grows")
        st.plotly_chart(
            field_growth.of_rows(rows, side),
            config={"displayModeBar": False},
            alt="Receptive field after each row: "
            + amounts.listed(str(row.receptive_field) for row in rows),
        )
    st.subheader("Line by line")
    st.markdown(
        "size = ⌊(size + P before + P after − D(K − 1) − 1) / S⌋ + 1, jump = jump × S,  \n"
        "receptive field = receptive field + D × (K − 1) × jump, start = start − P before × jump"
    )
    st.dataframe(
        stack_table.recurrence_with_numbers(rows),
        hide_index=True,
        height="content",
        column_config=columns.RECURRENCE,
    )
    st.caption(
        "In each sum, size, jump, receptive field and start are those of the row before. The input "
        "has jump 1, receptive field 1 and start 0. A negative start lies in the padding."
    )
