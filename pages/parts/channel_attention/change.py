"""What the network answers when a gate is changed."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

from analysis.charts import gate_effects as drawing
from analysis.vision.gates import notices
from analysis.vision.gates.effects import (
    KINDS,
    Effects,
    effects,
)
from analysis.vision.gates.effort import PATIENCE, channels_to_shut, effort, usual_count
from analysis.vision.gates.places import Gate
from analysis.vision.shape_batch import SEED
from analysis.vision.voices import Voice
from pages.parts import cached, looking
from pages.parts.channel_attention import affordable, many, network, seen, shut


def draw(speaker: Voice) -> None:
    """Draw the picture and what becomes of its class; below it, what becomes of many answers."""
    gates = network.gates(speaker.key)
    graph = cached.traced(speaker.key)
    work = effort(graph.totals())
    count = usual_count(speaker, work if speaker.trained_on else PATIENCE)  # few where untrained
    channels = channels_to_shut(work)
    passes = 1 + len(gates) * len(KINDS)
    left, right = st.columns([2, 3], gap="large")
    with left:
        tensor = seen.picture(speaker)
        gate = network.choose_gate(speaker.key)
    with right:
        if tensor is None or not affordable.is_wanted(
            graph, passes + count + channels, "what changes of the gates do"
        ):
            return
        blocks = seen.over_shapes(speaker, count)
        if blocks is None:
            return
        means = {block.gate.name: block.mean.astype(np.float32) for block in blocks}
        _of_picture(speaker, tensor, gates, means, count)
    shut.draw(speaker, tensor, gate, channels)
    many.draw(speaker, gates, means, work * passes)


def _of_picture(
    speaker: Voice,
    tensor: torch.Tensor,
    gates: tuple[Gate, ...],
    means: dict[str, np.ndarray],
    count: int,
) -> None:
    """Every block's gate changed in every way, for one picture."""
    found = _effects(speaker, tensor, means, count)
    if found is None:
        return
    name = speaker.classes[int(found.untouched.likeliest[0])]
    st.plotly_chart(
        drawing.change_bars(
            [gate.block for gate in gates],
            {kind: [found.of(g, kind).probability[0] for g in gates] for kind in KINDS},
            float(found.untouched.probability[0]),
            f"probability of {name}",
        ),
        config={"displayModeBar": False},
        key="changed gates and one picture",
        alt=f"Probability of {name} with the gate of each block changed in three ways",
    )
    st.markdown(notices.of_effects(gates, found, name))
    ways = "; ".join(f"{kind.label}: {kind.sentence}" for kind in KINDS.values())
    st.caption(
        f"One gate is changed at a time. {ways[0].upper()}{ways[1:]}. The mean is over {count} "
        f"pictures of the test split of Shapes, seed {SEED}."
    )


def _effects(
    speaker: Voice, tensor: torch.Tensor, means: dict[str, np.ndarray], count: int
) -> Effects | None:
    with looking.refusals_said(speaker):
        return looking.said(
            looking.asked(
                speaker,
                tensor,
                ("changed gates", count, SEED),
                "Changing gates",
                lambda shared, report: effects(shared, tensor, None, means, report),
            )
        )
    return None
