"""How the columns of the landscape's tables look."""

import streamlit as st

# Together as wide as the page at 1400 pixels.
MEASURED = {
    "network": st.column_config.TextColumn("network", pinned=True, width=120),
    "multiply-adds": st.column_config.NumberColumn("multiply-adds", format="localized", width=106),
    "median (ms)": st.column_config.NumberColumn("median ms", format="%.2f", width=80),
    "first quartile (ms)": st.column_config.NumberColumn("quartile 1", format="%.2f", width=76),
    "third quartile (ms)": st.column_config.NumberColumn("quartile 3", format="%.2f", width=76),
    "images a second": st.column_config.NumberColumn("images/s", format="%.1f", width=70),
    "10⁹ multiply-adds a second": st.column_config.NumberColumn(
        "10⁹/s", format="%.1f", width=58, help="multiply-adds a second, in 10⁹"
    ),
    "batch": st.column_config.NumberColumn("batch", width=50),
    "runs": st.column_config.NumberColumn("passes", width=58),
    "warm-up runs": st.column_config.NumberColumn("warm-up", width=68),
    "device": st.column_config.TextColumn("device", width=82),
    "threads": st.column_config.NumberColumn("threads", width=62),
}

ENTRIES = {
    "year": st.column_config.NumberColumn("year", format="%d", width=52),
    "entry": st.column_config.TextColumn("entry", width=96),
    "answered by": st.column_config.TextColumn("answered by", width=124),
    "test top-5 error (%)": st.column_config.NumberColumn("test error", format="%g%%", width=80),
    "one network": st.column_config.TextColumn("one network", width=100),
    "its top-5 error (%)": st.column_config.NumberColumn("its error", format="%g%%", width=72),
    "protocol": st.column_config.TextColumn("protocol", width=300),
    "source": st.column_config.TextColumn("source", width=80),
}
