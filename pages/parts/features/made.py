"""The image that was made for a unit, beside its start and the best of the real pictures."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import streamlit as st

from analysis.charts import climb
from analysis.charts.palette import family_colour
from analysis.progress import Report
from analysis.structure.operations import Operation
from analysis.vision.features import ascent, excite, judged, notice
from analysis.vision.features.ascent import Plan
from analysis.vision.features.excite import Excited
from analysis.vision.features.real import Real, real
from analysis.vision.features.units import Unit
from analysis.vision.probe import Shared
from analysis.vision.sight import enlarged
from analysis.vision.voices import Voice
from cnn_models import spec
from pages.parts import looking
from pages.parts.features import layer

Result = TypeVar("Result")

_SIDE = 156  # pixels of a picture; on a telephone two fit beside each other


@dataclass(frozen=True)
class Wish:
    """A class, or a channel of a layer: the strongest if `index` is None, at one `place` or all."""

    index: int | None
    op: Operation | None = None
    place: tuple[int, int] | None = None

    @property
    def where(self) -> tuple[str, tuple[int, int] | None]:
        """What tells this wish from others, besides the index."""
        return self.op.name if self.op else "class", self.place


@st.cache_resource(max_entries=16, show_spinner="Collecting real pictures …")
def _real(speaker: Voice) -> Real:
    return real(speaker)


def draw(speaker: Voice, wish: Wish, plan: Plan) -> None:
    """Make the image and draw it; nothing more if the user stops the work."""
    index = _index(speaker, wish, plan)
    if index is None:
        return
    unit, name = _unit(speaker, wish, index), _name(speaker, wish, index)
    limits = excite.limits_of(speaker.preprocessing, speaker.reads_ink)
    found = _asked(
        speaker,
        plan,
        ("climb", plan, wish.where, index),
        "Climbing",
        lambda shared, report: excite.excite(
            shared, unit, speaker.input_shape, plan, limits, report
        ),
    )
    pictures = _real(speaker)
    values = _asked(
        speaker,
        plan,
        ("real", wish.where, index),
        "Real pictures",
        lambda shared, report: excite.values_of(shared, unit, pictures.images, report),
    )
    if found is not None and values is not None:
        _show(speaker, name, plan, found, values)


def _show(speaker: Voice, name: str, plan: Plan, found: Excited, values: np.ndarray) -> None:
    limits, pictures = excite.limits_of(speaker.preprocessing, speaker.reads_ink), _real(speaker)
    best = int(values.argmax())
    st.subheader(f"What excites {name}?")
    shown = {
        f"Made for it: **{notice.number(found.after)}**": found.image,
        f"Best real picture, {pictures.shows[best]}: **{notice.number(values[best])}**": (
            pictures.images[best]
        ),
        f"The start, noise: **{notice.number(found.before)}**": found.start,
    }
    with st.container(horizontal=True):
        for caption, image in shown.items():
            with st.container(width=_SIDE):
                st.image(enlarged(excite.picture(image, limits)), width="stretch")
                st.caption(caption)
    st.markdown(judged.of_excited(name, found, values, pictures))
    st.plotly_chart(
        climb.climb(
            found.values,
            float(values.max()),
            float(np.median(values)),
            family_colour(spec(speaker.key).family),
        ),
        config={"displayModeBar": False},
        key="climb of the value",
        alt=f"Value of {name} over {plan.steps} steps, with the levels of real pictures",
    )
    st.caption(judged.of_plan(plan))


def _index(speaker: Voice, wish: Wish, plan: Plan) -> int | None:
    if wish.index is not None or wish.op is None:
        return wish.index
    way, images = layer.way_to(speaker, wish.op.name), _real(speaker).images
    return _asked(
        speaker,
        plan,
        ("most excited", wish.op.name),
        "Looking for the strongest channel",
        lambda shared, report: excite.most_excited(shared, way, images, report),
    )


def _unit(speaker: Voice, wish: Wish, index: int) -> Unit:
    op = wish.op
    if op is None:
        return Unit(index)
    bends = op.kind.startswith("ReLU") and op.inputs[0] != "input"
    before = layer.way_to(speaker, op.inputs[0]) if bends else None
    return Unit(index, layer.way_to(speaker, op.name), wish.place, before)


def _name(speaker: Voice, wish: Wish, index: int) -> str:
    if wish.op is None:
        return f"the score of {speaker.classes[index]}"
    if wish.place is None:
        return f"channel {index} of `{wish.op.name}`"
    row, column = wish.place
    return f"channel {index} of `{wish.op.name}`, row {row + 1}, column {column + 1}"


def _asked(
    speaker: Voice,
    plan: Plan,
    question: Hashable,
    label: str,
    work: Callable[[Shared, Report], Result],
) -> Result | None:
    limits = excite.limits_of(speaker.preprocessing, speaker.reads_ink)
    start = ascent.noise(speaker.input_shape, plan.seed, limits)
    answer = looking.asked(speaker, start, question, label, work)
    return None if answer is None else answer[0]
