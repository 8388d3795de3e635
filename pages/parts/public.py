"""Whose weights speak, and how to get better ones."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import listed
from analysis.vision.voices import Voice, trained_here
from cnn_models import weights
from pages.parts import fetching, focus


def say_who_speaks(speaker: Voice) -> None:
    """One line on the weights; a button where public ones can be fetched."""
    if speaker.trained_on:
        known = f" It knows {listed(speaker.classes)}." if len(speaker.classes) <= 10 else ""
        st.caption(f":material/verified: {speaker.sentence}.{known}")
        return
    st.warning(f"{speaker.sentence}. Its answers mean nothing.", icon=":material/casino:")
    size = f" ({speaker.size_mib:.0f} MiB)" if speaker.size_mib else ""
    if speaker.fetchable and st.button(f"Fetch weights{size}", key=f"fetch-{speaker.key}"):
        fetching.with_bar(
            lambda report: weights.fetch(speaker.key, progress=report),
            (weights.WeightsUnavailable,),
        )


def offer_trained() -> None:
    """Say that no network in focus has learned anything, and offer those that have."""
    keys = trained_here()
    if not keys:
        return
    with st.container(border=True):
        st.markdown(
            "None of the networks in focus has trained weights on this machine. "
            "These have: they ship with the atlas."
        )
        with st.container(horizontal=True):
            for key in keys:
                focus.offer(focus.display_name(key), [key], ":material/verified:")
