"""Augmentation: what it makes of one picture, and how many pictures that are."""

import streamlit as st

from analysis.experiments.augmented import notices, ways
from analysis.experiments.augmented.counting import SIZES
from analysis.experiments.augmented.making import framed
from pages.parts import door, pictures, segments, url
from pages.parts.augmentation import shown, tested

LABELS = {key: way.label for key, way in ways.WAYS.items()}
SEEDS = range(10_000)

door.enter()
st.title("How many pictures are in one picture?")
name = segments.choose("vary", LABELS, "crop", "Augmentation")
way = ways.WAYS[name]
left, right = st.columns([2, 3], gap="large")
with left:
    image = pictures.choose_like("")
    labels = {key: sizes.label for key, sizes in SIZES.items()}
    sizes = SIZES["imagenet"]
    if way.has_sizes:
        chosen = segments.choose("sizes", labels, "imagenet", "Pixels of a side", hidden=False)
        sizes = SIZES[chosen]
    seed = 0
    if way.is_drawn:
        with url.kept("seed", SEEDS, 0):
            seed = int(st.number_input("Seed", SEEDS[0], SEEDS[-1], step=1, key="seed"))
with right:
    st.markdown(f"### {notices.headline(name, sizes)}")
    if image is not None:
        shown.draw(name, framed(image, sizes), sizes, seed)
    if name == "ten":
        tested.draw()
    if sizes is SIZES["imagenet"]:  # the sizes that the lectures speak of
        shown.lectures(name)
st.subheader("Each augmentation and its count")
st.dataframe(ways.table(sizes), hide_index=True)
st.caption(
    "How many pictures one picture can become. A run of training names its augmentation, such as "
    "`crop+flip+cutout`, and draws anew for every batch from its seed."
)
