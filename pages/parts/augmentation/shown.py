"""The pictures that an augmentation makes, with what to notice and what the lectures say."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analysis.charts import crop_windows
from analysis.charts.wall import wall
from analysis.experiments.augmented import different, notices, ways
from analysis.experiments.augmented.counting import Sizes
from analysis.experiments.augmented.making import Made
from analysis.progress import Report
from pages.parts import looking
from pages.parts.work import result


def draw(name: str, frame: np.ndarray, sizes: Sizes, seed: int) -> None:
    """Draw the pictures made of `frame`, and the sentences below them."""
    way = ways.WAYS[name]
    made = way.make(frame, sizes, seed)
    count = way.count(sizes).number
    shown = len(made.pictures)
    of_all = f"{shown} of {count:,}" if count and count > shown else f"{shown}"
    first = "; the first is the picture as it was" if made.first_is_whole else ""
    said = f"{way.label}: {of_all} pictures, each {_size(made)} pixels{first}"
    st.image(wall(made.pictures, made.columns), caption=said, width="stretch", alt=said)
    st.markdown(_notice(name, frame, sizes, made))
    if made.windows:
        st.image(
            crop_windows.drawn(frame, made.windows),
            caption="Where they are cut out; the mirror images have the same windows",
            width=320,
            alt=f"The picture with {len(made.windows) // 2} frames where windows are cut out",
        )


def _size(made: Made) -> str:
    height, width = made.pictures.shape[1:3]
    return f"{width} × {height}"


def _notice(name: str, frame: np.ndarray, sizes: Sizes, made: Made) -> str:
    if name == "flip":
        return notices.of_flip(made)
    if name == "crop":
        return notices.of_crop(sizes, _different(frame, sizes))
    if name == "ten":
        return notices.of_ten(sizes)
    if name == "colour":
        return notices.of_colour(frame, made)
    if name == "cutout":
        return notices.of_cutout(sizes, made)
    return notices.of_together(sizes)


def _different(frame: np.ndarray, sizes: Sizes) -> int | None:
    """How many of the windows differ; kept under the picture's digest, not the picture."""

    def work(report: Report) -> int:
        return different.different(frame, sizes.window, report)

    question = ("different windows", looking.digest_of_pixels(frame), sizes.window)
    return result(question, "Comparing the windows", work)


def lectures(name: str) -> None:
    """What the lectures say of this way, what becomes of it, and where that is worked out."""
    found = notices.of_claim(name)
    if found is None:
        return
    said, check = found
    with st.container(border=True):
        st.markdown(said)
        st.page_link(
            "pages/lecture_check.py",
            label="All claims of the lectures",
            icon=":material/fact_check:",
            query_params={"topic": check.claim.topic},
        )
