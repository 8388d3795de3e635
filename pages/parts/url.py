"""What to say when a shared address asks for something that is not there."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st


def warn_about_unknown(key: str, options: Iterable[str], most: int | None = None) -> None:
    """Say which values of the query parameter `key` are not used, and what happens instead.

    Call it before the bound widget: Streamlit drops such values from the address silently.
    """
    asked = [value for value in st.query_params.get_all(key) if value]
    known = set(options)
    unknown = [value for value in asked if value not in known]
    if unknown:
        names = ", ".join(f"`{_plain(value)}`" for value in unknown[:3])
        st.warning(
            f"The address asks for {key} {names}, which the atlas does not have. "
            "The page shows what it does have.",
            icon=":material/link_off:",
        )
    if most and len(asked) > most:
        st.warning(
            f"The address names {len(asked)} {key}; the page shows the first {most}.",
            icon=":material/link_off:",
        )


def _plain(value: str) -> str:
    """At most 40 characters that cannot be read as Markdown."""
    return "".join(c for c in value[:40] if c.isalnum() or c in "_-. ") or "?"
