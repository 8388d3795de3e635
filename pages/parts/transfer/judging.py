"""Step 3: how good the classifier is on pictures that it has not learned."""

from __future__ import annotations

import streamlit as st

from analysis.charts import reliability, transfer
from analysis.charts.palette import family_colour
from analysis.charts.wall import wall
from analysis.experiments.folder import Folder
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import cells, probe
from analysis.experiments.transfer.evaluation import Evaluation
from analysis.experiments.transfer.folds import FOLDS, most_folds
from analysis.vision.predicting import calibration
from cnn_models import spec
from pages.parts import segments
from pages.parts.transfer import columns, held, mistakes
from pages.parts.transfer.held import Learned

_SHOWN, _COLUMNS = 12, 6


def draw() -> None:
    """Draw the matrix, the pictures behind it, the classes, the mistakes and the calibration."""
    learned = held.said()
    if learned is None:
        return
    found = _evaluation(learned)
    st.markdown(f"**{found.summary}**")
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.plotly_chart(
            transfer.confusion(found),
            config={"displayModeBar": False},
            alt="How often pictures of each class were given each answer",
        )
    with right:
        st.dataframe(cells.table(found), column_config=columns.CLASSES, hide_index=True)
        _behind(found, learned.folder)
    mistakes.draw(found, learned)
    _calibration(found, family_colour(spec(learned.classifier.key).family))


def _evaluation(learned: Learned) -> Evaluation:
    """The pictures held out, or every picture once where a last layer is refitted in a moment."""
    most = min(FOLDS, most_folds(learned.folder))
    if learned.seen is None or most < 2:
        return learned.classifier.evaluation
    ways = {"split": "A fifth held out", "folds": f"Every picture held out once, {most} folds"}
    if segments.choose("folds", ways, "folds", "Judged by", hidden=False) == "split":
        return learned.classifier.evaluation
    try:
        return probe.cross_validated(learned.seen, most)
    except TrainingError as problem:
        st.warning(str(problem), icon=":material/block:")
        return learned.classifier.evaluation


def _behind(found: Evaluation, folder: Folder) -> None:
    names = cells.named(found)
    chosen = st.selectbox(
        "Pictures behind a cell",
        list(names),
        format_func=names.__getitem__,
    )
    if chosen is None:
        return
    numbers = found.behind(*chosen)[:_SHOWN]
    said = names[chosen]
    st.image(wall(folder.images[numbers].transpose(0, 2, 3, 1), _COLUMNS), alt=said)


def _calibration(found: Evaluation, colour: str) -> None:
    st.subheader("Is it right as often as it is sure?")
    plain = found.reliability()
    st.plotly_chart(
        reliability.diagram(plain, plain, 1.0, colour),
        config={"displayModeBar": False},
        alt="How often it is right against how sure it is",
    )
    st.markdown(calibration.notice("The classifier", plain))
