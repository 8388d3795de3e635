"""Features: what the filters and maps of a network respond to."""

import streamlit as st

from analysis.amounts import listed
from analysis.vision import voices
from pages.parts import door, focus, public, segments

PARTS = {"filters": "First filters", "maps": "Feature maps", "excite": "Exciting image"}

door.enter()
keys = focus.current()
st.title(f"What do the filters and maps of {listed(map(focus.display_name, keys))} respond to?")
part = segments.choose("part", PARTS, "maps", "Part of the page")
speaker = voices.voice(focus.choose_one(titled=True))
if not any(voices.voice(key).trained_on for key in keys):
    public.offer_trained()
public.say_who_speaks(speaker)

if part == "filters":
    from pages.parts.features import filters

    filters.draw(speaker)
elif part == "maps":
    from pages.parts.features import maps

    maps.draw(speaker)
else:
    from pages.parts.features import excite

    excite.draw(speaker)
