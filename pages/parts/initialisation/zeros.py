"""Hidden units that started alike, after training."""

from __future__ import annotations

import streamlit as st

from analysis.charts import starts as drawing
from analysis.experiments.signal import units
from analysis.experiments.signal.units import BEGINNINGS, UNITS
from analysis.progress import Report
from pages.parts import measured, url
from pages.parts.work import result

_SEEDS = range(1000)


def draw() -> None:
    """Draw the weights of all units for each start."""
    with url.kept("seed", _SEEDS, 0):
        seed = int(st.number_input("Seed", 0, _SEEDS[-1], key="seed", width=160))

    def work(report: Report) -> dict[str, units.Units]:
        found = {}
        for place, name in enumerate(BEGINNINGS):
            report(place, len(BEGINNINGS))
            found[name] = units.trained(name, seed)
        return found

    found = result(("equal units", seed), "Training four small networks", work)
    if found is None:
        return
    measured.figure(
        drawing.units(found),
        "weights of the units",
        f"Weights of {UNITS} hidden units after training, for {len(found)} starts",
    )
    st.markdown(units.sentence(found))
    st.caption(
        f"Each picture is one hidden unit: its weights to the 8 × 8 pixels of a digit after 10 "
        "epochs, red above zero and blue below. Units with equal weights on both sides get equal "
        "gradients and make equal steps, whatever the data. It is enough that one of the two "
        f"layers starts at random to tell them apart. One network a row, seed {seed}; the "
        "comparison is of all bits."
    )
