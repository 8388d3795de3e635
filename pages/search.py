"""Search: a controller, evolution and chance look for a network, and what each of them finds."""

import streamlit as st

from pages.parts import door, segments
from pages.parts.search import against_chance, children, costs, shared, watch

PARTS = {
    "watch": ("Watch a controller", watch.draw),
    "chance": ("Against chance", against_chance.draw),
    "cost": ("What a network costs", costs.draw),
    "shared": ("Shared weights", shared.draw),
    "children": ("Train each child", children.draw),
}

door.enter()
st.title("Can a network design networks?")
labels = {name: label for name, (label, _) in PARTS.items()}
part = segments.choose("search", labels, "watch", "Part of the page", asked="the part")
PARTS[part][1]()
