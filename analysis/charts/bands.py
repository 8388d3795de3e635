"""Lines with the range of what they are the mean of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from analysis.charts import layout

_FAINT = 0.18  # opacity of a range
_MOST_TICKS = 7  # powers of ten along an axis
_MODES = {"line": "lines", "dots": "lines+markers", "circles": "markers"}


@dataclass(frozen=True)
class Band:
    """A line (n,) and, where it is the mean of several, what lies between their lowest and highest.

    It is drawn as a line, as a line with a dot at each value, as open circles without an entry in
    the legend, or not at all, so that its range is left. `marked` are places that get a cross.
    """

    label: str
    x: ArrayLike
    mean: ArrayLike
    colour: str
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    dash: str = "solid"
    style: Literal["line", "dots", "circles", "range"] = "line"
    marked: Sequence[int] = field(default=())


def bands(
    lines: Sequence[Band],
    x_title: str,
    y_title: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
    percent: bool = False,
    height: int = layout.HEIGHT,
) -> go.Figure:
    """One line each over its range; a logarithmic axis leaves out what is not above zero."""
    fig = go.Figure()
    for line in lines:
        _range(fig, line, log_y, percent)
    for line in lines:
        if line.style != "range":
            _line(fig, line, log_y, percent)
    fig.update_xaxes(title=x_title)
    fig.update_yaxes(title=y_title)
    if log_x:
        fig.update_xaxes(**_powers([line.x for line in lines]))
    if log_y:
        fig.update_yaxes(**_powers([line.mean for line in lines]))
    if percent:
        fig.update_yaxes(ticksuffix="%", range=[0, 102])
    layout.finish(fig, height)
    return fig


def _range(fig: go.Figure, line: Band, log_y: bool, percent: bool) -> None:
    if line.low is None or line.high is None:
        return
    low, high = (_shown(part, log_y, percent) for part in (line.low, line.high))
    fine = np.isfinite(low) & np.isfinite(high)
    x = np.asarray(line.x, float)[fine]
    fig.add_scatter(
        x=[*x, *x[::-1]],
        y=[*high[fine], *low[fine][::-1]],
        fill="toself",
        fillcolor=_faint(line.colour),
        line_width=0,
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )


def _line(fig: go.Figure, line: Band, log_y: bool, percent: bool) -> None:
    y = _shown(line.mean, log_y, percent)
    usual = "circle-open" if line.style == "circles" else "circle"
    symbols = ["x" if place in line.marked else usual for place in range(len(y))]
    sizes = [12 if symbol == "x" else 8 for symbol in symbols]
    fig.add_scatter(
        x=np.asarray(line.x),
        y=y,
        name=line.label,
        mode=_MODES[line.style],
        showlegend=line.style != "circles",
        line={"color": line.colour, "width": 3, "dash": line.dash},
        marker={"color": line.colour, "symbol": symbols, "size": sizes},
        cliponaxis=False,
        hovertemplate=f"{line.label}: %{{y:.3~g}}{'%' if percent else ''} at %{{x}}<extra></extra>",
    )


def _shown(values: ArrayLike, log_y: bool, percent: bool) -> np.ndarray:
    found = np.asarray(values, float) * (100 if percent else 1)
    return np.where(found > 0, found, np.nan) if log_y else found


def _powers(values: Sequence[ArrayLike]) -> dict[str, Any]:
    """A logarithmic axis with a few whole powers of ten, written as such."""
    whole = np.concatenate([np.asarray(part, float) for part in values])
    logs = np.log10(whole[np.isfinite(whole) & (whole > 0)])
    if not len(logs):
        return {"type": "log"}
    low, high = np.floor(logs.min()), np.ceil(logs.max())
    step = max(1, -(-int(high - low) // _MOST_TICKS))
    ticks = [10.0**power for power in range(int(low), int(high) + 1, step)]
    room = 0.03 * max(logs.max() - logs.min(), 1)
    return {
        "type": "log",
        "tickvals": ticks,
        "ticktext": [_power(int(np.log10(tick).round())) for tick in ticks],
        "range": [logs.min() - room, logs.max() + room],
    }


def _power(power: int) -> str:
    return f"{10.0**power:g}" if -3 <= power <= 3 else f"10<sup>{power}</sup>".replace("-", "−")


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{_FAINT})"
