"""A controller at work on the recorded rewards, step by step."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import percent
from analysis.charts import search as charts
from analysis.experiments.records import Record
from analysis.experiments.search import trail
from analysis.experiments.search.tabulated import Tabulated
from analysis.experiments.search.watched import Seen, watched
from cnn_models.families.searched import key_of
from pages.parts import focus, url
from pages.parts.search import found, tabled

BUDGET = 300  # networks that are tried
_SEEDS = range(1000)


@st.cache_data(
    max_entries=20,
    show_spinner="The controller tries networks …",
    hash_funcs={Tabulated: lambda _: ""},
)
def searched(known: Tabulated, seed: int) -> tuple[Seen, ...]:
    """One search by a controller, on the recorded rewards."""
    return tuple(watched("reinforce", seed, known.oracle(seed), BUDGET))


def draw() -> None:
    """Draw the choices, the rewards, what the controller thinks, and the network that it drew."""
    there = tabled.networks()
    if there is None:
        return
    known, record = there
    seed, step = _choices()
    seen = searched(known, seed)
    st.plotly_chart(
        charts.rewards(seen, BUDGET, step - 1),
        config={"displayModeBar": False},
        key="rewards of the controller",
        alt=f"Rewards of {BUDGET} networks in turn, with the controller's baseline",
    )
    st.markdown(trail.learned_in_words(seen))
    _step(seen, step)
    _origin(record)


def _choices() -> tuple[int, int]:
    left, right = st.columns([1, 4], gap="medium")
    with left, url.kept("draws", _SEEDS, 0, label="the seed of the search"):
        seed = st.number_input("Seed", _SEEDS[0], _SEEDS[-1], key="draws")
    with right, url.kept("tried", range(1, BUDGET + 1), BUDGET, label="the number of the network"):
        step = st.slider("Network that is shown", 1, BUDGET, key="tried")
    return int(seed), int(step)


def _step(seen: tuple[Seen, ...], step: int) -> None:
    one = seen[step - 1]
    st.subheader(f"Network {step}: what the controller thought, and what it drew")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.plotly_chart(
            charts.chances(one),
            config={"displayModeBar": False},
            key="chances at each decision",
            alt=f"Chance of each option at each decision when network {step} was drawn",
        )
        st.subheader(f"The best of the first {step}")
        st.markdown(trail.best_in_words(seen[:step]))
        found.ways_on(seen[trail.best(seen[:step])].number)
    with right:
        st.markdown(f"**Network {step}: {focus.display_name(key_of(one.number))}**")
        against = "" if one.baseline is None else f", baseline {percent(one.baseline)}"
        st.markdown(f"Reward **{percent(one.reward)}**{against}. {trail.in_words(one.number)}.")
        found.drawing(one.number)


def _origin(record: Record) -> None:
    st.caption(
        "After Zoph and Le (ICLR 2017): an LSTM draws each decision in turn, and what it drew is "
        "its next input. The reward is the accuracy on held-out digits that one training of the "
        f"network reached, so that no network has to be trained now. {record.origin}"
    )
