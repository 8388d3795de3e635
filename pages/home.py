"""Home: eight years of the ImageNet challenge, and the doors to everything else."""

import streamlit as st

from analysis.charts import ilsvrc
from pages.parts import door

door.enter()
st.title("What made convolutional networks better?")
st.markdown(
    "Build the networks of the lectures, count every parameter and multiply-add, put two side by "
    "side, watch what they see in your own picture, and train them."
)

data = ilsvrc.challenge()
# Our own text, escaped. st.html would fetch a script of its own before showing it.
st.markdown(ilsvrc.table(data), unsafe_allow_html=True)
st.markdown(ilsvrc.notice(data))

doors = (
    (
        "architecture",
        "Architecture",
        "Take a network apart",
        "Blocks and branches, every layer with its formula, the source code beside it.",
        {"networks": "googlenet"},
    ),
    (
        "compare",
        "Compare",
        "Put networks side by side",
        "Where VGG-16 spends its parameters, and ResNet-50 its multiply-adds.",
        {"networks": ["vgg16", "resnet50"]},
    ),
    (
        "predict",
        "Predict",
        "Show it a picture",
        "Photograph a handwritten digit: what is it, and how sure is the network?",
        {"networks": "lenet5_modern"},
    ),
    (
        "receptive_field",
        "Receptive field",
        "See what one value sees",
        "Three 3×3 layers against one 7×7, drawn pixel by pixel, and the box on a picture.",
        {},
    ),
    (
        "cost",
        "Cost",
        "Save a factor of three",
        "Slide the widths of an Inception module, and follow every term of the sum.",
        {},
    ),
    (
        "lecture_check",
        "Lecture check",
        "Check the slides",
        "200 numbers of five lecture decks, counted again while you look. Some are wrong.",
        {},
    ),
    (
        "attribution",
        "Attribution",
        "Ask which pixels decided",
        "Every method side by side, for a residual network and its plain twin, on one picture.",
        {"networks": ["cifar_resnet20", "cifar_plain20"]},
    ),
    (
        "grading",
        "Grading",
        "Catch a cheat",
        "One network learned a tag in the corner instead of the object. Which explanation says so?",
        {"networks": "cifar_resnet20", "score": "shortcut"},
    ),
    (
        "paths",
        "Paths",
        "Switch blocks off",
        "Without one of its blocks a residual network still knows most pictures, a plain one few.",
        {"networks": ["cifar_resnet20", "cifar_plain20"]},
    ),
    (
        "depth",
        "Depth",
        "Watch depth fail",
        "56 plain layers learn less than 20. With shortcuts they do not. Train it in class.",
        {},
    ),
    (
        "initialisation",
        "Initialisation",
        "Start it right",
        "What 30 layers make of a signal, with He's weights, with Xavier's, and with zeros.",
        {},
    ),
    (
        "search",
        "Search",
        "Let a network design one",
        "A controller tries 300 networks of 2,048 and learns which are good. Does it beat chance?",
        {},
    ),
    (
        "train",
        "Train",
        "Train your own",
        "Shapes, digits or your own pictures: choose the settings, and watch the errors fall.",
        {"networks": ["cifar_plain20", "cifar_resnet20"]},
    ),
    (
        "transfer",
        "Transfer",
        "Teach it your classes",
        "Ten pictures of each class, a network that knows ten others, and a few seconds.",
        {},
    ),
    (
        "landscape",
        "Landscape",
        "Find the best bargain",
        "Every network as a bubble: parameters, multiply-adds and accuracy, year by year.",
        {},
    ),
)
PER_ROW = 3
st.subheader("To do in class")
for start in range(0, len(doors), PER_ROW):
    row = doors[start : start + PER_ROW]
    for column, (page, label, title, text, query) in zip(st.columns(PER_ROW), row, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"**{title}**  \n{text}")
            st.page_link(
                f"pages/{page}.py",
                label=label,
                icon=":material/arrow_forward:",
                query_params=query,
            )
st.caption(f"Sources of the chart: {data.origin}")
