"""How long the networks in focus take on this machine, measured when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import cnn_models
from analysis.amounts import listed
from analysis.charts import slopes
from analysis.vision import latency, orders
from analysis.vision.timing import PLAN
from pages.parts import cached, focus, url
from pages.parts.landscape import columns

# Networks with about as many multiply-adds or fewer that take longer on most processors.
EXAMPLE = ["efficientnet_b0", "resnet18", "densenet121", "alexnet"]


@st.cache_resource(max_entries=1, show_spinner=False)
def bench() -> latency.Bench:
    """The one bench of this server: it measures for one session at a time."""
    return latency.Bench()


def draw() -> None:
    """The batch, the button, and what was measured so far."""
    keys = focus.current(titled=True)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        batch = _batch()
        trials = [latency.Trial(key, batch) for key in keys]
        pressed = st.button("Measure", key="measure", type="primary", icon=":material/timer:")
    st.caption(
        f"{PLAN.warm_up} passes to warm up, then {PLAN.least} to {PLAN.most} that count, in about "
        f"{PLAN.budget:g} seconds a network; the networks take turns. Weights and images are "
        "random: a trained network takes as long."
    )
    if pressed:
        _measure(trials)
    timings = [timing for trial in trials if (timing := bench().known(trial)) is not None]
    if timings:
        _show([orders.run_of(timing) for timing in timings])
    _offer_example(keys)


def _batch() -> int:
    with url.kept("together", latency.BATCHES, 1, label="a batch of"):
        chosen = st.segmented_control(
            "Images at once", list(latency.BATCHES), required=True, key="together"
        )
    return int(chosen or 1)


def _measure(trials: Sequence[latency.Trial]) -> None:
    fitting = [trial for trial in trials if _fits(trial)]
    if not fitting:
        return
    names = listed([focus.display_name(trial.key) for trial in fitting])
    bar = st.progress(0.0, f"Building {names} …")

    def progress(done: float) -> None:
        bar.progress(done, f"Measuring {names} …")

    try:
        bench().measure(fitting, progress)
    except latency.Busy as refusal:
        st.warning(str(refusal), icon=":material/hourglass:")
    bar.empty()


def _fits(trial: latency.Trial) -> bool:
    try:
        latency.refuse_too_big(trial, cached.traced(trial.key), latency.free_bytes())
    except latency.TooBig as refusal:
        st.warning(str(refusal), icon=":material/block:")
        return False
    return True


def _show(runs: Sequence[orders.Run]) -> None:
    if len(runs) > 1:
        families = [cnn_models.spec(run.timing.trial.key).family for run in runs]
        st.plotly_chart(
            slopes.slopes(runs, families),
            config={"displayModeBar": False},
            alt=f"Order of {listed([run.name for run in runs])} by multiply-adds and by time",
        )
    for sentence in orders.notice(runs):
        st.markdown(sentence)
    for note in dict.fromkeys(run.timing.note for run in runs if run.timing.note):
        st.caption(note)
    table = orders.table(runs)
    st.dataframe(table, hide_index=True, column_config=columns.MEASURED)
    st.download_button("Measurements as CSV", table.to_csv(index=False), "times.csv", "text/csv")


def _offer_example(keys: Sequence[str]) -> None:
    if list(keys) != EXAMPLE:
        names = listed([focus.display_name(key) for key in EXAMPLE])
        focus.offer(f"Measure {names} instead", EXAMPLE, ":material/swap_vert:")
