"""The sizes of a design decision: a slider each, kept in the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from analysis import amounts
from analysis.structure.costs import Decision, Setting
from pages.parts import url

_PER_ROW = 3


def choose(name: str, decision: type[Decision]) -> dict[str, float]:
    """The value of each size; the most important ones in sight, the others behind a button.

    `name` goes before each size's name in the address: "inception_three".
    """
    settings = decision.settings()
    chosen = _beside([setting for setting in settings if setting.in_sight], name)
    hidden = [setting for setting in settings if not setting.in_sight]
    if hidden:
        with st.popover(amounts.counted(len(hidden), "more size")):
            for setting in hidden:
                chosen[setting.name] = _slider(name, setting)
    return chosen


def _beside(settings: Sequence[Setting], name: str) -> dict[str, float]:
    chosen = {}
    for column, setting in zip(st.columns(_PER_ROW), settings, strict=False):
        with column:
            chosen[setting.name] = _slider(name, setting)
    return chosen


def _slider(name: str, setting: Setting) -> float:
    key, values = f"{name}_{setting.name}", setting.values
    with url.kept(key, values, setting.default, label=f"{setting.label} ({_bounds(setting)})"):
        if isinstance(values, range):
            return st.slider(setting.label, values[0], values[-1], step=values.step, key=key)
        return st.select_slider(setting.label, values, format_func="{:g}".format, key=key)


def _bounds(setting: Setting) -> str:
    step = setting.values.step if isinstance(setting.values, range) else 1
    return setting.bounds + (f", in steps of {step}" if step > 1 else "")
