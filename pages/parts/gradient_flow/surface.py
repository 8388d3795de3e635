"""The loss around two trained networks."""

from __future__ import annotations

import streamlit as st

from analysis.charts import gradient_flow as drawing
from analysis.experiments.signal import surface
from analysis.experiments.signal.measurements import MEASUREMENTS
from analysis.experiments.signal.surface import NETWORKS
from pages.parts import measured, segments

NAME = "loss_surface"


def draw() -> None:
    """Draw a map for each network, on one scale."""
    here = measured.is_made_here()
    rows = measured.rows(NAME, here)
    if rows is None:
        return
    seeds = sorted(int(seed) for seed in rows["seed"].unique())
    seed = seeds[0]
    if len(seeds) > 1:
        labels = {str(number): f"Seed {number}" for number in seeds}
        seed = int(segments.choose("drawing_of", labels, str(seed), "Seed"))
    plan = MEASUREMENTS[NAME].small if here else MEASUREMENTS[NAME].full
    maps = drawing.loss_maps(rows, seed)
    for column, (name, fig) in zip(st.columns(len(maps), gap="large"), maps.items(), strict=True):
        with column:
            st.markdown(f"**{NETWORKS[name]}, {plan.depth} layers**")
            measured.figure(fig, f"loss around {name}", f"Loss around the {name} network")
    st.markdown(surface.sentence(rows, seed) + " " + surface.over_seeds(rows))
    st.caption(
        "Both networks learned the digits from the same settings. Each direction is random, and "
        "every filter in it is as long as the network's own (H. Li et al. 2018, arXiv:1712.09913): "
        f"at {plan.reach:g} a filter has moved by {plan.reach:g} of its length. The loss is a mean "
        f"over {plan.images} training images. The cross is the trained network."
    )
    measured.origin(NAME, here)
