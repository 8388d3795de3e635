"""The settings of the methods: only those that the chosen methods take are drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from analysis.vision.attribution import BASELINES
from analysis.vision.maps.layers import spatial_layers
from analysis.vision.maps.settings import Settings
from analysis.vision.voices import Voice
from pages.parts import focus, segments, url

_LAST = "last"
_OWN = "own"
_STEPS = (8, 16, 32, 64, 128, 256)
_SAMPLES = (_OWN, 8, 16, 32, 64, 128, 256, 512, 1024)
_NOISE = range(5, 51, 5)  # percent
_WINDOWS = (4, 7, 14, 28)
_STRIDES = (1, 2, 4)
_PIECES = (16, 25, 49, 100, 196)
_SEEDS = range(1000)
_REGIONS = {"superpixels": "Superpixels", "squares": "A grid of squares"}


@st.cache_data(max_entries=200, show_spinner="Looking for the layers …")
def _layers(key: str, input_shape: tuple[int, ...]) -> tuple[str, ...]:
    return spatial_layers(key, input_shape)


def draw(speakers: Sequence[Voice], fields: Collection[str]) -> Settings:
    """Draw a widget for each of the fields of `Options`, two in a row."""
    widgets = [widget for name, widget in _WIDGETS.items() if name in fields]
    chosen: dict[str, Any] = {}
    columns = st.columns(2)
    for at, widget in enumerate(widgets):
        with columns[at % 2]:
            chosen |= widget()
    if "layer" in fields:
        chosen["layers"] = _layer_choices(speakers)
    return Settings(**chosen)


def _layer_choices(speakers: Sequence[Voice]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for column, speaker in zip(st.columns(len(speakers)), speakers, strict=True):
        key = f"cam-{speaker.key}"
        options = [_LAST, *_layers(speaker.key, speaker.input_shape)]
        with column, url.kept(key, options, _LAST, label="the layer"):
            layer = st.selectbox(
                f"Layer of {focus.display_name(speaker.key)} for CAM",
                options,
                format_func=lambda name: "the last that is a map" if name == _LAST else name,
                key=key,
            )
        if layer != _LAST:
            found[speaker.key] = str(layer)
    return found


def _baseline() -> dict[str, Any]:
    with url.kept("baseline", BASELINES, "zero"):
        chosen = st.selectbox(
            "Compared with",
            list(BASELINES),
            format_func=lambda name: BASELINES[name].label,
            key="baseline",
        )
    st.caption(f"{BASELINES[chosen].sentence[:1].upper()}{BASELINES[chosen].sentence[1:]}.")
    return {"baseline": chosen}


def _steps() -> dict[str, Any]:
    return {"steps": _slider("steps", "Steps from there to the picture", _STEPS, 32)}


def _samples() -> dict[str, Any]:
    def said(value: object) -> str:
        return "each method's own" if value == _OWN else str(value)

    chosen = _slider("samples", "Samples", _SAMPLES, _OWN, said)
    return {"samples": None if chosen == _OWN else chosen}


def _noise() -> dict[str, Any]:
    with url.kept("noise", _NOISE, 15):
        percent = st.slider(
            "Noise, in % of the picture's range",
            _NOISE[0],
            _NOISE[-1],
            step=_NOISE.step,
            key="noise",
        )
    return {"noise": percent / 100}


def _window() -> dict[str, Any]:
    def said(parts: object) -> str:
        return f"1/{parts} of the side"

    return {"windows": _slider("window", "Square that covers", _WINDOWS, 7, said)}


def _stride() -> dict[str, Any]:
    words = {1: "its own width", 2: "half of its width", 4: "a quarter of its width"}
    return {"strides": _slider("stride", "It moves by", _STRIDES, 2, words.__getitem__)}


def _pieces() -> dict[str, Any]:
    return {"pieces": _slider("pieces", "Pieces of the picture, about", _PIECES, 49)}


def _regions() -> dict[str, Any]:
    shape = segments.choose("regions", _REGIONS, "superpixels", "Cut into", hidden=False)
    return {"superpixels": shape == "superpixels"}


def _seed() -> dict[str, Any]:
    with url.kept("seed", _SEEDS, 0):
        seed = st.number_input("Seed", _SEEDS[0], _SEEDS[-1], key="seed")
    return {"seed": int(seed)}


def _slider(
    key: str,
    label: str,
    options: Sequence[object],
    default: object,
    said: Callable[[Any], str] = str,
) -> Any:
    with url.kept(key, options, default):
        return st.select_slider(label, options, format_func=said, key=key)


_WIDGETS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "baseline": _baseline,
    "steps": _steps,
    "samples": _samples,
    "noise": _noise,
    "window": _window,
    "stride": _stride,
    "pieces": _pieces,
    "superpixels": _regions,
    "seed": _seed,
}
