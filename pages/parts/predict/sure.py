"""How sure the networks are, what a temperature changes, and whether they are right as often."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from PIL import Image

from analysis.charts import average as chart
from analysis.charts import reliability as diagram
from analysis.vision import prediction
from analysis.vision.predicting import calibration, judged
from analysis.vision.shape_batch import knows_shapes
from analysis.vision.voices import Voice
from pages.parts import focus, pictures, url
from pages.parts.predict import asking, offers

_TEMPERATURES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0)


def draw(speakers: Sequence[Voice]) -> None:
    """Draw the temperature, what it does to one picture, and the calibration on Shapes."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        image = pictures.choose(speakers[0])
    with right:
        temperature = _temperature()
        asking.say_who_speak(speakers)
        if image is not None:
            _one_picture(speakers, image, temperature)
    st.subheader("Are they right as often as they are sure?")
    able = [speaker for speaker in speakers if knows_shapes(speaker)]
    if not able:
        offers.shapes("This can be counted only where the truth is known, as on Shapes.")
        return
    count, seed = asking.choose_shapes()
    for start in range(0, len(able), 2):
        pair = able[start : start + 2]
        for place, speaker in zip(st.columns(2, gap="large"), pair, strict=False):
            with place:
                _on_shapes(speaker, count, seed, temperature)
    st.caption(
        f"Images 0 to {count - 1} of the test split of Shapes, seed {seed}. A bar's number is how "
        "many images are in it. Reliability diagram, calibration error with "
        f"{calibration.BINS} bins and temperature scaling: Guo et al. 2017. T is fitted on the "
        "same images on which it is shown."
    )


def _temperature() -> float:
    with url.kept("temperature", _TEMPERATURES, 0.5, label="the temperature"):
        chosen = st.select_slider(
            "Temperature T: the scores are divided by it before the softmax",
            _TEMPERATURES,
            key="temperature",
        )
    return float(chosen)


def _one_picture(speakers: Sequence[Voice], image: Image.Image, temperature: float) -> None:
    for start in range(0, len(speakers), 2):
        pair = speakers[start : start + 2]
        for place, speaker in zip(st.columns(len(pair), gap="large"), pair, strict=True):
            with place:
                _answer(speaker, image, temperature)


def _answer(speaker: Voice, image: Image.Image, temperature: float) -> None:
    st.markdown(f"#### {focus.display_name(speaker.key)}")
    heard = asking.hear(speaker, image)
    if not heard:
        return
    shares = calibration.softened(heard.scores, temperature)
    rows = prediction.top_k(shares, speaker.classes)
    before = heard.shares[[row.index for row in rows]]
    st.plotly_chart(
        chart.bars_with_dots(
            rows, f"T = {temperature:g}", [chart.Dots("T = 1", before, heard.colour)], heard.colour
        ),
        config={"displayModeBar": False},
        key=f"temperature of {speaker.key}",
        alt=f"Probabilities of {heard.name} at temperature 1 and {temperature:g}",
    )
    st.markdown(calibration.changed(rows[0].name, before[0], rows[0].probability, temperature))


def _on_shapes(speaker: Voice, count: int, seed: int, temperature: float) -> None:
    name = focus.display_name(speaker.key)
    found = asking.judge(speaker, count, seed)
    if not found:
        return
    plain, chosen = (_reliability(found, value) for value in (1.0, temperature))
    best = calibration.best_temperature(found.scores, found.labels)
    st.markdown(f"#### {name}")
    st.plotly_chart(
        diagram.diagram(plain, chosen, temperature, asking.colour(speaker)),
        config={"displayModeBar": False},
        key=f"reliability of {speaker.key}",
        alt=f"Reliability diagram of {name}: how often it is right against how sure it is",
    )
    st.markdown(calibration.notice(name, plain))
    st.markdown(calibration.repaired(plain, _reliability(found, best), best))
    if temperature != 1:
        st.markdown(calibration.at_the_chosen(chosen, temperature))


def _reliability(found: judged.Judged, temperature: float) -> calibration.Reliability:
    shares = calibration.softened(found.scores, temperature)
    return calibration.reliability(shares, found.labels)
