"""How class-specific the gates are: along the depth, and channel by channel in one block."""

from __future__ import annotations

import streamlit as st

import cnn_models
from analysis.charts import gate_classes as drawing
from analysis.charts.palette import family_colour
from analysis.experiments.shapes import CLASSES
from analysis.vision.gates import notices
from analysis.vision.gates.classes import ClassGates
from analysis.vision.gates.effort import counts, effort, usual_count
from analysis.vision.shape_batch import SEED
from analysis.vision.voices import Voice
from pages.parts import cached, url
from pages.parts.channel_attention import affordable, network, seen

_MOST = 4  # classes in one chart, as in the paper's
_DEFAULT = ["circle", "star"]  # two lines can be told apart from the last row


def draw(speaker: Voice) -> None:
    """Draw the choices, the line over the depth and the lines of one block."""
    graph, offered = cached.traced(speaker.key), counts(speaker)
    usual = usual_count(speaker, effort(graph.totals()))
    first, second = st.columns(2, gap="large")
    with first:
        gate = network.choose_gate(speaker.key)
    with second, url.kept("pictures", offered, usual):
        count = st.slider(
            "Pictures of Shapes", offered[0], offered[-1], step=offered.step, key="pictures"
        )
    if not affordable.is_wanted(graph, count, "the gates"):
        return
    blocks = seen.over_shapes(speaker, count)
    if blocks is None:
        return
    colour = family_colour(cnn_models.spec(speaker.key).family)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**How much of what the gates do depends on the class**")
        st.plotly_chart(
            drawing.specificity(blocks, gate.name, count, colour),
            config={"displayModeBar": False},
            key="class-specific along the depth",
            alt="Share of the variance of the gates between classes, block by block",
        )
        st.markdown(notices.of_classes(blocks, count))
    with right:
        block = blocks[network.place_of(speaker.key, gate)]
        st.markdown(f"**The average gate for some classes in `{gate.block}`**")
        _of_block(block)
    st.caption(
        f"Measured over pictures 0 to {count - 1} of the test split of Shapes, seed {SEED}, "
        f"{count // len(CLASSES)} of each class. The grey band is the mean of all pictures and one "
        "standard deviation on both sides. After Figure 5 of Hu et al. (CVPR 2018)."
    )


def _of_block(block: ClassGates) -> None:
    with url.kept("labels", CLASSES, _DEFAULT, _MOST, "classes"):
        chosen = st.multiselect(
            "Classes", list(CLASSES), max_selections=_MOST, key="labels", select_all=False
        )
    st.plotly_chart(
        drawing.class_lines(block, [CLASSES.index(name) for name in chosen], CLASSES),
        config={"displayModeBar": False},
        key="gates by class",
        alt=f"Average gate of each channel of {block.gate.block} for {len(chosen)} classes",
    )
    st.markdown(notices.of_class_lines(block, CLASSES))
