"""A download with a bar. What the user clicks meanwhile ends it, and the next one resumes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from analysis.amounts import mebibytes


def with_bar(
    fetch: Callable[[Callable[[int, int | None], None]], object],
    refusals: tuple[type[Exception], ...],
) -> None:
    """Call `fetch` with what it tells its progress; then start the page anew, or say why not."""
    bar = st.progress(0.0, "Asking the owner …")

    def progress(done: int, total: int | None) -> None:
        if total:
            bar.progress(min(1.0, done / total), f"{mebibytes(done)} of {mebibytes(total)}")
        else:
            bar.progress(0.0, f"{mebibytes(done)} so far")

    try:
        fetch(progress)
    except refusals as refusal:
        bar.empty()
        st.warning(str(refusal).replace("\n", "  \n"), icon=":material/cloud_off:")
    else:
        st.rerun()
