"""Choices that pages offer, each kept in the address."""

from collections.abc import Sequence

import streamlit as st

from analysis.charts import depth
from analysis.structure import outline
from analysis.structure.costs import COSTS, Cost
from analysis.structure.graph import Graph
from pages.parts import segments, url

ALL = "all"


def quantity() -> depth.Quantity:
    """Parameters, multiply-adds or memory: what a depth chart shows."""
    labels = {name: quantity.label for name, quantity in depth.QUANTITIES.items()}
    return depth.QUANTITIES[segments.choose("quantity", labels, "params", "Quantity")]


def cost(default: str) -> Cost:
    """Parameters or multiply-adds: what a sum over layers is made for."""
    labels = {name: cost.label for name, cost in COSTS.items()}
    return COSTS[segments.choose("quantity", labels, default, "Quantity")]


def part_of(graph: Graph, stages: Sequence[str]) -> outline.Outline:
    """The network by its stages, one stage by its blocks, or one block by its operations."""
    left, right = st.columns(2)
    with left:
        stage = _open("stage", "Stage", outline.stage_names(graph, stages), "the whole network")
    if stage == ALL:
        return outline.by_stage(graph, stages)
    drawn = outline.inside(graph, stage)
    blocks = [node.name for node in drawn.nodes if node.opens]
    if not blocks:
        return drawn
    with right:
        block = _open("block", "Block", blocks, "the whole stage")
    return drawn if block == ALL else outline.inside(graph, block)


def _open(key: str, label: str, names: Sequence[str], whole: str) -> str:
    with url.kept(key, [ALL, *names], ALL):
        return st.selectbox(
            label,
            [ALL, *names],
            format_func=lambda name: whole if name == ALL else name,
            key=key,
        )
