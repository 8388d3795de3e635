"""Slow results: a progress bar and a way to stop after half a second, an answer kept for all.

Not inside a fragment: there, a click on Stop would wait until the work is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitDuplicateElementKey

from analysis.progress import Report
from pages.parts.answers import Answers

Result = TypeVar("Result")

_MOST_BYTES = 256 * 2**20
_STOPPED = "work that was stopped"  # in the session: names, the latest last
_MOST_STOPPED = 20
_QUIET = 0.5  # seconds before the bar appears
_PACE = 0.1  # seconds between two movements of it


@st.cache_resource(max_entries=1, show_spinner=False)
def _answers() -> Answers:
    return Answers(_MOST_BYTES)


def result(name: Hashable, label: str, work: Callable[[Report], Result]) -> Result | None:
    """What `work` gives, kept under `name` for all sessions; None if the user stopped it.

    `name` must say everything that the result depends on; `label` is what the bar says. What the
    work raises is raised here.
    """
    answers = _answers()
    with suppress(KeyError):  # not asked first: what is kept can go between two questions
        return answers.get(name)
    place = st.empty()  # one for the bar and for the offer, so that the one replaces the other
    if name in _stopped():
        return _offer_again(place, name, label)
    bar = _Bar(place, name, label)
    try:
        return answers.compute(name, lambda: work(bar.report), bar.wait)
    finally:
        bar.clear()


class _Bar:
    """A progress bar with a button, drawn in one reserved place once the work proves slow."""

    def __init__(self, place: DeltaGenerator, name: Hashable, label: str) -> None:
        self._place, self._name, self._label = place, name, label
        self._drawn = None
        self._next = time.monotonic() + _QUIET

    def report(self, done: int, total: int) -> None:
        self._move(done / total if total else 0.0, f"{self._label}: {done:,} of {total:,}")

    def wait(self) -> None:
        self._move(0.0, f"{self._label}: another session is at it")

    def clear(self) -> None:
        self._place.empty()

    def _move(self, share: float, text: str) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _PACE
        if self._drawn is None:
            with self._place.container():
                self._drawn = st.empty()
                _button("Stop", f"stop {self._name}", _stop, self._name)
        self._drawn.progress(min(max(share, 0.0), 1.0), text)  # ends the run here if it must


def _stopped() -> list[Hashable]:
    return st.session_state.setdefault(_STOPPED, [])


def _stop(name: Hashable) -> None:
    st.session_state[_STOPPED] = [*_stopped(), name][-_MOST_STOPPED:]


def _resume(name: Hashable) -> None:
    st.session_state[_STOPPED] = [other for other in _stopped() if other != name]


def _offer_again(place: DeltaGenerator, name: Hashable, label: str) -> None:
    with place.container():
        st.caption(f"{label}: stopped.")
        _button("Start again", f"again {name}", _resume, name)


def _button(label: str, key: str, act: Callable[[Hashable], None], name: Hashable) -> None:
    """A button, drawn once where a page asks for the same twice, as for two equal pictures."""
    with suppress(StreamlitDuplicateElementKey):
        st.button(label, key=key, on_click=act, args=(name,))
