"""Cost: what a design decision saves, and the sum that says so."""

import streamlit as st

from analysis.charts import cost_bars, cost_table
from analysis.structure.costs import DECISIONS, BadSizes, Decision, saving
from pages.parts import cached, choices, door, segments
from pages.parts.cost import applied, sizes

door.enter()
st.title("What does a design decision save?")

names = {key: decision.name for key, decision in DECISIONS.items()}
name = segments.choose("saving", names, "inception", "Decision", asked="the decision")
chosen = DECISIONS[name]
st.subheader(chosen.question)
st.markdown(chosen.idea)
values = sizes.main(name, chosen)

with st.container(horizontal=True, vertical_alignment="center"):
    cost = choices.cost(chosen.cost)
    values |= sizes.others(name, chosen)


def in_bars(decision: Decision) -> None:
    sides = decision.sides()
    st.plotly_chart(
        cost_bars.bars(sides, cost.name),
        config={"displayModeBar": False},
        alt=f"{cost.label} by layer of: {', '.join(side.name for side in sides)}",
    )
    st.markdown(saving(decision.before(), decision.after(), cost.name))
    for remark in decision.remarks():
        st.markdown(remark)
    if decision.network:
        st.markdown(decision.in_network(cached.traced(decision.network)))


def in_sums(decision: Decision) -> None:
    st.subheader("The sum, layer by layer")
    for formula in decision.formulas():
        st.markdown(
            f"{formula.quantity} = {formula.rule}  \n= {formula.numbers} = **{formula.value}**"
        )
    st.markdown(cost_table.rules(decision.sides(), cost.name))
    st.markdown(cost_table.html(decision.sides(), cost.name), unsafe_allow_html=True)
    st.caption(decision.source)


try:
    decision = chosen(**values)
except BadSizes as refusal:
    st.warning(str(refusal), icon=":material/straighten:")
else:
    in_bars(decision)
    in_sums(decision)

notes = chosen.deck_notes()
if notes:
    st.subheader("What is printed, and what the sum gives")
    st.markdown(cost_table.notes(notes), unsafe_allow_html=True)

st.subheader("The same decision in a real network")
st.fragment(applied.draw)(name)
