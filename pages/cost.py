"""Cost: what a design decision saves, and the sum that says so."""

import streamlit as st

from analysis.charts import cost_bars, cost_table
from analysis.structure.costs import COSTS, DECISIONS, BadSizes, Decision, saving
from pages.parts import cached, door, segments
from pages.parts.cost import applied, sizes

door.enter()
st.title("What does a design decision save?")

names = {key: decision.name for key, decision in DECISIONS.items()}
name = segments.choose("saving", names, "inception", "Decision", asked="the decision")
chosen = DECISIONS[name]
st.subheader(chosen.question)
st.markdown(chosen.idea)
values = sizes.choose(name, chosen)

labels = {key: cost.label for key, cost in COSTS.items()}
cost = segments.choose("quantity", labels, chosen.cost, "Quantity")


def in_bars(decision: Decision) -> None:
    sides = decision.sides()
    st.plotly_chart(
        cost_bars.bars(sides, cost),
        config={"displayModeBar": False},
        alt=f"{COSTS[cost].label} by layer of: {', '.join(side.name for side in sides)}",
    )
    st.markdown(saving(decision.before(), decision.after(), cost))
    for remark in decision.remarks():
        st.markdown(remark)
    if decision.network:
        st.markdown(decision.in_network(cached.traced(decision.network)))


def in_sums(decision: Decision) -> None:
    st.subheader("The sum, layer by layer")
    st.markdown(cost_table.html(decision.sides(), cost), unsafe_allow_html=True)
    for formula in decision.formulas():
        st.markdown(
            f"{formula.quantity} = {formula.rule}  \n= {formula.numbers} = **{formula.value}**"
        )
    st.caption(chosen.source)


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
    st.markdown(cost_table.notes(notes))

st.subheader("The same decision in a whole network")
applied.draw(name)
