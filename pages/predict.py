"""Predict: what each network in focus sees, alone and together, and how sure it is."""

import streamlit as st

from analysis.amounts import listed
from analysis.vision import voices
from pages.parts import door, focus, public, segments

PARTS = {
    "one": "One picture",
    "several": "Several pictures",
    "crops": "Crops",
    "together": "Together",
    "sure": "How sure",
}

door.enter()
keys = focus.current()
verb = "does" if len(keys) == 1 else "do"
st.title(f"What {verb} {listed(map(focus.display_name, keys))} see?")
part = segments.choose("part", PARTS, "one", "Part of the page")
speakers = [voices.voice(key) for key in keys]
if not any(speaker.trained_on for speaker in speakers):
    public.offer_trained()

if part == "one":
    from pages.parts.predict import one

    one.draw(speakers)
elif part == "several":
    from pages.parts.predict import several

    several.draw(speakers)
elif part == "crops":
    from pages.parts.predict import crops

    crops.draw(speakers)
elif part == "together":
    from pages.parts.predict import together

    together.draw(speakers)
else:
    from pages.parts.predict import sure

    sure.draw(speakers)
