"""The image that excites a unit, beside real pictures."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from analysis.structure.graph import Graph
from analysis.structure.operations import Operation
from analysis.vision.features import excite, patience
from analysis.vision.features.patience import Patience
from analysis.vision.voices import Voice
from pages.parts import looking, segments, url
from pages.parts.features import layer, made

UNITS = {"channel": "A channel", "place": "One place of it", "class": "A class"}
KINDS = {"plain": "With regularisation", "none": "Without"}
SEEDS = range(1000)


def draw(speaker: Voice) -> None:
    """Draw the choices, and where they can be afforded the image."""
    graph = layer.graph_of(speaker)
    left, right = st.columns([2, 3], gap="large")
    with left:
        kind = segments.choose(
            "unit", UNITS, "channel", "What to excite", hidden=False, asked="what to excite"
        )
        wish = _class(speaker) if kind == "class" else _channel(graph, kind == "place")
        if wish is None:
            return
        tidy = segments.choose("tidy", KINDS, "plain", "Regularisation", hidden=False)
        with url.kept("seed", SEEDS, 0):
            seed = int(st.number_input("Seed", SEEDS[0], SEEDS[-1], step=1, key="seed"))
    with right:
        work = patience.patience(graph, wish.op.name if wish.op else None)
        if not _wanted(work):
            return
        plan = excite.REGULARISED if tidy == "plain" else excite.BARE
        try:
            made.draw(speaker, wish, replace(plan, steps=work.steps, seed=seed))
        except looking.REFUSALS as refusal:
            st.warning(f"No image can be made: {refusal}", icon=":material/block:")


def _channel(graph: Graph, one_place: bool) -> made.Wish | None:
    op = layer.choose(graph)
    if op is None:
        return None
    index = layer.choose_channel(op, "on real pictures")
    return made.Wish(index, op, _middle(op) if one_place else None)


def _middle(op: Operation) -> tuple[int, int]:
    _, rows, columns = op.output_shape
    return rows // 2, columns // 2


def _class(speaker: Voice) -> made.Wish:
    key = f"class-{speaker.key}"
    with url.kept(key, speaker.classes, speaker.classes[0], label="the class"):
        name = str(st.selectbox("Class", speaker.classes, key=key))
    return made.Wish(speaker.classes.index(name))


def _wanted(work: Patience) -> bool:
    """Whether to climb; asked where it takes long."""
    if work.refusal:
        st.info(work.refusal, icon=":material/scale:")
        return False
    with url.kept("climb", [True, False], work.is_quick):
        wanted = bool(st.toggle("Make the image", key="climb", help=f"It takes {work.costs}."))
    if not wanted:
        st.caption(f"Switch it on to climb from noise: {work.costs}.")
    return wanted
