"""What the classifier of this session answers to a picture, as the other networks' answers look."""

from __future__ import annotations

import streamlit as st
from PIL import Image

from analysis.charts import predictions
from analysis.charts.palette import family_colour
from analysis.vision.prediction import top_k
from cnn_models import spec
from pages.parts.transfer.held import Learned


def draw(learned: Learned, image: Image.Image) -> None:
    """Draw the most likely of the user's classes, and say them."""
    found = learned.classifier
    ranked = top_k(found.predict([image])[0], found.classes)
    st.plotly_chart(
        predictions.top_bars(ranked, family_colour(spec(found.key).family)),
        config={"displayModeBar": False},
        key="top of your own classifier",
        alt="The most likely of your classes",
    )
    st.markdown(predictions.notice("Your classifier", ranked))
    st.caption(
        "It knows no other classes, and gives every picture one of these, by its middle square."
    )
