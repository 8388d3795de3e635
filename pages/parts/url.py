"""Choices that stand in the address, so that a teacher can share what is on the screen.

Streamlit's own binding would write the labels of the options into the address. Here the address
holds the options themselves (`networks=vgg16`), and what cannot be used is said, not dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import streamlit as st


@contextmanager
def kept(key: str, options: Iterable[object], default: object, most: int = 1) -> Iterator[None]:
    """Draw one widget with this `key` inside; its value then stands in the address.

    The value comes from the address where that says something new, else from the widget, else
    from this session's last visit to it, else it is `default`: one option, or with `most` above 1
    a list of them. Values in the address that are no options are named in a warning.
    """
    known = {str(option): option for option in options}
    asked = _asked(key)
    texts = asked if asked is not None else _remembered(key)
    values = [known[text] for text in texts or [] if text in known][:most]
    if texts is None or (texts and not values) or (most == 1 and not values):
        st.session_state[key] = default
    else:
        st.session_state[key] = values if most > 1 else values[0]
    yield
    _write(key, st.session_state[key])
    _warn_about_unknown(key, asked or [], known, most)


def asked_for(key: str, options: Sequence[str]) -> str | None:
    """The option that the address names, for what is no widget with a value of its own."""
    asked = _asked(key) or []
    _warn_about_unknown(key, asked, {option: option for option in options}, most=1)
    return next((text for text in st.query_params.get_all(key) if text in options), None)


def note(key: str, value: str | None) -> None:
    """Write a choice into the address, or take it out."""
    st.session_state[_memory(key)] = [value]
    if value is not None:
        st.query_params[key] = value
    elif key in st.query_params:
        del st.query_params[key]


def _asked(key: str) -> list[str] | None:
    """What the address says, if it is not what this session wrote there itself."""
    texts = st.query_params.get_all(key)
    if not texts or texts == st.session_state.get(_memory(key)):
        return None
    return [text for text in texts if text]


def _remembered(key: str) -> list[str] | None:
    """What the widget holds, or held when it was last on the screen."""
    if key in st.session_state:
        return _texts(st.session_state[key])
    written: list[str] | None = st.session_state.get(_memory(key))
    return written if written is None else [text for text in written if text]


def _write(key: str, value: object) -> None:
    written = _texts(value) or [""]
    st.session_state[_memory(key)] = written
    if st.query_params.get_all(key) != written:
        st.query_params[key] = written


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in (value if isinstance(value, list) else [value])]


def _memory(key: str) -> str:
    return f"in the address: {key}"


def _warn_about_unknown(
    key: str, texts: Sequence[str], known: Mapping[str, object], most: int
) -> None:
    unknown = [text for text in texts if text not in known]
    if unknown:
        names = ", ".join(f"`{_plain(text)}`" for text in unknown[:3])
        st.warning(
            f"The address asks for {key} {names}, which this page does not have. "
            "It shows what it does have.",
            icon=":material/link_off:",
        )
    elif len(texts) > most:
        st.warning(
            f"The address names {len(texts)} {key}; the page shows the first {most}.",
            icon=":material/link_off:",
        )


def _plain(text: str) -> str:
    """At most 40 characters that cannot be read as Markdown."""
    return "".join(c for c in text[:40] if c.isalnum() or c in "_-. ") or "?"
