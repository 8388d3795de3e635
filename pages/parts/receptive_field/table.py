"""The table in which a stack is edited; the stack is one text, kept in the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis.structure import known_stacks, stack_table, stack_text
from analysis.structure.known_stacks import KNOWN
from analysis.structure.stack import CONVOLUTION, Impossible, Layer, Row
from analysis.structure.stack_rules import MOST_LAYERS
from pages.parts import cached, url
from pages.parts.receptive_field import columns
from pages.parts.spelled import Spelled

_KEY = "stack"
_FIRST = "alexnet"
_DRAWN = "stack as the table was drawn"
_TYPED = "stack as it was last typed"
_TABLES = "tables of stacks so far"


def layers() -> tuple[Layer, ...]:
    """The layers that the address, the table or a button has given."""
    with url.kept(_KEY, Spelled(_readable), _text_of(_FIRST), label="the stack"):
        pass  # what is typed in a table is no value that an address could hold
    return stack_text.parsed(st.session_state[_KEY])


def starts() -> None:
    """A button for each known stack."""
    for name, known in KNOWN.items():
        st.button(known.name, on_click=_replace, args=(_text_of(name),), key=f"start with {name}")


def draw(layers: Sequence[Layer], rows: Sequence[Row], refused: Sequence[Impossible]) -> None:
    """The table keeps what is typed in it while its numbers follow, until the stack is replaced."""
    text = st.session_state[_KEY]
    if st.session_state.get(_TYPED) != text:  # by a button, the address or the browser
        st.session_state[_TYPED] = text
        st.session_state[_TABLES] = st.session_state.get(_TABLES, 0) + 1
    st.session_state[_DRAWN] = layers
    key = f"table of the stack {st.session_state[_TABLES]}"
    shown = stack_table.table(layers, rows, refused)
    if layers:
        st.data_editor(
            shown,
            hide_index=True,
            height="content",
            column_config=columns.STACK,
            disabled=[name for name in shown if name not in ("layer", *stack_table.GIVEN)],
            placeholder="",
            key=key,
            on_change=_take_over,
            args=(key,),
        )
    else:
        st.info("The table is empty. Add a layer, or start with one of the stacks above.")
    _buttons(layers)


def _buttons(layers: Sequence[Layer]) -> None:
    """A row more or less; a new one is like the last."""
    last = layers[-1:] or [Layer(CONVOLUTION, 3)]
    longer, shorter = stack_text.spelled([*layers, *last]), stack_text.spelled(layers[:-1])
    with st.container(horizontal=True):
        st.button(
            "Add a layer",
            icon=":material/add:",
            on_click=_replace,
            args=(longer,),
            disabled=len(layers) >= MOST_LAYERS,
        )
        st.button(
            "Remove the last",
            icon=":material/remove:",
            on_click=_replace,
            args=(shorter,),
            disabled=not layers,
        )


def _replace(text: str) -> None:
    st.session_state[_KEY] = text


def _take_over(key: str) -> None:
    """Write what was typed into the text that the next run draws the table from."""
    url.clicked()
    drawn = st.session_state[_DRAWN]
    layers = stack_table.edited(drawn, st.session_state[key]["edited_rows"])
    text = st.session_state[_KEY] = stack_text.spelled(layers)
    if len(layers) == len(drawn):  # else another table has to be drawn
        st.session_state[_TYPED] = text


def _readable(text: str) -> str:
    """The one spelling of a stack's text; a ValueError if it is none."""
    return stack_text.spelled(stack_text.parsed(text))


def _text_of(name: str) -> str:
    known = KNOWN[name]
    return known.text or known_stacks.text_of(cached.traced(known.key))
