"""Train: networks learn here, epoch by epoch, and their curves are compared."""

import inspect

import streamlit as st

from analysis.amounts import listed
from analysis.experiments import training
from pages.parts import data_sets, door, focus
from pages.parts.training import earlier, launch, live, settings, shop, trainable

door.enter()
st.title("How does a network learn?")
keys = trainable.choose(focus.current(titled=True))
runs, folder = data_sets.at_hand(settings.choose(keys))
launch.train(runs, listed([run.title for run in runs]), folder)
ticket = shop.shown()
if ticket:
    live.draw(ticket, earlier.beside(ticket))
earlier.queue()
with st.expander("The training loop, as it runs", icon=":material/code:"):
    st.code(inspect.getsource(training.train_epoch), language="python")
