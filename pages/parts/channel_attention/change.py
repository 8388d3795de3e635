"""What the network answers when a gate is changed."""

from __future__ import annotations

import numpy as np
import streamlit as st
import torch

import cnn_models
from analysis.amounts import exact
from analysis.charts import gate_effects as drawing
from analysis.charts.palette import family_colour
from analysis.progress import Report
from analysis.vision.gates import notices
from analysis.vision.gates.effects import KINDS, Effects, effects, without_each
from analysis.vision.gates.effort import PATIENCE, effort, usual_count
from analysis.vision.gates.places import Gate
from analysis.vision.probe import Shared
from analysis.vision.shape_batch import SEED, knows_shapes, shape_batch
from analysis.vision.voices import Voice
from pages.parts import cached, looking
from pages.parts.channel_attention import affordable, network, seen

_FEWEST_CHANNELS, _MOST_CHANNELS = 16, 64  # shut one at a time in one block


def draw(speaker: Voice) -> None:
    """Draw the picture and what becomes of its class; below it, what becomes of many answers."""
    gates = network.gates(speaker.key)
    graph = cached.traced(speaker.key)
    work = effort(graph.totals())
    count = usual_count(speaker, work if speaker.trained_on else PATIENCE)  # few where untrained
    shut = min(_MOST_CHANNELS, max(_FEWEST_CHANNELS, PATIENCE // (4 * work)))
    passes = 1 + len(gates) * len(KINDS)
    left, right = st.columns([2, 3], gap="large")
    with left:
        tensor = seen.picture(speaker)
        gate = network.choose_gate(speaker.key)
    with right:
        if tensor is None or not affordable.is_wanted(
            graph, passes + count + shut, "what changes of the gates do"
        ):
            return
        blocks = seen.over_shapes(speaker, count)
        if blocks is None:
            return
        means = {block.gate.name: block.mean.astype(np.float32) for block in blocks}
        _of_picture(speaker, tensor, gates, means, count)
    _one_by_one(speaker, tensor, gate, shut)
    _of_many(speaker, gates, means, work * passes)


def _of_picture(
    speaker: Voice,
    tensor: torch.Tensor,
    gates: tuple[Gate, ...],
    means: dict[str, np.ndarray],
    count: int,
) -> None:
    """Every block's gate changed in every way, for one picture."""
    found = _effects(speaker, tensor, means, count)
    if found is None:
        return
    name = speaker.classes[int(found.untouched.likeliest[0])]
    st.plotly_chart(
        drawing.change_bars(
            [gate.block for gate in gates],
            {kind: [found.of(g, kind).probability[0] for g in gates] for kind in KINDS},
            float(found.untouched.probability[0]),
            f"probability of {name}",
        ),
        config={"displayModeBar": False},
        key="changed gates and one picture",
        alt=f"Probability of {name} with the gate of each block changed in three ways",
    )
    st.markdown(notices.of_effects(gates, found, name))
    ways = "; ".join(f"{kind.label}: {kind.sentence}" for kind in KINDS.values())
    st.caption(
        f"One gate is changed at a time. {ways[0].upper()}{ways[1:]}. The mean is over {count} "
        f"pictures of the test split of Shapes, seed {SEED}."
    )


def _effects(
    speaker: Voice, tensor: torch.Tensor, means: dict[str, np.ndarray], count: int
) -> Effects | None:
    with seen.refusals_said(speaker):
        return seen.said(
            looking.asked(
                speaker,
                tensor,
                ("changed gates", count, SEED),
                "Changing gates",
                lambda shared, report: effects(shared, tensor, None, means, report),
            )
        )
    return None


def _one_by_one(speaker: Voice, tensor: torch.Tensor, gate: Gate, most: int) -> None:
    """Each channel of one block shut alone; of a wide block those with the strongest gates."""
    read = seen.readings(speaker, tensor)
    if read is None:
        return
    scale = read[network.place_of(speaker.key, gate)].scale[0]
    strongest = np.argsort(-scale, kind="stable")[:most].tolist()
    channels = sorted(strongest) if len(scale) <= most else strongest
    with seen.refusals_said(speaker):
        shares, _ = looking.probabilities(speaker, tensor)
        target = int(shares.argmax())
        values = seen.said(
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


def _of_many(
    speaker: Voice, gates: tuple[Gate, ...], means: dict[str, np.ndarray], work: int
) -> None:
    """How many answers stay right, or stay the same where the network never learned Shapes."""
    count = usual_count(speaker, work, PATIENCE)
    st.markdown("**Over many pictures**")
    if not speaker.trained_on:
        st.caption("Not measured for this network: it learned nothing, so it has nothing to lose.")
        return
    if work * count > 2 * PATIENCE:
        st.caption(
            f"Not measured for this network: {exact(count * (1 + len(gates) * len(KINDS)))} passes "
            f"for {count} pictures would keep a class waiting. A smaller network with gates shows "
            "it."
        )
        return
    with seen.refusals_said(speaker):
        answer = seen.said(
            looking.of_network(
                speaker,
                ("changed gates over shapes", count, SEED),
                "Changing gates for many pictures",
                lambda shared, report: _measured(shared, speaker, count, means, report),
            )
        )
        if answer is None:
            return
        found, labels = answer
        right = "named right" if knows_shapes(speaker) else "with the answer of the whole network"
        st.plotly_chart(
            drawing.change_bars(
                [gate.block for gate in gates],
                {kind: [found.of(g, kind).right(labels) for g in gates] for kind in KINDS},
                found.untouched.right(labels),
                f"pictures {right}",
            ),
            config={"displayModeBar": False},
            key="changed gates and many pictures",
            alt=f"Share of {count} pictures {right}, with the gate of each block changed",
        )
        st.markdown(notices.of_accuracy(gates, found, labels, right, count))
        st.caption(f"Pictures 0 to {count - 1} of the test split of Shapes, seed {SEED}.")


def _measured(
    shared: Shared, speaker: Voice, count: int, means: dict[str, np.ndarray], report: Report
) -> tuple[Effects, np.ndarray]:
    """The effects, and what the answers are compared with: the labels, or the answers untouched."""
    batch = shape_batch(speaker, count)
    known = knows_shapes(speaker)
    found = effects(shared, batch.images, batch.labels if known else None, means, report)
    return found, batch.labels if known else found.untouched.likeliest
