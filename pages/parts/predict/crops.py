"""Several looks at one picture, each with its answer, and their average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from PIL import Image

from analysis.charts import average as chart
from analysis.charts import crop_windows
from analysis.progress import Report
from analysis.vision import prediction, sight
from analysis.vision.predicting import crops, crops_notice, dense, together
from analysis.vision.probe import Shared
from analysis.vision.voices import Voice
from pages.parts import cached, focus, looking, pictures, segments
from pages.parts.predict import asking

_LABELS = {key: protocol.label for key, protocol in crops.PROTOCOLS.items()} | {"dense": "Dense"}
_WIDTH = 150  # pixels, so that five stand in a row


@dataclass(frozen=True, eq=False)
class _Looked:
    """What one network was given, and its answers (N, classes)."""

    speaker: Voice
    looks: crops.Looks
    shares: np.ndarray


@st.cache_data(max_entries=cached.MOST, show_spinner="Trying other sizes …")
def _refusal(speaker: Voice) -> str:
    return dense.refusal(speaker)


@st.cache_data(max_entries=cached.MOST, show_spinner=False)
def _work(speaker: Voice) -> int:
    return crops_notice.work_of_one(speaker)


def draw(speakers: Sequence[Voice]) -> None:
    """Draw the choice of a picture and of a protocol, each network's average, and the looks."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        image = pictures.choose(speakers[0])
    with right:
        default = "ten" if any(speaker.trained_on for speaker in speakers) else "flip"
        looks = segments.choose("looks", _LABELS, default, "Looks at the picture", hidden=False)
        st.markdown(crops_notice.DENSE if looks == "dense" else crops.PROTOCOLS[looks].sentence)
        if image is None:
            return
        asking.say_who_speak(speakers)
        looked = [found for found in _networks(speakers, image, looks) if found]
    if looked:
        _each_look(looked)


def _networks(speakers: Sequence[Voice], image: Image.Image, looks: str) -> list[_Looked | None]:
    found = []
    for start in range(0, len(speakers), 2):
        pair = speakers[start : start + 2]
        for place, speaker in zip(st.columns(len(pair), gap="large"), pair, strict=True):
            with place:
                found.append(_network(speaker, image, looks))
    return found


def _network(speaker: Voice, image: Image.Image, looks: str) -> _Looked | None:
    name = focus.display_name(speaker.key)
    st.markdown(f"#### {name}")
    try:
        return _dense(speaker, image) if looks == "dense" else _crops(speaker, image, looks)
    except crops.CannotLook as refusal:
        st.info(str(refusal), icon=":material/block:")
    except looking.REFUSALS as refusal:
        st.warning(f"{name} cannot answer: {refusal}", icon=":material/block:")
    return None


def _crops(speaker: Voice, image: Image.Image, protocol: str) -> _Looked | None:
    seen = crops.looks(image, speaker, protocol)
    name = focus.display_name(speaker.key)
    found = asking.scores(speaker, seen.tensor, f"{name} looks at {len(seen.windows)} images")
    if not found:
        return None
    shares = prediction.softmax(found[0])
    _average(speaker, shares)
    st.markdown(crops_notice.of_crops(name, speaker.classes, shares, _work(speaker)))
    if found[1]:
        st.caption(found[1])
    return _Looked(speaker, seen, shares)


def _dense(speaker: Voice, image: Image.Image) -> None:
    refused = _refusal(speaker)
    if refused:
        raise crops.CannotLook(refused)
    name = focus.display_name(speaker.key)

    def work(shared: Shared, report: Report) -> dense.DenseAnswer:
        return dense.dense(shared, image, speaker, report)

    inputs = dense.inputs(image, speaker)
    whole = torch.cat([x.flatten() for x in inputs])
    sizes = tuple(tuple(x.shape) for x in inputs)  # an even picture is the same upright and lying
    label = f"{name} slides over the picture"
    found = looking.asked(speaker, whole, ("dense", sizes), label, work)
    if found:
        _average(speaker, found[0].shares)
        st.markdown(crops_notice.of_dense(name, speaker, found[0]))
        if found[1]:
            st.caption(found[1])


def _average(speaker: Voice, shares: np.ndarray) -> None:
    rows = prediction.top_k(together.average(shares), speaker.classes)
    places = [row.index for row in rows]
    colour = asking.colour(speaker)
    dots = [chart.Dots("each look", share[places], colour) for share in shares]
    st.plotly_chart(
        chart.bars_with_dots(rows, "average", chart.one_in_legend(dots)),
        config={"displayModeBar": False},
        key=f"average of {speaker.key}",
        alt=f"Average over the looks of {focus.display_name(speaker.key)}, with each look",
    )


def _each_look(looked: Sequence[_Looked]) -> None:
    st.subheader("Each look alone")
    names = {found.speaker.key: focus.display_name(found.speaker.key) for found in looked}
    shown = looked[0].speaker.key
    if len(names) > 1:
        shown = segments.choose("shown", names, shown, "Network", asked="the network")
    found = next(one for one in looked if one.speaker.key == shown)
    seen = found.looks
    if seen.note:
        st.caption(seen.note)
    labels = [window.label for window in seen.windows]
    captions = crops_notice.captions(found.speaker.classes, found.shares, labels)
    with st.container(horizontal=True):
        for patch, caption in zip(seen.patches, captions, strict=True):
            st.image(sight.enlarged(patch), caption=caption, width=_WIDTH)
    if len(labels) > 2:
        st.image(
            crop_windows.drawn(seen.picture, seen.windows),
            caption="Where they are cut out; the mirror images have the same windows",
            width=320,
        )
