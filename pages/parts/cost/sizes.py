"""The sizes of a design decision: a slider each, kept in the address.

The decision goes before each size's name there: "inception_three".
"""

from __future__ import annotations

import streamlit as st

from analysis import amounts
from analysis.structure.costs import Decision, Setting
from pages.parts import url

_PER_ROW = 3


def main(name: str, decision: type[Decision]) -> dict[str, float]:
    """The values of the most important sizes, beside each other."""
    settings = [setting for setting in decision.settings() if setting.in_sight]
    chosen = {}
    for column, setting in zip(st.columns(_PER_ROW), settings, strict=False):
        with column:
            chosen[setting.name] = _slider(name, setting)
    return chosen


def others(name: str, decision: type[Decision]) -> dict[str, float]:
    """The values of the other sizes, behind a button."""
    settings = [setting for setting in decision.settings() if not setting.in_sight]
    if not settings:
        return {}
    with st.popover(amounts.counted(len(settings), "more size")):
        return {setting.name: _slider(name, setting) for setting in settings}


def _slider(name: str, setting: Setting) -> float:
    key, values = f"{name}_{setting.name}", setting.values
    with url.kept(key, values, setting.default, label=f"{setting.label} ({setting.stops})"):
        if isinstance(values, range):
            return st.slider(setting.label, values[0], values[-1], step=values.step, key=key)
        return st.select_slider(setting.label, values, format_func="{:g}".format, key=key)
