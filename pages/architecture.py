"""Architecture: one network, from its paper down to the arithmetic of one layer."""

import streamlit as st

import cnn_models
from analysis.charts import depth, diagram, numbers
from analysis.charts.palette import family_colour
from analysis.structure import comparison, formulas, outline, source
from pages.parts import cached, focus, url

key = focus.choose_one()
spec = cnn_models.spec(key)
st.title(f"How is {spec.display_name} built, and what does each layer cost?")
st.markdown(spec.idea)
paper = spec.paper
title = f"[{paper.title}]({paper.url})" if paper.url else paper.title
st.caption(f"{paper.authors}: {title}, {paper.venue}")

graph = cached.traced(key)
totals = graph.totals()
field = graph.receptive_field()
for column, (label, value, more) in zip(
    st.columns(5),
    (
        ("Parameters", numbers.short(totals.params), numbers.exact(totals.params)),
        ("Multiply-adds", numbers.short(totals.macs), numbers.exact(totals.macs)),
        (
            "Activations",
            numbers.mebibytes(totals.activation_bytes),
            "all outputs of one image, float32",
        ),
        ("Depth", f"{comparison.depth(graph)}", "layers with weights on the longest path"),
        ("Receptive field", f"{field.size[0]} px", "of the last map before the network pools it"),
    ),
    strict=True,
):
    column.metric(label, value, help=more)

left, right = st.columns([3, 2], gap="large")
with left:
    st.subheader("The network, block by block")
    stages = ["all", *outline.stage_names(graph, spec.stages)]
    url.warn_about_unknown("stage", stages)
    opened = st.selectbox(
        "Open a stage",
        stages,
        key="stage",
        bind="query-params",
        format_func=lambda name: "the whole network, by stage" if name == "all" else name,
    )
    drawn = (
        outline.by_stage(graph, spec.stages) if opened == "all" else outline.inside(graph, opened)
    )
    st.graphviz_chart(
        diagram.dot(drawn, family_colour(spec.family)),
        width="stretch",
        alt=f"Diagram of {spec.display_name}: {', '.join(node.label for node in drawn.nodes)}",
    )
with right:
    st.subheader("Paper and code")
    st.dataframe(cached.ledger(key), hide_index=True, width="stretch")
    for departure in spec.departures:
        st.markdown(f"- {departure}")
    st.caption(f"The counts were checked against {spec.counts_source}.")

st.subheader("Where along the depth the cost sits")


@st.fragment
def along_the_depth() -> None:
    chosen = st.segmented_control(
        "Quantity",
        list(depth.QUANTITIES),
        default="macs",
        required=True,
        format_func=lambda name: depth.QUANTITIES[name].label,
        key="quantity",
        bind="query-params",
        label_visibility="collapsed",
    )
    profile, quantity = cached.depth_profile(key), depth.QUANTITIES[chosen or "macs"]
    st.plotly_chart(
        depth.bars(profile, quantity),
        config={"displayModeBar": False},
        alt=f"{quantity.label} of each operation of {spec.display_name}",
    )
    st.markdown(depth.notice(profile, quantity))


along_the_depth()

st.subheader("Layer by layer")


@st.fragment
def layers() -> None:
    table = cached.layer_table(key)
    picked = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=420,
        column_config=cached.LAYER_COLUMNS,
        key=f"layers-{key}",
        on_select="rerun",
        selection_mode="single-row",
    )
    st.download_button(
        "Table as CSV",
        table.to_csv(index=False),
        f"{key}.csv",
        "text/csv",
        icon=":material/download:",
    )
    rows = picked.selection.rows
    if not rows:
        st.caption("Choose a row: its formulas appear here, with the numbers put in.")
        return
    operation = graph.operations[rows[0]]
    with st.container(border=True):
        st.markdown(f"**{operation.name}** · {operation.kind}")
        for formula in formulas.explain(operation):
            st.markdown(
                f"{formula.quantity} = {formula.rule}  \n= {formula.numbers} "
                f"= **{numbers.exact(formula.value)}**"
            )


layers()

st.subheader("The code of the blocks")
for part in source.block_source(spec):
    with st.expander(f"`{part.name}`, {part.file}, line {part.line}"):
        st.code(part.text, language="python", line_numbers=True)
