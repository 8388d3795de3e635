"""Which layer and channel of a network is looked at, and the graph they are read from."""

from __future__ import annotations

import streamlit as st

from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.vision.features import layers
from analysis.vision.route import Route
from analysis.vision.voices import Voice
from pages.parts import url

STRONGEST = "strongest"
LAYER, CHANNEL = "layer", "channel"  # in the address


@st.cache_resource(max_entries=32, show_spinner="Tracing the network …")
def graph_of(speaker: Voice) -> Graph:
    """The network at the size of the pictures that it is given."""
    return layers.graph_at(speaker.key, speaker.input_shape)


@st.cache_resource(max_entries=32, show_spinner=False)
def way_to(speaker: Voice, operation: str) -> Route:
    """The way to one of its layers."""
    return layers.route_at(speaker.key, speaker.input_shape, operation)


def choose(graph: Graph) -> Operation | None:
    """Draw the choice of a layer that has maps; None if there is none."""
    offered = {op.name: op for op in layers.layers_with_maps(graph)}
    default = layers.telling(graph)
    if default is None:
        st.info("No layer of this network has maps. Choose another network.")
        return None
    with url.kept(LAYER, offered, default.name, label="the layer"):
        chosen = st.selectbox(
            "Layer",
            list(offered),
            format_func=lambda name: f"{name} · {offered[name].kind} · {_shape(offered[name])}",
            key=LAYER,
        )
    return offered[str(chosen)]


def choose_channel(op: Operation, where: str, more: str = "") -> int | None:
    """Draw the choice of one of its channels; None for the strongest, whichever it is `where`."""
    channels = op.output_shape[0]
    options = [STRONGEST, *map(str, range(channels))]
    with url.kept(CHANNEL, options, STRONGEST, label="the channel"):
        chosen = st.selectbox(
            "Channel",
            options,
            format_func=lambda text: f"the strongest {where}" if text == STRONGEST else text,
            key=CHANNEL,
            help=f"0 to {channels - 1}, as in the code.{more}",
        )
    return None if chosen == STRONGEST else int(chosen)


def _shape(op: Operation) -> str:
    return " × ".join(map(str, op.output_shape))
