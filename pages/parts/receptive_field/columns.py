"""How the table of a stack and its recurrence look, together as wide as the page at 1400 pixels."""

import streamlit as st

from analysis.structure.stack import KINDS
from analysis.structure.stack_table import REMOVED, RULE


def _given(name: str, width: int, more: str) -> object:
    """A cell that may hold any number, so that the table can say which rule it breaks."""
    return st.column_config.NumberColumn(
        name, width=width, step=1, min_value=-_ANY, max_value=_ANY, help=more
    )


def _found(name: str, width: int, more: str) -> object:
    return st.column_config.NumberColumn(name, width=width, format="localized", help=more)


_ANY = 10**12
# A stack that is edited; together as wide as the page at 1400 pixels.
STACK = {
    "layer": st.column_config.SelectboxColumn(
        "layer", options=[*KINDS, REMOVED], required=True, width=108
    ),
    RULE: st.column_config.TextColumn(RULE, width=300),
    "kernel": _given("kernel", 76, "K: side of the window"),
    "stride": _given("stride", 72, "S: step of the window. Empty: 1, in a pooling its kernel"),
    "padding": _given("pad", 60, "P: padding in front, and behind if the next cell is empty"),
    "padding after": _given("after", 68, "Padding behind, where it differs"),
    "dilation": _given("dilation", 84, "D: step between the values of a window"),
    "channels": _given("channels", 94, "Channels that come out. Empty: as many as go in"),
    "groups": _given("groups", 78, "Parts into which the channels are divided"),
    "output": _found("output", 58, "Side of the map that comes out"),
    "jump": _found("jump", 48, "Step from one value's window to the next, in pixels"),
    "sees": _found("sees", 50, "Receptive field: side of the window in pixels"),
    "start": _found("start", 48, "First pixel of the first window; negative: in the padding"),
    "parameters": st.column_config.TextColumn("weights", width=66, help="Without biases"),
    "multiply-adds": st.column_config.TextColumn("multiply-adds", width=104),
}
RECURRENCE = {
    "layer": st.column_config.TextColumn("layer", pinned=True, width=176),
    "output size": st.column_config.TextColumn("output size", width=296),
    "jump": st.column_config.TextColumn("jump", width=96),
    "receptive field": st.column_config.TextColumn("receptive field", width=194),
    "start": st.column_config.TextColumn("start", width=140),
}
