"""Blocks switched off: one, some, or more and more of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
import torch

import cnn_models
from analysis.amounts import listed
from analysis.charts import block_removal, predictions
from analysis.charts.palette import family_colour
from analysis.vision.paths import lesions, off
from analysis.vision.paths.block import Block
from analysis.vision.paths.found import EXAMPLES
from analysis.vision.paths.lesions import Fall
from analysis.vision.prediction import top_k
from analysis.vision.voices import Voice, voice
from pages.parts import focus, public, segments, url
from pages.parts.paths import asking, offered

_TRIALS = {"more": "More and more blocks", "one": "One block at a time"}
_CHARTS = {"more": block_removal.more_and_more, "one": block_removal.one_at_a_time}


def draw(keys: Sequence[str]) -> None:
    """Count right answers without blocks, then switch some off for one picture."""
    speakers = asking.judged(keys)
    if not speakers:
        speakers = asking.judged(EXAMPLES["blocks"])
        st.info(
            f"{offered.names(keys)} did not learn Shapes, so right answers cannot be counted. "
            f"{offered.names(EXAMPLES['blocks'])}, which did, stand here."
        )
    _accuracy(speakers)
    st.subheader("On a picture")
    others = [speaker.key for speaker in speakers if speaker.key not in keys]
    _on_picture(asking.one_of([*keys, *others], speakers[0].key))


def _accuracy(speakers: Sequence[Voice]) -> None:
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        trial = segments.choose("trial", _TRIALS, "more", "Which blocks go")
    with right, st.popover("How it is measured", width="stretch"):
        count = asking.how_many()
        with url.kept("shuffle", range(1000), 0, label="the seed"):
            seed = st.number_input("Seed of the random orders", 0, 999, key="shuffle")
    falls: dict[str, Fall] = {}
    families = {}
    for speaker in speakers:
        name = focus.display_name(speaker.key)
        found = _fall(speaker, name, count, int(seed))
        if found is not None:
            falls[name], families[name] = found, cnn_models.spec(speaker.key).family
    if not falls:
        return
    st.plotly_chart(
        _CHARTS[trial](falls, families, lesions.CHANCE),
        config={"displayModeBar": False},
        key="blocks off",
        alt=f"Share of pictures that {listed(falls)} get right with blocks switched off",
    )
    st.markdown("  \n".join(lesions.notice(name, found) for name, found in falls.items()))
    st.caption(lesions.protocol(next(iter(falls.values()))))


def _fall(speaker: Voice, name: str, count: int, seed: int) -> Fall | None:
    blocks = offered.paths(speaker.key).blocks.removable
    return asking.answer(
        speaker,
        ("fall", count, seed),
        f"{name} without blocks",
        lambda shared, report: lesions.fall(
            shared, blocks, asking.test_pictures(speaker, count), seed, report
        ),
    )


def _on_picture(key: str) -> None:
    speaker, blocks = voice(key), offered.paths(key).blocks
    st.markdown(blocks.sentence())
    gone = _choose(blocks.removable)
    left, right = st.columns([2, 3], gap="large")
    with left:
        tensor = asking.seen_by(speaker)
    with right:
        public.say_who_speaks(speaker)
        if tensor is not None:
            _compare(speaker, tensor, gone)


def _choose(blocks: Sequence[Block]) -> list[Block]:
    """The blocks to switch off; one by default, so that there is something to compare."""
    names = [block.name for block in blocks]
    with url.kept("off", names, names[1:2] or names[:1], len(names), "blocks"):
        chosen = st.pills(
            "Blocks that are switched off", names, selection_mode="multi", wrap=True, key="off"
        )
    return [block for block in blocks if block.name in chosen]


def _compare(speaker: Voice, tensor: torch.Tensor, gone: Sequence[Block]) -> None:
    name = focus.display_name(speaker.key)
    names = tuple(block.name for block in gone)
    found = asking.answer_to(
        speaker,
        tensor,
        ("without", names),
        f"{name} without blocks",
        lambda shared, _: [off.predict_without(shared, tensor, some)[0] for some in ((), gone)],
    )
    if found is None:
        return
    whole, rest = found
    ranked = [top_k(shares, speaker.classes, 3) for shares in (whole, rest)]
    colour = family_colour(cnn_models.spec(speaker.key).family)
    for title, rows in zip(("All blocks", off.named(names)), ranked, strict=True):
        st.markdown(f"**{title}**")
        st.plotly_chart(
            predictions.top_bars(rows, colour),
            config={"displayModeBar": False},
            key=f"paths {title[:3]}",
            alt=f"The most likely classes for {name}: {title.lower()}",
        )
    st.markdown(
        off.notice(name, ranked[0][0], ranked[1][0], float(rest[ranked[0][0].index]), len(gone))
    )
