"""One of a few named things, as buttons side by side, kept in the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.parts import url


def choose(
    key: str,
    labels: Mapping[str, str],
    default: str,
    label: str,
    *,
    hidden: bool = True,
    asked: str = "",
) -> str:
    """Draw the buttons and return the key of `labels` that is chosen.

    `label` names the choice for a screen reader, and in sight unless it is `hidden`. `asked` is
    what a warning calls a value of the address that is none of these; `key` if it is empty.
    """
    with url.kept(key, labels, default, label=asked):
        chosen = st.segmented_control(
            label,
            list(labels),
            required=True,
            format_func=labels.__getitem__,
            key=key,
            label_visibility="collapsed" if hidden else "visible",
        )
    return str(chosen)
