"""The memory of training and of inference, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from analysis.amounts import listed, memory, percent
from analysis.charts import layout
from analysis.charts.palette import KIND_COLOURS
from analysis.structure.saved_tensors import COPIES, Kept
from analysis.structure.training_memory import Part, total

HEIGHT = 320
_GIB, _MIB = 2**30, 2**20
_ACTIVATIONS = KIND_COLOURS["convolution"]
_COLOURS = {
    "Weights": KIND_COLOURS["linear"],
    COPIES: KIND_COLOURS["multiplication"],
    "Gradients": KIND_COLOURS["batch norm"],
    "Optimiser state": KIND_COLOURS["addition"],
}


def bars(needs: Mapping[str, Sequence[Part]], measured: Mapping[str, int]) -> go.Figure:
    """One stacked bar for each of `needs`; a mark where something was measured, in bytes."""
    most = max([total(parts) for parts in needs.values()] + list(measured.values()))
    unit, name = (_GIB, "GiB") if most >= _GIB else (_MIB, "MiB")
    fig = go.Figure()
    for part in dict.fromkeys(part.name for parts in needs.values() for part in parts):
        sizes = [_size(parts, part) / unit for parts in needs.values()]
        fig.add_bar(
            x=sizes,
            y=list(needs),
            orientation="h",
            name=part,
            marker_color=_COLOURS.get(part, _ACTIVATIONS),
            hovertemplate=f"%{{y}}<br>%{{x:,.4~g}} {name}<extra>{part}</extra>",
        )
    if measured:
        fig.add_scatter(
            x=[size / unit for size in measured.values()],
            y=list(measured),
            mode="markers",
            name="Measured peak",
            marker={"symbol": "diamond", "size": 14, "color": KIND_COLOURS["max pooling"]},
            hovertemplate=f"%{{y}}<br>%{{x:,.4~g}} {name}<extra>Measured peak</extra>",
        )
    fig.update_xaxes(title=name, range=[0, 1.35 * most / unit], tickformat=",~g", nticks=6)
    fig.update_yaxes(autorange="reversed")
    for label, parts in needs.items():
        fig.add_annotation(
            x=total(parts) / unit, y=label, text=memory(total(parts)), showarrow=False,
            xanchor="left", xshift=10,
        )  # fmt: skip
    layout.finish(fig, HEIGHT)
    fig.update_layout(barmode="stack", bargap=0.35, legend_traceorder="normal")
    return fig


def _size(parts: Sequence[Part], name: str) -> int:
    return sum(part.bytes for part in parts if part.name == name)


def notice(network: str, images: int, training: Sequence[Part], inference: Sequence[Part]) -> str:
    """What training needs, what most of it is, and how inference compares, in two sentences."""
    whole, passed = total(training), total(inference)
    largest = sorted(training, key=lambda part: -part.bytes)
    told = listed(f"{part.name.lower()} {percent(part.bytes / whole)}" for part in largest[:2])
    held = any(part.name == "Optimiser state" and part.bytes for part in training)
    spared = "no gradients and no optimiser state are" if held else "no gradients are"
    batch = "one image" if images == 1 else f"{images:,} images"
    return (
        f"To train {network} on {batch} takes {memory(whole)}: {told}. Inference takes "
        f"{memory(passed)}, {whole / passed:.3g} times less, because {spared} needed and a map "
        "can be freed after its last use."
    )


def kept_notice(rows: Sequence[Kept]) -> str:
    """Which kind of layer keeps most for the backward pass, in a sentence."""
    each = sum(row.each for row in rows)
    if not each:
        return "No layer keeps anything for the backward pass."
    first = rows[0]
    return (
        f"For each image {memory(each)} are kept, most of it by {first.kind}: {memory(first.each)},"
        f" {percent(first.each / each)}."
    )
