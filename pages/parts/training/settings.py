"""The choices that make a run, each kept in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import streamlit as st

from analysis.charts.names import short_names
from analysis.experiments import lab
from analysis.experiments.augment import OFFERED, USUAL
from analysis.experiments.runs import FOLDER, Run
from analysis.experiments.sources import SOURCES
from analysis.experiments.training import Schedule, TrainingConfig
from analysis.vision.device import best_device
from pages.parts import focus, url

SIDES = (16, 32, 64)  # pixels
MOST_IMAGES, MOST_EPOCHS, MOST_BATCH = 20_000, 100, 512
RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)
_SCHEDULES = {
    "cosine": "half a cosine",
    "steps": "a tenth at half, a hundredth at three quarters",
    "constant": "stays",
}


def choose(keys: Sequence[str]) -> list[Run]:
    """Draw the choices and return a run for each network."""
    fitting = "digits" if all(lab.channels(key) == 1 for key in keys) else "shapes"
    most = SOURCES[fitting].most or MOST_IMAGES
    titles = {name: one.title for name, one in SOURCES.items()} | {FOLDER: "Your own pictures"}
    data, images, epochs, rate = st.columns(4)
    with data, url.kept("data", titles, fitting, label="the data"):
        source = st.selectbox("Data", list(titles), format_func=titles.__getitem__, key="data")
    with images:
        all_are = source == FOLDER  # of one's own pictures, all are used
        train = _number(
            "learned", "Images to learn from", min(2000, most), 10, MOST_IMAGES, is_fixed=all_are
        )
    with epochs:
        times = _number("epochs", "Epochs", 6, 1, MOST_EPOCHS)
    with rate, url.kept("rate", RATES, 0.05, label="a learning rate of"):
        highest = st.select_slider("Learning rate", RATES, key="rate")
    with st.expander("More settings", icon=":material/tune:"):
        side, test, config, vary = _more(times, float(highest))
    names = short_names([focus.display_name(key) for key in keys])
    return [
        Run(
            key,
            str(source),
            side,
            train,
            test,
            config,
            label=names[focus.display_name(key)],
            augment="" if vary == USUAL else vary,
        )
        for key in keys
    ]


def _more(epochs: int, rate: float) -> tuple[int, int, TrainingConfig, str]:
    one, two, three, four = st.columns(4)
    with one:
        with url.kept("pixels", SIDES, 32, label="a side of"):
            side = st.selectbox("Side of an image, pixels", SIDES, key="pixels")
        test = _number("unseen", "Unseen images", 500, 10, 5000)
    with two:
        batch = _number("batch", "Images in a step", 32, 1, MOST_BATCH)
        seed = _number("start", "Seed", 0, 0, 9999)
        half = _mixed_precision()
    with three:
        with url.kept("decay", (0.0, 0.0001, 0.0005, 0.001, 0.01), 0.0005, label="a decay of"):
            decay = st.select_slider(
                "Weight decay", (0.0, 0.0001, 0.0005, 0.001, 0.01), key="decay"
            )
        with url.kept("momentum", (0.0, 0.5, 0.9, 0.99), 0.9, label="a momentum of"):
            momentum = st.select_slider("Momentum", (0.0, 0.5, 0.9, 0.99), key="momentum")
    with four:
        vary = _augmentation()
        with url.kept("schedule", _SCHEDULES, "cosine", label="the schedule"):
            schedule = st.selectbox(
                "After the warm-up the rate",
                list(_SCHEDULES),
                format_func=_SCHEDULES.__getitem__,
                key="schedule",
            )
        with url.kept("warmup", (0.0, 0.5, 1.0, 2.0), 0.5, label="a warm-up of"):
            warmup = st.select_slider("Warm-up, epochs", (0.0, 0.5, 1.0, 2.0), key="warmup")
        with url.kept("smoothing", (0.0, 0.05, 0.1, 0.2), 0.0, label="a smoothing of"):
            smoothing = st.select_slider("Label smoothing", (0.0, 0.05, 0.1, 0.2), key="smoothing")
    config = TrainingConfig(
        epochs=epochs,
        batch_size=batch,
        learning_rate=rate,
        momentum=float(momentum),
        weight_decay=float(decay),
        warmup=float(warmup),
        schedule=next(name for name in get_args(Schedule) if name == schedule),
        label_smoothing=float(smoothing),
        mixed_precision=half,
        seed=seed,
    )
    return int(side or 32), test, config, vary


def _mixed_precision() -> bool:
    """Offered where it is faster: a processor computes bfloat16 more slowly than float32."""
    if best_device().type != "cuda":
        return False
    with url.kept("half", [True, False], False, label="mixed precision"):
        return st.toggle("bfloat16 in layers that bear it", key="half")


def _augmentation() -> str:
    with url.kept("augment", OFFERED, USUAL, label="the augmentation"):
        return str(
            st.selectbox(
                "Augmentation", list(OFFERED), format_func=OFFERED.__getitem__, key="augment"
            )
        )


def _number(
    key: str, label: str, default: int, least: int, most: int, *, is_fixed: bool = False
) -> int:
    with url.kept(key, range(least, most + 1), default, label=f"{label.lower()}:"):
        return int(st.number_input(label, least, most, key=key, disabled=is_fixed))
