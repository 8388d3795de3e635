"""Lecture check: are the numbers on the slides right."""

import streamlit as st

from analysis.structure import lecture
from pages.parts import door
from pages.parts import lecture as parts

door.enter()
st.title("Are the numbers on the slides right?")
claims = lecture.collection().claims
st.markdown(
    f"{len(claims)} numbers and statements of {len(lecture.collection().decks)} lecture decks, "
    "each recomputed here while you look."
)
figure, said = st.empty(), st.empty()
st.caption(
    "A printed number holds after rounding if the computed one gives it at as many significant "
    "digits; zeros at the end of a whole number are not significant, so 60M stands for 1 digit. "
    "Where a claim needs words to be true, the reading says which. A claim that stands in several "
    "decks counts in each."
)

deck, topic, verdict = parts.choose()
shown = parts.among(claims, deck, topic)
place = st.empty()
parts.empty_table(place, shown)
checks = parts.checked(figure, said)
wanted = {claim.id for claim in shown}
kept = [c for c in checks if c.claim.id in wanted and verdict in (parts.ALL, c.verdict.key)]
with place.container():
    st.fragment(parts.listing)(kept, f"{deck}, {topic}, {verdict}")
