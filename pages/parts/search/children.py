"""A search that trains each network it tries, on this machine, while the class watches."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import counted
from analysis.experiments.messages import Search
from analysis.experiments.search import trail
from analysis.experiments.search.child import CONFIG, run_of
from analysis.experiments.search.strategies import STRATEGIES, TITLES
from pages.parts import url
from pages.parts.search import found
from pages.parts.training import live, shop

TITLE = "Search among 2,048 networks"  # of its jobs
_CHILDREN, _SEEDS = range(1, 301), range(1000)


def draw() -> None:
    """Draw the choices, the button, and the search that was started last."""
    search = _choose()
    st.button(
        f"Search, and train {counted(search.children, 'network')}",
        type="primary",
        icon=":material/play_arrow:",
        on_click=shop.start_search,
        args=(search, TITLE),
        key="train each child",
    )
    run = run_of(0, search.seed)
    st.caption(
        f"Each network learns {run.train:,} handwritten digits for {CONFIG.epochs} epochs, which "
        f"takes some seconds; {run.test} others say how good it is."
    )
    ticket = shop.shown(TITLE)
    if ticket:
        live.draw(ticket)
        seen = [report.seen for report in ticket.search.judged]
        if ticket.is_over and seen:
            found.ways_on(seen[trail.best(seen)].number)


def _choose() -> Search:
    which, how_many, start = st.columns(3)
    with which, url.kept("strategy", STRATEGIES, "reinforce", label="the strategy"):
        strategy = st.selectbox(
            "Who chooses", list(STRATEGIES), format_func=TITLES.__getitem__, key="strategy"
        )
    with how_many, url.kept("children", _CHILDREN, 30, label="networks to train:"):
        children = st.number_input("Networks to train", _CHILDREN[0], _CHILDREN[-1], key="children")
    with start, url.kept("begun", _SEEDS, 0, label="the seed:"):
        seed = st.number_input("Seed", _SEEDS[0], _SEEDS[-1], key="begun")
    return Search(str(strategy), int(children), int(seed))
