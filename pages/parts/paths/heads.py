"""Auxiliary heads predicting early, beside the main head."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
import torch

from analysis.vision.paths import heads
from analysis.vision.probe import Shared
from analysis.vision.voices import Voice, voice
from pages.parts import cached, focus, looking, public
from pages.parts.paths import asking
from pages.parts.paths.columns import says


@st.cache_resource(max_entries=1, show_spinner="Loading the network with its heads …")
def _with_heads(speaker: Voice, where: str) -> Shared:
    return Shared(heads.load_with_heads(speaker, torch.device(where)))


def draw(keys: Sequence[str]) -> None:
    """Draw what each head says of a picture."""
    speaker = voice(asking.one_of(keys))
    name, graph = focus.display_name(speaker.key), cached.traced(speaker.key)
    left, right = st.columns([2, 3], gap="large")
    with left:
        tensor = asking.seen_by(speaker)
    with right:
        public.say_who_speaks(speaker)
        if tensor is None:
            return
        parts = asking.answer(
            speaker,
            ("heads", looking.digest(tensor)),
            f"Heads of {name}",
            lambda shared, _: heads.predictions(shared, tensor, graph),
            _with_heads,
        )
        if parts is not None:
            st.markdown("**Most likely class of the picture**")
            says(speaker, parts, heads.note(speaker))
