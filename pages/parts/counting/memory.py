"""What training and inference hold in memory, for a batch, an optimiser and a precision."""

from __future__ import annotations

import streamlit as st

import cnn_models
from analysis.charts import memory
from analysis.structure import gpu_memory, memory_tables, training_memory
from analysis.structure.training_memory import MOST_IMAGES, OPTIMISERS, PRECISIONS
from pages.parts import url
from pages.parts.counting import columns, counts

STEP = "one training step, followed"  # of this session, not in the address


def section(key: str) -> None:
    """Draw the choices, the bars, and the sums with their numbers."""
    images, optimiser, precision = _choices()
    name = cnn_models.spec(key).display_name
    place = st.container()
    facts = counts.footprint(key, precision)
    training = training_memory.training(facts, images, optimiser, precision)
    inference = training_memory.inference(facts, images, precision)
    estimate = training_memory.total(training)
    measured, line = _measured(key, images, optimiser, precision, estimate)
    with place:
        st.plotly_chart(
            memory.bars({"Training": training, "Inference": inference}, measured),
            config={"displayModeBar": False},
            alt=f"Memory of {name} in training and in inference, part by part",
        )
        st.markdown(memory.notice(name, images, training, inference))
    st.caption(line)
    st.subheader("The sums, with the numbers put in")
    st.dataframe(
        memory_tables.sums(training, inference),
        hide_index=True,
        width="stretch",
        column_config=columns.SUMS,
    )
    st.caption(memory_tables.SUMS_RULE)
    st.subheader("What backward needs")
    st.dataframe(
        memory_tables.kept(facts.kept),
        hide_index=True,
        width="stretch",
        column_config=columns.KEPT,
    )
    st.markdown(memory.kept_notice(facts.kept))
    st.caption(memory_tables.KEPT_RULE)
    st.subheader("What PyTorch really holds")
    st.markdown(memory_tables.held(facts.worst, counts.inference_peak(key, images, precision)))
    _step(key, images, precision, optimiser, estimate)


def _choices() -> tuple[int, str, str]:
    batch, stepper, width = st.columns(3)
    with batch, url.kept("images", range(1, MOST_IMAGES + 1), 32, label="a batch of"):
        images = st.number_input("Images in a batch", 1, MOST_IMAGES, key="images")
    with stepper, url.kept("optimiser", OPTIMISERS, "adam", label="the optimiser"):
        optimiser = st.selectbox(
            "Optimiser",
            list(OPTIMISERS),
            format_func=lambda one: OPTIMISERS[one].label,
            key="optimiser",
        )
    with width, url.kept("precision", PRECISIONS, "float32", label="the precision"):
        precision = st.selectbox(
            "Precision",
            list(PRECISIONS),
            format_func=lambda one: PRECISIONS[one].label,
            key="precision",
        )
    return int(images), optimiser, precision


def _measured(
    key: str, images: int, optimiser: str, precision: str, estimate: int
) -> tuple[dict[str, int], str]:
    """The peaks on the GPU, if there is one, and a line on them."""
    device = gpu_memory.device_name()
    if device is None:
        return {}, "This machine has no GPU that torch can use, so no peak is measured beside it."
    peaks = counts.on_gpu(key, images, optimiser, precision, estimate)
    if isinstance(peaks, str):
        return {}, peaks
    return dict(zip(("Training", "Inference"), peaks, strict=True)), (
        f"The marks are the peaks that torch measured on {device}, with its workspace."
    )


@st.fragment
def _step(key: str, images: int, precision: str, optimiser: str, estimate: int) -> None:
    if st.button("Follow every tensor through one training step", key=STEP):
        peak = counts.training_peak(key, images, precision, optimiser)
        st.markdown(peak if isinstance(peak, str) else memory_tables.stepped(peak, estimate))
