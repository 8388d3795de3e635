"""How class-specific the gates of a network are, block by block and channel by channel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analysis.amounts import percent
from analysis.charts import layout
from analysis.charts.gates import name_blocks
from analysis.charts.palette import NEUTRAL, WINDOW_COLOURS
from analysis.vision.gates.classes import ClassGates, by_chance

MOST_CHANNELS = 64  # drawn of one block; the paper draws 50
_COLOURS = tuple(WINDOW_COLOURS.values())
_BAND = "rgba(138, 144, 160, 0.25)"


def specificity(blocks: Sequence[ClassGates], chosen: str, images: int, colour: str) -> go.Figure:
    """The share of the variance between classes, one point a block; `chosen` is a gate's name."""
    fig = go.Figure()
    shares = [None if b.between is None else 100 * b.between for b in blocks]
    sizes = [15 if b.gate.name == chosen else 8 for b in blocks]
    fig.add_scatter(
        y=shares,
        mode="lines+markers",
        line={"color": colour, "width": 3.5},
        marker={"size": sizes, "color": colour},
        cliponaxis=False,
        customdata=[b.gate.block for b in blocks],
        hovertemplate="%{customdata}: %{y:.1f}%<extra></extra>",
    )
    chance = by_chance(images, len(blocks[0].of_class))
    fig.add_hline(
        y=100 * chance,
        line={"color": NEUTRAL, "dash": "dash", "width": 2},
        annotation={
            "text": f"by chance {percent(chance)}",
            "font_size": layout.TICKS,
            "xanchor": "left",
            "x": 0,
            "yanchor": "bottom",
        },
    )
    name_blocks(fig, [b.gate.block for b in blocks])
    fig.update_yaxes(title="variance between classes", range=[0, 103], ticksuffix="%")
    layout.finish(fig, height=340)
    fig.update_layout(showlegend=False)
    return fig


def class_lines(block: ClassGates, classes: Sequence[int], names: Sequence[str]) -> go.Figure:
    """The mean gate of some classes, channel by channel, over the mean and spread of all pictures.

    Channels are in the order of their mean; of a wide block every k-th is drawn.
    """
    channels = shown_channels(block)
    mean, spread = block.mean[channels], block.spread[channels]
    places = np.arange(len(channels))
    fig = go.Figure()
    fig.add_scatter(
        x=np.concatenate([places, places[::-1]]),
        y=np.concatenate([mean + spread, (mean - spread)[::-1]]),
        fill="toself",
        fillcolor=_BAND,
        line={"width": 0},
        name="all",
        hoverinfo="skip",
    )
    for colour, label in zip(_COLOURS, classes, strict=False):
        fig.add_scatter(
            x=places,
            y=block.of_class[label][channels],
            mode="lines+markers",
            name=names[label],
            line={"color": colour, "width": 2.5},
            marker_size=6,
            customdata=channels,
            hovertemplate=f"{names[label]}, channel %{{customdata}}: %{{y:.3f}}<extra></extra>",
        )
    few = "" if len(channels) == len(block.mean) else f"{len(channels)} of {len(block.mean)} "
    fig.update_xaxes(title=f"{few}channels, by their mean gate", showticklabels=False)
    fig.update_yaxes(title="mean gate s", range=[0, 1.02])
    layout.finish(fig)
    return fig


def shown_channels(block: ClassGates) -> np.ndarray:
    """Numbers of the channels that `class_lines` draws, in its order."""
    order = np.argsort(-block.mean, kind="stable")
    return order[:: -(-len(order) // MOST_CHANNELS)]
