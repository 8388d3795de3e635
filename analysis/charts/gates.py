"""Gates of channel attention as pictures: one block, the whole depth, and z beside s."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from analysis.charts import layout
from analysis.charts.palette import NEUTRAL
from analysis.vision.gates.profile import ROWS, Profile, over_depth
from analysis.vision.gates.reading import Reading
from analysis.vision.overlay import SEQUENTIAL

MOST_TICKS = 10  # names of blocks along the axis; more would overlap on a phone
_SCALE = [[i / 4, f"rgb{colour}"] for i, colour in enumerate(SEQUENTIAL)]


def block_bars(
    bars: Profile, colour: str, names: Sequence[str], *, strongest_first: bool
) -> go.Figure:
    """One bar a channel, or a few neighbours, and a dot for the second picture.

    `names` are those of the one or two pictures.
    """
    fig = go.Figure()
    said = [_channels(part) for part in bars.channels]
    fig.add_bar(
        y=bars.first,
        name=names[0],
        marker_color=colour,
        marker_line_width=0,
        customdata=said,
        hovertemplate="%{customdata}: %{y:.3f}<extra></extra>",
    )
    if bars.second is not None:
        fig.add_scatter(
            y=bars.second,
            name=names[1],
            mode="markers",
            marker={"color": NEUTRAL, "size": 9 if len(bars.first) <= 64 else 6},
            customdata=said,
            hovertemplate="%{customdata}: %{y:.3f}<extra></extra>",
        )
    order = "from the strongest gate to the weakest" if strongest_first else "by number"
    what = "channels" if bars.per_bar == 1 else f"channels, up to {bars.per_bar} to a bar,"
    fig.update_xaxes(title=f"{what} {order}", showticklabels=False)
    fig.update_yaxes(title="gate s", range=[0, 1.02])
    layout.finish(fig)
    fig.update_layout(bargap=0.15, showlegend=bars.second is not None)
    return fig


def depth_map(readings: Sequence[Reading]) -> go.Figure:
    """One column a block, its channels from the strongest gate down to the weakest."""
    values = over_depth(readings)
    fig = go.Figure()
    fig.add_heatmap(
        z=values,
        y=(np.arange(ROWS) + 0.5) * 100 / ROWS,
        zmin=0,
        zmax=1,
        colorscale=_SCALE,
        xgap=2 if len(readings) <= 30 else 0,
        colorbar={"title": "gate s", "thickness": 14, "tickfont_size": layout.TICKS},
        text=[[f"{r.gate.block}, {r.gate.channels} channels" for r in readings]] * ROWS,
        hovertemplate="%{text}<br>%{z:.2f}<extra></extra>",
    )
    fig.update_yaxes(title="channels, strongest on top", range=[100, 0], ticksuffix="%", dtick=50)
    name_blocks(fig, [reading.gate.block for reading in readings])
    layout.finish(fig)
    return fig


def squeeze_scatter(reading: Reading, colour: str) -> go.Figure:
    """One dot a channel: what is squeezed along, what comes out of the gate up."""
    fig = go.Figure()
    fig.add_scatter(
        x=reading.squeezed[0],
        y=reading.scale[0],
        mode="markers",
        marker={
            "color": colour,
            "size": 11 if reading.gate.channels <= 128 else 6,
            "opacity": 0.75,
        },
        customdata=np.arange(reading.gate.channels),
        hovertemplate="channel %{customdata}<br>z = %{x:.3g}<br>s = %{y:.3f}<extra></extra>",
    )
    fig.update_xaxes(title="squeeze z: mean of the channel", zeroline=True)
    fig.update_yaxes(title="excitation s: its gate", range=[-0.02, 1.04])
    layout.finish(fig)
    return fig


def name_blocks(fig: go.Figure, blocks: Sequence[str]) -> None:
    """Write the names of blocks under x = 0, 1, …, as many as there is room for."""
    step = -(-len(blocks) // MOST_TICKS)
    places = list(range(0, len(blocks), step))
    fig.update_xaxes(
        tickvals=places,
        ticktext=[blocks[place] for place in places],
        tickangle=-40,
        range=[-0.5, len(blocks) - 0.5],
    )


def _channels(part: np.ndarray) -> str:
    if len(part) == 1:
        return f"channel {part[0]}"
    first = ", ".join(map(str, part[:4]))
    return f"channels {first}{' …' if len(part) > 4 else ''}"
