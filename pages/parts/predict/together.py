"""Networks as one: the average of their probabilities, and how often they agree on Shapes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from PIL import Image

from analysis.charts import agreement as heat
from analysis.charts import average as chart
from analysis.charts import errors
from analysis.vision import prediction
from analysis.vision.predicting import agreement, together
from analysis.vision.shape_batch import knows_shapes
from analysis.vision.voices import Voice
from pages.parts import focus, pictures
from pages.parts.predict import asking, offers
from pages.parts.predict.asking import Heard


def draw(speakers: Sequence[Voice]) -> None:
    """Draw the sum of each group of networks on one picture, then its members on Shapes."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        image = pictures.choose(speakers[0])
    groups = together.groups(speakers)
    several = [group for group in groups if len(group) > 1]
    with right:
        for group in groups:
            if len(group) == 1:
                st.caption(together.alone(focus.display_name(group[0].key)))
            elif image is not None:
                _sum(group, image)
        if not several:
            offers.shapes("An average needs two networks that know the same classes.")
    judges = [group for group in several if knows_shapes(group[0])]
    for group in judges:
        _on_shapes(group)
    if several and not judges:
        offers.shapes("Whether an average helps can be counted where truth is known.")


def _sum(group: Sequence[Voice], image: Image.Image) -> None:
    asking.say_who_speak(group)
    heard = [found for speaker in group if (found := asking.hear(speaker, image))]
    if len(heard) < 2:
        return
    mean = together.average(np.stack([found.shares for found in heard]))
    rows = prediction.top_k(mean, heard[0].speaker.classes)
    places = [row.index for row in rows]
    dots = [
        chart.Dots(found.name, found.shares[places], found.colour, chart.SYMBOLS[number])
        for number, found in enumerate(heard)
    ]
    st.plotly_chart(
        chart.bars_with_dots(rows, "average", dots),
        config={"displayModeBar": False},
        key=f"sum with {heard[0].speaker.key}",
        alt=f"Average probabilities: {together.members([found.name for found in heard])}",
    )
    st.markdown(together.notice(rows[0], _firsts(heard)))


def _firsts(heard: Sequence[Heard]) -> dict[str, prediction.Prediction]:
    return {found.name: found.ranked[0] for found in heard}


def _on_shapes(group: Sequence[Voice]) -> None:
    st.subheader("Does the sum help?")
    count, seed = asking.choose_shapes()
    answers = {speaker: found for speaker in group if (found := asking.judge(speaker, count, seed))}
    if len(answers) < 2:
        return
    names = [focus.display_name(speaker.key) for speaker in answers]
    found = list(answers.values())
    labels = found[0].labels
    said = np.stack([one.said for one in found])
    sum_of_all = together.average(np.stack([prediction.softmax(one.scores) for one in found]))
    right = float((sum_of_all.argmax(axis=1) == labels).mean())
    st.plotly_chart(
        errors.bars(
            dict(zip(names, [1 - one.accuracy for one in found], strict=True)),
            1 - right,
            list(map(asking.colour, answers)),
        ),
        config={"displayModeBar": False},
        alt="Share of errors on Shapes of each network and of their average",
    )
    st.markdown(together.verdict(names, [one.accuracy for one in found], right, count))
    left, middle = st.columns(2, gap="large")
    with left:
        st.markdown("**They name the same class**")
        _heat("agreement", names, agreement.agreement(said))
        st.markdown(agreement.notice(names, agreement.agreement(said), count))
    with middle:
        st.markdown("**They name the same wrong class**")
        _heat("same mistakes", names, agreement.same_mistakes(said, labels))
        st.markdown(agreement.mistakes_notice(said, labels, names))
    st.caption(
        f"Images 0 to {count - 1} of the test split of Shapes, seed {seed}. The diagonal of the "
        "second matrix is each network's share of errors."
    )


def _heat(what: str, names: Sequence[str], shares: np.ndarray) -> None:
    st.plotly_chart(
        heat.heat(names, shares),
        config={"displayModeBar": False},
        key=what,
        alt=f"Matrix of networks: {what}",
    )
