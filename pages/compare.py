"""Compare: two to four networks, side by side."""

import streamlit as st

import cnn_models
from analysis import amounts
from analysis.charts import depth
from analysis.structure import comparison
from pages.parts import cached, choices, columns, door, focus

door.enter()
keys = focus.current()
names = {key: cnn_models.spec(key).display_name for key in keys}
if len(keys) == 1:
    st.title(f"What does {names[keys[0]]} spend, and where?")
else:
    st.title(f"Where do {amounts.listed(names.values())} differ?")
if len(keys) == 1:
    st.info("Add a second network in the sidebar to compare it with this one.")

graphs = {names[key]: cached.traced(key) for key in keys}
profiles = {names[key]: cached.depth_profile(key) for key in keys}
families = {names[key]: cnn_models.spec(key).family for key in keys}


@st.fragment
def depth_chart() -> None:
    quantity = choices.quantity()
    st.plotly_chart(
        depth.curves(profiles, families, quantity),
        config={"displayModeBar": False},
        alt=f"{quantity.label} spent along the depth by {', '.join(profiles)}",
    )
    st.markdown(depth.notice_of_curves(profiles, quantity))


depth_chart()

st.subheader("In numbers")
st.dataframe(comparison.totals(graphs), width="stretch", column_config=columns.TOTALS)

st.caption(f"× says how many times the value of {names[keys[0]]}.")

st.subheader("What differs")
for sentence in comparison.differences(graphs):
    st.markdown(f"- {sentence}")

st.subheader("What the cost is made of")
st.dataframe(
    comparison.cost_by_kind(graphs),
    hide_index=True,
    width="stretch",
    column_config=columns.BY_KIND,
)

st.subheader("Layer tables")
PER_ROW = 2
for start in range(0, len(keys), PER_ROW):
    for column, key in zip(st.columns(PER_ROW), keys[start : start + PER_ROW], strict=False):
        with column:
            st.markdown(f"**{names[key]}**")
            st.dataframe(
                cached.layer_table(key),
                hide_index=True,
                height=520,
                column_config=columns.SIDE_BY_SIDE,
                column_order=list(columns.SIDE_BY_SIDE),
            )
            st.page_link(
                "pages/architecture.py",
                label="Take it apart",
                icon=":material/arrow_forward:",
                query_params={"networks": key},
            )
