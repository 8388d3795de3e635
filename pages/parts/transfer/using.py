"""Step 4: the classifier answers to a picture, goes to the Predict page, and is taken along."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import mebibytes
from analysis.experiments.transfer import card, export
from pages.parts import pictures
from pages.parts.transfer import held, own_voice


def draw() -> None:
    """Draw the answer to a picture, the card and the downloads."""
    learned = held.learned()
    if learned is None:
        st.info("There is no classifier yet: **2 Train** makes one in seconds.")
        return
    st.caption(learned.name)
    left, right = st.columns([2, 3], gap="large")
    with left:
        image = pictures.choose_like("")
    if image is not None:
        with right:
            own_voice.draw(learned, image)
    st.page_link(
        "pages/predict.py", label="Beside other networks on Predict", icon=":material/image_search:"
    )
    data = export.zipped(learned.classifier)
    st.download_button(
        f"Weights, labels, card and a script that predicts ({mebibytes(len(data))})",
        data,
        export.file_name(learned.classifier),
        "application/zip",
        icon=":material/download:",
        on_click="ignore",
    )
    with st.expander("The card of this classifier", icon=":material/description:"):
        st.markdown(card.card(learned.classifier))
