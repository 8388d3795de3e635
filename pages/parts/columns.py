"""How the columns of a layer table look: aligned numbers with units."""

from collections.abc import Iterable

import streamlit as st

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

FACTOR = st.column_config.NumberColumn("×", format="%.3g ×", width=84)
# Together as wide as the page at 1400 pixels.
TOTALS = {
    "network": st.column_config.TextColumn("network", pinned=True, width=176),
    "parameters": st.column_config.NumberColumn("parameters", format="localized", width=92),
    "× parameters": FACTOR,
    "multiply-adds": st.column_config.NumberColumn("multiply-adds", format="localized", width=112),
    "× multiply-adds": FACTOR,
    "memory (MiB)": st.column_config.NumberColumn("MiB", format="%.1f", width=62),
    "× memory (MiB)": FACTOR,
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

# Means with their intervals, which are text.
STRATEGIES = {
    "strategy": st.column_config.TextColumn("strategy", pinned=True, width=180),
    "behind the best": st.column_config.TextColumn(width=172, alignment="right"),
    "ahead: best network": st.column_config.TextColumn(width=172, alignment="right"),
    "ahead: best 15": st.column_config.TextColumn(width=172, alignment="right"),
    "ahead: what it tries": st.column_config.TextColumn(width=184, alignment="right"),
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
