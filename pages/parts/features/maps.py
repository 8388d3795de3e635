"""The maps of a layer for a picture, and the pixels that one of them answers to."""

from __future__ import annotations

import streamlit as st

from analysis.charts import tile_grid
from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.vision.features import maps, notice, response, tiles
from analysis.vision.features.maps import Maps
from analysis.vision.sight import Sight
from analysis.vision.voices import Voice
from pages.parts import looking, pictures, segments, url
from pages.parts.features import chosen, layer

_GRID = "grid of maps"


def draw(speaker: Voice) -> None:
    """Draw the choices, the grid, and the channel that is chosen in it."""
    graph = layer.graph_of(speaker)
    left, right = st.columns([2, 3], gap="large")
    with left:
        op = layer.choose(graph)
        if op is None:
            return
        channel = layer.choose_channel(op, "here", " A click on a map chooses it, too.")
        order = segments.choose(
            "sorted", maps.ORDERS, "mean", "Sorted by each map's", hidden=False, asked="the order"
        )
        with url.kept("colours", ["one", "own"], "one"):
            own = st.segmented_control(
                "Colours",
                ["one", "own"],
                required=True,
                format_func={"one": "One scale for all", "own": "Each its own"}.__getitem__,
                key="colours",
            )
        image = pictures.choose(speaker)
    with right:
        if image is None:
            return
        try:
            seen = looking.sight_of(speaker, image)
            found = strongest(speaker, seen, op, order)
            if found is None:
                return
            number = found.channels[0] if channel is None else channel
            _grid(op, found, own == "one", number)
            said = notice.of_maps(op, found, bool(speaker.trained_on))
            st.markdown(f"{said} {notice.of_rank(found, number)}")
        except looking.REFUSALS as refusal:
            st.warning(f"The maps cannot be shown: {refusal}", icon=":material/block:")
            return
    try:
        _detail(speaker, graph, op, seen, number)
    except looking.REFUSALS as refusal:
        st.warning(f"The gradient cannot be shown: {refusal}", icon=":material/block:")


def strongest(speaker: Voice, seen: Sight, op: Operation, order: str) -> Maps | None:
    """The maps of a layer, or None if the user stopped it."""
    way = layer.way_to(speaker, op.name)
    answer = looking.asked(
        speaker,
        seen.tensor,
        ("maps", op.name, order),
        "Feature maps",
        lambda shared, _: maps.strongest(shared, way, seen.tensor, order),
    )
    return answer and answer[0]


def _grid(op: Operation, found: Maps, one_scale: bool, number: int) -> None:
    heads = [f"<b>{c}</b><br>{notice.number(found.values[c])}" for c in found.channels]
    st.plotly_chart(
        tile_grid.tile_grid(
            tiles.of_maps(found, one_scale),
            heads,
            found.channels,
            number,
        ),
        config={"displayModeBar": False},
        key=_GRID,
        on_select=_take_clicked,
        selection_mode="points",
        alt=f"The {len(found.channels)} maps of {op.name} with the largest {found.order}, each "
        "with its channel's number and value",
    )
    st.caption(
        f"{notice.of_size(found)} Over each: channel and {found.order}. Colours: "
        f"{tiles.legend(found, one_scale)}. Click a map to see the pixels it answers to."
    )


def _take_clicked() -> None:
    """Choose the channel whose map was clicked; a click beside the maps changes nothing."""
    points = st.session_state[_GRID]["selection"]["points"]
    if points:
        url.clicked()
        st.session_state[layer.CHANNEL] = str(points[-1]["customdata"][0])


def _detail(speaker: Voice, graph: Graph, op: Operation, seen: Sight, number: int) -> None:
    st.subheader(f"Which pixels does channel {number} answer to?")
    way = layer.way_to(speaker, op.name)
    answer = looking.asked(
        speaker,
        seen.tensor,
        ("response", op.name, number),
        "The gradient of one value",
        lambda shared, _: response.respond(shared, way, seen.tensor, number),
    )
    if answer is not None:
        chosen.draw(op, graph, seen, answer[0])
        if answer[1]:
            st.caption(answer[1])
