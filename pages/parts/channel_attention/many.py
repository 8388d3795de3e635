"""How many answers stay right when a gate is changed."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analysis.amounts import exact
from analysis.charts import gate_effects as drawing
from analysis.vision.gates import notices
from analysis.vision.gates.effects import KINDS, over_shapes
from analysis.vision.gates.effort import PATIENCE, usual_count
from analysis.vision.gates.places import Gate
from analysis.vision.shape_batch import SEED, knows_shapes
from analysis.vision.voices import Voice
from pages.parts import looking


def draw(speaker: Voice, gates: tuple[Gate, ...], means: dict[str, np.ndarray], work: int) -> None:
    """How many answers stay right, or stay the same where the network never learned Shapes."""
    count = usual_count(speaker, work, PATIENCE)
    st.markdown("**Over many pictures**")
    if not speaker.trained_on:
        st.caption("Not measured for this network: it learned nothing, so it has nothing to lose.")
        return
    if work * count > 2 * PATIENCE:
        st.caption(
            f"Not measured for this network: {exact(count * (1 + len(gates) * len(KINDS)))} passes "
            f"for {count} pictures would keep a class waiting. A smaller network with gates shows "
            "it."
        )
        return
    with looking.refusals_said(speaker):
        answer = looking.said(
            looking.of_network(
                speaker,
                ("changed gates over shapes", count, SEED),
                "Changing gates for many pictures",
                lambda shared, report: over_shapes(shared, speaker, count, means, report),
            )
        )
        if answer is None:
            return
        found, labels = answer
        right = "named right" if knows_shapes(speaker) else "with the answer of the whole network"
        st.plotly_chart(
            drawing.change_bars(
                [gate.block for gate in gates],
                {kind: [found.of(g, kind).right(labels) for g in gates] for kind in KINDS},
                found.untouched.right(labels),
                f"pictures {right}",
            ),
            config={"displayModeBar": False},
            key="changed gates and many pictures",
            alt=f"Share of {count} pictures {right}, with the gate of each block changed",
        )
        st.markdown(notices.of_accuracy(gates, found, labels, right, count))
        st.caption(f"Pictures 0 to {count - 1} of the test split of Shapes, seed {SEED}.")
