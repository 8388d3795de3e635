"""How the table of classes is headed."""

from __future__ import annotations

import streamlit as st

CLASSES = {
    "class": st.column_config.TextColumn("Class"),
    "pictures": st.column_config.NumberColumn("Pictures", help="Held out, of this class"),
    "precision": st.column_config.NumberColumn(
        "Precision", format="%.1f%%", help="Of the answers with this name, the share that is right"
    ),
    "recall": st.column_config.NumberColumn(
        "Recall", format="%.1f%%", help="Of the pictures of this class, the share that is found"
    ),
}
