"""Paths: which blocks, connections, columns and heads of a network its answer needs."""

import streamlit as st

from pages.parts import door, focus, segments
from pages.parts.paths import offered

door.enter()
st.title("Which paths does a network need?")
has = offered.by_kind(focus.current(titled=True))
labels = {kind: offered.LABELS[kind] for kind, keys in has.items() if keys}
part = segments.choose("part", labels, next(iter(labels)), "Part of the page")

if part == "blocks":
    from pages.parts.paths import blocks

    blocks.draw(has[part])
elif part == "reuse":
    from pages.parts.paths import reuse

    reuse.draw(has[part])
elif part == "columns":
    from pages.parts.paths import columns

    columns.draw(has[part])
else:
    from pages.parts.paths import heads

    heads.draw(has[part])
offered.offer_others(has)
