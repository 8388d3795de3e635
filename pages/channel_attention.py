"""Channel attention: which channels a network with gates turns up and down."""

import streamlit as st

from analysis.charts.names import short_names
from analysis.vision import voices
from pages.parts import door, focus, public, segments
from pages.parts.channel_attention import network

PARTS = {
    "block": "One block",
    "depth": "Along the depth",
    "classes": "By class",
    "squeeze": "Squeeze and excitation",
    "change": "Change a gate",
    "ratio": "Reduction ratio",
}

door.enter()
title = st.empty()
gated = network.in_focus()
key = network.choose(gated)
(name,) = short_names([focus.display_name(key)]).values()
title.title(f"Which channels does {name} turn up and down?")
speaker = voices.voice(key)
public.say_who_speaks(speaker)
part = segments.choose("part", PARTS, "block", "Part of the page")

if part == "block":
    from pages.parts.channel_attention import block

    block.draw(speaker)
elif part == "depth":
    from pages.parts.channel_attention import depth

    depth.draw(speaker)
elif part == "classes":
    from pages.parts.channel_attention import classes

    classes.draw(speaker)
elif part == "squeeze":
    from pages.parts.channel_attention import squeeze

    squeeze.draw(speaker)
elif part == "change":
    from pages.parts.channel_attention import change

    change.draw(speaker)
else:
    from pages.parts.channel_attention import ratio

    ratio.draw(key)
