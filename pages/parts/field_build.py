"""A stack of layers that is edited in a table, with the recurrence line by line."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analysis import amounts
from analysis.charts import cone as drawing
from analysis.charts import field_growth
from analysis.structure import known_stacks, stack_table, stack_text
from analysis.structure.cone import cone
from analysis.structure.known_stacks import KNOWN
from analysis.structure.stack import Layer, Row, as_far_as_possible
from pages.parts import cached, columns, url

KEY = "stack"  # in the address: the layers as one text
TABLE = "table of the stack"
EDITED = "stack as the table was drawn"
FIRST = "alexnet"
MOST = 100_000


def draw() -> None:
    """Draw the choices, the table, what it shows and the recurrence."""
    with url.kept(KEY, url.Spelled(_readable), _text_of(FIRST), label="the stack"):
        pass  # the table below has no value that an address could hold
    with st.container(horizontal=True, vertical_alignment="bottom"):
        side = _number("side", "Input side (px)", 224)
        channels = _number("inputs", "Its channels", 3)
        for name, known in KNOWN.items():
            st.button(known.name, on_click=_start_with, args=(name,), key=f"start with {name}")
    layers = stack_text.parsed(st.session_state[KEY])
    rows, refused = as_far_as_possible(layers, side, channels)
    _table(layers, stack_table.table(layers, rows, refused))
    if not layers:
        st.info(
            "The table is empty. Click its last line to add a layer, or start with a stack above."
        )
    for refusal in refused:
        st.warning(str(refusal), icon=":material/block:")
    if rows:
        _what_it_sees(rows, side)


def _readable(text: str) -> str:
    """The one spelling of a stack's text; a ValueError if it is none."""
    return stack_text.spelled(stack_text.parsed(text))


def _text_of(name: str) -> str:
    known = KNOWN[name]
    return known.text or known_stacks.text_of(cached.traced(known.key))


def _start_with(name: str) -> None:
    st.session_state[KEY] = _text_of(name)


def _number(key: str, label: str, default: int) -> int:
    with url.kept(key, range(1, MOST + 1), default):
        return int(st.number_input(label, 1, MOST, step=1, key=key, width=156))


def _table(layers: tuple[Layer, ...], shown: pd.DataFrame) -> None:
    st.session_state[EDITED] = layers
    st.data_editor(
        shown,
        num_rows="dynamic",
        hide_index=True,
        height="content",
        column_config=columns.STACK,
        disabled=[name for name in shown if name not in ("layer", *stack_table.GIVEN)],
        placeholder="",
        key=TABLE,
        on_change=_take_over,
    )


def _take_over() -> None:
    """Write what was edited into the text that the next run draws the table from."""
    edits = st.session_state[TABLE]
    st.session_state[KEY] = stack_text.spelled(stack_table.edited(st.session_state[EDITED], edits))


def _what_it_sees(rows: tuple[Row, ...], side: int) -> None:
    st.markdown(stack_table.notice(rows))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("The cone of one value")
        if drawing.can_be_drawn(rows):
            st.plotly_chart(
                drawing.cells(cone(rows, side)),
                config={"displayModeBar": False},
                alt=f"Cone of one value of row {len(rows)}, down to {rows[-1].receptive_field} "
                "pixels in a line",
            )
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
