"""How a network looks before and after a decision: counts, and MiB with their fraction."""

import streamlit as st

from pages.parts.columns import FACTOR

CHANGED = {
    "amount": st.column_config.TextColumn("amount", pinned=True, width=150),
    "before": st.column_config.NumberColumn("before", format="localized"),
    "after": st.column_config.NumberColumn("after", format="localized"),
    "change": st.column_config.NumberColumn("change", format="localized"),
    "×": FACTOR,
}
WHERE_CHANGED = {
    "part": st.column_config.TextColumn("part", pinned=True),
    "Δ parameters": st.column_config.NumberColumn("Δ parameters", format="localized"),
    "Δ multiply-adds": st.column_config.NumberColumn("Δ multiply-adds", format="localized"),
    "Δ memory (MiB)": st.column_config.NumberColumn("Δ MiB", format="localized"),
}
