"""Transfer: a network that has learned something else learns the user's own classes."""

import streamlit as st

from pages.parts import door, segments

PARTS = {
    "pictures": "1 Pictures",
    "train": "2 Train",
    "evaluate": "3 Evaluate",
    "use": "4 Use",
    "curves": "How many pictures?",
}

door.enter()
st.title("Can a network learn your own classes?")
part = segments.choose("transfer", PARTS, "pictures", "Part of the page", asked="the part")

if part == "pictures":
    from pages.parts.transfer import material

    material.draw()
elif part == "train":
    from pages.parts.transfer import learning

    learning.draw()
elif part == "evaluate":
    from pages.parts.transfer import judging

    judging.draw()
elif part == "use":
    from pages.parts.transfer import using

    using.draw()
else:
    from pages.parts.transfer import curves

    curves.draw()
