"""Step 4: the classifier answers to a picture, goes to the Predict page, and is taken along."""

from __future__ import annotations

import streamlit as st
from PIL import Image

from analysis.amounts import mebibytes
from analysis.experiments.transfer import card, export
from pages.parts import focus, pictures, segments, url
from pages.parts.transfer import held, own_voice
from pages.parts.transfer.held import Learned

_PICTURES = {"held": "One that was held out", "other": "Another picture"}


def draw() -> None:
    """Draw the answer to a picture, the card and the downloads."""
    learned = held.said()
    if learned is None:
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        image = _picture(learned)
    if image is not None:
        with right:
            own_voice.draw(learned, image)
    st.page_link(
        "pages/predict.py",
        label="Beside other networks on Predict",
        icon=":material/image_search:",
        query_params={focus.KEY: focus.held()},
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


def _picture(learned: Learned) -> Image.Image | None:
    if segments.choose("shownto", _PICTURES, "held", "Which picture") == "other":
        return pictures.choose_like("")
    numbers = learned.classifier.evaluation.numbers
    with url.kept("heldout", range(1, len(numbers) + 1), 1, label="the number of a picture"):
        place = int(st.number_input("Number", 1, len(numbers), key="heldout", width=140))
    picture = Image.fromarray(learned.folder.images[numbers[place - 1]].transpose(1, 2, 0))
    truth = learned.folder.classes[learned.folder.labels[numbers[place - 1]]]
    st.image(picture, width=224, caption=f"It is of the class {truth}.")
    return picture
