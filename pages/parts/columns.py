"""How the columns of a layer table look: aligned numbers with units."""

from collections.abc import Iterable

import streamlit as st

from analysis.structure.stack import KINDS
from analysis.structure.stack_table import REMOVED, RULE

# Together as wide as the page at 1400 pixels, with short names.
LAYER_TABLE = {
    "name": st.column_config.TextColumn("layer", pinned=True, width=140),
    "kind": st.column_config.TextColumn("kind", width=120),
    "kernel": st.column_config.TextColumn("kernel", width=56),
    "stride": st.column_config.TextColumn("stride", width=52),
    "padding": st.column_config.TextColumn("padding", width=64),
    "output shape": st.column_config.TextColumn("output", width=106, help="C × H × W"),
    "parameters": st.column_config.NumberColumn("parameters", format="localized", width=88),
    "multiply-adds": st.column_config.NumberColumn("multiply-adds", format="localized", width=104),
    "memory (MiB)": st.column_config.NumberColumn("MiB", format="%.3g", width=52),
    "receptive field": st.column_config.NumberColumn("sees (px)", width=70),
    "sees": None,
}


def layer_table(names: Iterable[str]) -> dict:
    """LAYER_TABLE with a column of names as wide as these need, up to a third of the page."""
    longest = max(map(len, names))
    width = min(300, max(140, 8 * longest))
    return LAYER_TABLE | {"name": st.column_config.TextColumn("layer", pinned=True, width=width)}


# Two tables beside each other leave about 480 pixels for each.
SIDE_BY_SIDE = {
    "name": st.column_config.TextColumn("layer", pinned=True, width=125),
    "output shape": st.column_config.TextColumn("output", width=110),
    "parameters": st.column_config.NumberColumn("parameters", format="localized", width=100),
    "multiply-adds": st.column_config.NumberColumn("multiply-adds", format="localized", width=120),
    "kind": st.column_config.TextColumn("kind", width=100),
    "receptive field": st.column_config.NumberColumn("receptive field (px)", width=80),
}

_COUNTED = {
    "parameters": st.column_config.NumberColumn("parameters", format="localized"),
    "multiply-adds": st.column_config.NumberColumn("multiply-adds", format="localized"),
}
# The variants of a family: errors as printed, which are text.
FIGURES = {
    "network": st.column_config.TextColumn("network", pinned=True),
    "layers": st.column_config.NumberColumn("layers", format="localized"),
    **_COUNTED,
    "measured": st.column_config.TextColumn("measured", width="large"),
}
BLOCKS = {
    "type": st.column_config.TextColumn("type", pinned=True, width=106),
    "patch size / stride": st.column_config.TextColumn("patch/stride", width=84),
    "output size": st.column_config.TextColumn("output size", width=112, help="H × W × C"),
    "depth": st.column_config.NumberColumn("depth", width=50),
    "#1×1": st.column_config.TextColumn("#1×1", width=50),
    "#3×3 reduce": st.column_config.TextColumn("#3×3 reduce", width=88),
    "#3×3": st.column_config.TextColumn("#3×3", width=50),
    "#3×3 again reduce": st.column_config.TextColumn("#3×3 reduce", width=88),
    "#3×3 again": st.column_config.TextColumn("#3×3", width=50),
    "#5×5 reduce": st.column_config.TextColumn("#5×5 reduce", width=88),
    "#5×5": st.column_config.TextColumn("#5×5", width=50),
    "pool proj": st.column_config.TextColumn("pool proj", width=68),
    "params": st.column_config.NumberColumn("params", format="localized", width=78),
    "ops": st.column_config.NumberColumn(
        "ops", format="localized", width=90, help="multiply-adds, counted here"
    ),
}

_FACTOR = st.column_config.NumberColumn("×", format="%.3g ×", width=84)
# Together as wide as the page at 1400 pixels.
TOTALS = {
    "network": st.column_config.TextColumn("network", pinned=True, width=176),
    "parameters": st.column_config.NumberColumn("parameters", format="localized", width=92),
    "× parameters": _FACTOR,
    "multiply-adds": st.column_config.NumberColumn("multiply-adds", format="localized", width=112),
    "× multiply-adds": _FACTOR,
    "memory (MiB)": st.column_config.NumberColumn("MiB", format="%.1f", width=62),
    "× memory (MiB)": _FACTOR,
    "depth": st.column_config.NumberColumn("depth", width=56),
    "operations": st.column_config.NumberColumn("operations", width=82),
    "receptive field": st.column_config.NumberColumn("sees (px)", width=74),
}
BY_KIND = {
    "parameters": st.column_config.NumberColumn("parameters", format="localized"),
    "multiply-adds": st.column_config.NumberColumn("multiply-adds", format="localized"),
    "% of parameters": st.column_config.ProgressColumn(
        "share of parameters", format="%.1f%%", min_value=0, max_value=100
    ),
    "% of multiply-adds": st.column_config.ProgressColumn(
        "share of multiply-adds", format="%.1f%%", min_value=0, max_value=100
    ),
}

CLAIMS = {
    "claim": None,
    "verdict": st.column_config.TextColumn("verdict", pinned=True, width=196),
    "statement": st.column_config.TextColumn("claim", width=380),
    "the deck says": st.column_config.TextColumn("on the slide", width=150),
    "computed": st.column_config.TextColumn("computed", width=170),
    "reason": st.column_config.TextColumn("reason", width=520),
    "see": st.column_config.LinkColumn("shown on", width=110, display_text=r"^(\w+)"),
    "decks": st.column_config.TextColumn("deck", width=260),
}


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

# A network before and after a decision: counts, and MiB with their fraction.
CHANGED = {
    "amount": st.column_config.TextColumn("amount", pinned=True, width=150),
    "before": st.column_config.NumberColumn("before", format="localized"),
    "after": st.column_config.NumberColumn("after", format="localized"),
    "change": st.column_config.NumberColumn("change", format="localized"),
    "×": _FACTOR,
}
WHERE_CHANGED = {
    "part": st.column_config.TextColumn("part", pinned=True),
    "Δ parameters": st.column_config.NumberColumn("Δ parameters", format="localized"),
    "Δ multiply-adds": st.column_config.NumberColumn("Δ multiply-adds", format="localized"),
    "Δ memory (MiB)": st.column_config.NumberColumn("Δ MiB", format="localized"),
}
