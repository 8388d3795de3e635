"""What the network answers when one channel of a block is shut."""

from __future__ import annotations

import streamlit as st
import torch

import cnn_models
from analysis.charts import gate_effects as drawing
from analysis.charts.palette import family_colour
from analysis.vision.gates import notices
from analysis.vision.gates.effects import strongest, without_each
from analysis.vision.gates.places import Gate
from analysis.vision.voices import Voice
from pages.parts import looking
from pages.parts.channel_attention import network, seen


def draw(speaker: Voice, tensor: torch.Tensor, gate: Gate, most: int) -> None:
    """Each channel of one block shut alone; of a wide block those with the strongest gates."""
    read = seen.readings(speaker, tensor)
    if read is None:
        return
    scale = read[network.place_of(speaker.key, gate)].scale[0]
    channels = strongest(scale, most)
    with looking.refusals_said(speaker):
        shares, _ = looking.probabilities(speaker, tensor)
        target = int(shares.argmax())
        values = looking.said(
            looking.asked(
                speaker,
                tensor,
                ("shut channels", gate.name, tuple(channels), target),
                f"Shutting the channels of {gate.block}",
                lambda shared, report: without_each(
                    shared, tensor, gate.name, channels, target, report
                ),
            )
        )
        if values is None:
            return
        name, before = speaker.classes[target], float(shares[target])
        few = "" if len(channels) == len(scale) else f" (the {len(channels)} strongest)"
        st.markdown(f"**Each channel of `{gate.block}`{few} set to 0, one at a time**")
        st.plotly_chart(
            drawing.channel_bars(
                channels,
                values,
                before,
                family_colour(cnn_models.spec(speaker.key).family),
                f"change of {name}, in points",
            ),
            config={"displayModeBar": False},
            key="shut channels",
            alt=f"Probability of {name} without each channel of {gate.block}",
        )
        st.markdown(notices.of_channels(gate, channels, values, before))
