"""Architecture: one network, from its paper down to the arithmetic of one layer."""

import streamlit as st

import cnn_models
from analysis import amounts
from analysis.charts import depth, diagram, ledger_table
from analysis.charts.folding import folded
from analysis.charts.palette import family_colour
from analysis.structure import comparison, table
from pages.parts import cached, choices, door, family, focus, layers

door.enter()
key = focus.choose_one()
spec = cnn_models.spec(key)
st.title(f"How is {spec.display_name} built, and what does each layer cost?")
st.markdown(spec.idea)
paper = spec.paper
title = f"[{paper.title}]({paper.url})" if paper.url else paper.title
st.caption(f"{paper.authors}: {title}, {paper.venue} · [its family in one table](#the-family)")

graph = cached.traced(key)
totals, field = graph.totals(), graph.receptive_field()
facts = {
    "Parameters": (amounts.short(totals.params), amounts.exact(totals.params)),
    "Multiply-adds": (amounts.short(totals.macs), amounts.exact(totals.macs)),
    "Activations": (
        amounts.mebibytes(totals.activation_bytes),
        "All outputs for one image, in float32",
    ),
    "Depth": (str(comparison.depth(graph)), "Layers with weights on the longest path"),
    "Receptive field": (
        f"{max(field.size)} px",
        f"One value of the last map sees {table.sees(field)} pixels of the input",
    ),
}
with st.container(horizontal=True, gap="medium"):
    for label, (value, more) in facts.items():
        st.metric(label, value, help=more, width="content")

st.subheader("The network, block by block")
drawn = folded(choices.part_of(graph, spec.stages))
beside = st.columns([2, 3], gap="large") if diagram.is_narrow(drawn) else (st, st)
with beside[0].container(height=diagram.height(drawn), border=False):
    st.graphviz_chart(
        diagram.dot(drawn, family_colour(spec.family)),
        width="content",
        alt=f"Diagram of {spec.display_name}: "
        + ", ".join(node.label.replace("\n", ": ") for node in drawn.nodes),
    )
ledger = cached.paper_and_code(key)
first, others = ledger_table.opened(ledger.remarks)
with beside[1].container():
    st.subheader("Paper and code, side by side")
    st.markdown(ledger_table.html(ledger), unsafe_allow_html=True)
    st.markdown(ledger_table.bullets(first))
    if others:
        with st.expander(amounts.counted(len(others), "more remark")):
            st.markdown(ledger_table.bullets(others))
    st.caption(
        f"Weights start: {spec.initialisation}.  \n"
        f"The counts were checked against {spec.counts_source}."
    )

st.subheader("Where along the depth the cost sits")


@st.fragment
def along_the_depth() -> None:
    profile, quantity = cached.depth_profile(key), choices.quantity()
    st.plotly_chart(
        depth.bars(profile, quantity),
        config={"displayModeBar": False},
        alt=f"{quantity.label} of each operation of {spec.display_name}",
    )
    st.markdown(depth.notice(profile, quantity))


along_the_depth()

st.subheader("Layer by layer")
st.fragment(layers.table)(key, graph)

st.subheader("The code of the blocks")
for part in cached.code(key):
    with st.expander(f"`{part.name}`, {part.file}, line {part.line}"):
        st.code(part.text, language="python", line_numbers=True)

# Last, since it needs the graphs of all relatives: nothing below it has to move when it comes.
st.subheader("The family", anchor="the-family")
st.fragment(family.section)(key)
