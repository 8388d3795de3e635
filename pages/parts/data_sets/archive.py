"""Data sets that the user's machine has to fetch before anything can be learned from them."""

from __future__ import annotations

import streamlit as st

from analysis.experiments import cifar
from analysis.experiments.cifar import DataUnavailable
from analysis.experiments.sources import Source
from pages.parts import fetching


def is_here(source: Source) -> bool:
    """Whether a data set can be drawn at once; where not, draw a button that fetches it."""
    archive = source.archive
    if archive is None or source.is_here:
        return True
    with st.container(border=True):
        st.markdown(
            f"{source.title} comes from its owner, [{archive.url}]({archive.url}), and is checked "
            "by its SHA-256."
        )
        label = f"Fetch {source.title} ({archive.mebibytes} MiB)"
        if st.button(label, icon=":material/download:", key=f"fetch {source.name}"):
            fetching.with_bar(lambda report: cifar.fetch(archive, report), (DataUnavailable,))
    return False
