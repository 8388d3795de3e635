"""What ten looks do for the accuracy of a network that ships with the atlas."""

from __future__ import annotations

import streamlit as st

from analysis.experiments.augmented import at_test
from analysis.experiments.augmented.at_test import Compared
from analysis.progress import Report
from analysis.vision import voices
from analysis.vision.probe import Shared
from pages.parts import focus, looking, url

_NETWORK = "cifar_resnet20"


def draw() -> None:
    """Draw the switch, and what was measured."""
    cost = f"{10 * at_test.IMAGES:,} passes of {focus.display_name(_NETWORK)}"
    with url.kept("measure", [True, False], False):
        wanted = st.toggle("Measure what it is worth", key="measure", help=f"Takes {cost}.")
    if not wanted:
        return
    speaker = voices.voice(_NETWORK)

    def work(shared: Shared, report: Report) -> Compared:
        return at_test.compared(shared, speaker.preprocessing, at_test.IMAGES, report=report)

    with looking.refusals_said(speaker):
        question = ("ten-crop", at_test.IMAGES)
        found = looking.of_network(speaker, question, "Looking ten times at each image", work)
        compared = looking.said(found)
        if compared is not None:
            st.markdown(at_test.notice(focus.display_name(_NETWORK), compared))
