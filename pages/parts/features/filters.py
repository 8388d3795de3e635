"""The filters of the layer that reads the picture."""

from __future__ import annotations

import numpy as np
import streamlit as st

from analysis.charts import tile_grid
from analysis.structure.operations import Operation
from analysis.structure.refusals import shape_text
from analysis.vision.features import filters, layers, notice, tiles
from analysis.vision.voices import Voice
from pages.parts import looking, url
from pages.parts.features import layer

_READER = "reader"  # in the address: the convolution
_COLUMNS = 8


@st.cache_data(max_entries=64, show_spinner="Reading the filters …")
def _weights(speaker: Voice, operation: str) -> np.ndarray:
    return filters.filters(looking.model(speaker, "cpu"), layer.way_to(speaker, operation))


def draw(speaker: Voice) -> None:
    """Draw the filters, and what their numbers tell."""
    readers = {op.name: op for op in layers.readers(layer.graph_of(speaker))}
    if not readers:
        st.info("No convolution of this network reads the picture itself. Choose another network.")
        return
    op = _reader(readers)
    try:
        weights = _weights(speaker, op.name)
    except looking.REFUSALS as refusal:
        st.warning(f"The filters cannot be shown: {refusal}", icon=":material/block:")
        return
    _grid(op, weights)
    found = filters.facts(weights)
    noise = filters.of_noise(weights.shape[1:])
    st.markdown(notice.of_filters(weights, found, noise, bool(speaker.trained_on)))
    st.caption(
        "Grey: the share of a filter's energy that its colours have in common. Direction: the "
        "coherence of its structure tensor, 1 for a straight edge. The random filters to compare "
        "with are 512 of normal noise, seed 0."
    )


def _reader(readers: dict[str, Operation]) -> Operation:
    if len(readers) == 1:
        return next(iter(readers.values()))
    with url.kept(_READER, readers, next(iter(readers)), label="the convolution"):
        chosen = st.selectbox(
            f"One of {len(readers)} convolutions that read the picture", list(readers), key=_READER
        )
    return readers[str(chosen)]


def _grid(op: Operation, weights: np.ndarray) -> None:
    shown = weights[: filters.SHOWN]
    numbers = list(range(len(shown)))
    st.plotly_chart(
        tile_grid.tile_grid(
            tiles.of_filters(shown), [str(n) for n in numbers], numbers, columns=_COLUMNS
        ),
        config={"displayModeBar": False},
        key="filters",
        alt=f"{len(shown)} filters of {op.name}, {shape_text(weights.shape[2:])} weights each",
    )
    colour = (
        "mid-grey is 0, the brightest and darkest colours are the largest weights of all"
        if weights.shape[1] == 3
        else "red positive, white 0, blue negative"
    )
    st.caption(
        f"{len(shown)} of {len(weights)} filters of `{op.name}`, {shape_text(weights.shape[2:])} "
        f"weights a colour. One scale for all: {colour}."
    )
