"""Step 2: which network learns the classes, how much of it, and the learning."""

from __future__ import annotations

import streamlit as st

from analysis.amounts import counted
from analysis.experiments.folder import Folder
from analysis.experiments.runs import FOLDER, Run
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import classifier, parts, probe, tuning
from analysis.experiments.transfer.backbones import backbones
from analysis.experiments.transfer.parts import ALL
from analysis.experiments.transfer.probe import Seen
from analysis.progress import Report
from analysis.vision.voices import Voice
from pages.parts import focus, segments, url, work
from pages.parts.transfer import held, tuned
from pages.parts.transfer.held import Learned

PROBE, STAGES, WHOLE, FRESH = "probe", "stage", "whole", "fresh"
_WAYS = {
    PROBE: "Last layer only",
    STAGES: "Last stages too",
    WHOLE: "Every layer",
    FRESH: "Every layer, from scratch",
}
_SEEDS = range(1000)


def draw() -> None:
    """Draw the choices, the button, the run, and what came of it."""
    found = held.folder()
    st.markdown(found.summary)
    voice = _backbone()
    way = segments.choose("way", _WAYS, PROBE, "What learns", hidden=False)
    with url.kept("lot", _SEEDS, 0, label="the seed"):
        seed = int(st.number_input("Seed", 0, _SEEDS[-1], key="lot", width=140))
    if way == PROBE:
        _probe(voice, found, seed)
    else:
        tuned.draw(_run(voice, way, found, seed), found)
    learned = held.learned()
    if learned is not None and held.is_of_these(learned):
        st.markdown(
            f"**{learned.name}**: {learned.classifier.evaluation.summary} "
            "Next: **3 Evaluate** and **4 Use**."
        )


def _backbone() -> Voice:
    voices = {f"{voice.key} {voice.weights_name}": voice for voice in backbones()}
    with url.kept("backbone", voices, next(iter(voices)), label="the network"):
        chosen = st.selectbox(
            "Network to start from",
            list(voices),
            format_func=lambda name: (
                focus.display_name(voices[name].key) + f", {voices[name].weights_name}"
            ),
            key="backbone",
        )
    voice = voices[str(chosen)]
    st.caption(f"{voice.sentence}.")
    return voice


def _probe(voice: Voice, found: Folder, seed: int) -> None:
    st.caption(
        "Every picture goes through the frozen network once; then a last layer is fitted to what "
        "the network made of them, by logistic regression. The seed says which fifth of the "
        "pictures is held out."
    )
    if not st.button("Train", type="primary", icon=":material/play_arrow:"):
        return

    def look(report: Report) -> Seen:
        return probe.look(voice, found, report)

    name = ("features", voice.key, voice.weights_name, held.name_of(found))
    try:
        seen = work.result(name, "The network looks at pictures", look)
        if seen:
            how = f"{focus.display_name(voice.key)}, last layer only"
            held.take_learned(Learned(how, classifier.of_probe(seen, seed), found, seen))
    except TrainingError as problem:
        st.warning(str(problem), icon=":material/block:")


def _run(voice: Voice, way: str, found: Folder, seed: int) -> Run:
    learned, tested = found.split(seed)
    unfrozen = _stages(voice.key) if way == STAGES else ALL
    return Run(
        network=voice.key,
        data=FOLDER,
        side=voice.preprocessing.crop,
        train=len(learned),
        test=len(tested),
        config=tuning.tuning(len(learned), seed, fresh=way == FRESH),
        label=f"{focus.display_name(voice.key)}, {_said(way, unfrozen)}",
        weights="" if way == FRESH else voice.weights_name,
        unfrozen=unfrozen,
    )


def _said(way: str, unfrozen: int) -> str:
    """What learns, in a few words."""
    if way != STAGES:
        return _WAYS[way].lower()
    return f"last {counted(unfrozen, 'stage')} too" if unfrozen > 1 else "last stage too"


def _stages(key: str) -> int:
    """How many stages before the last layer learn, by the name of the first of them."""
    last = dict(enumerate(reversed(tuple(parts.of_key(key).stages)), start=1))
    counts = [count for count in last if count < len(last)] or [1]
    with url.kept("since", counts, 1, label="the stages that learn"):
        chosen = st.selectbox(
            "First stage that learns",
            counts,
            format_func=lambda count: f"{last[count]} ({counted(count, 'stage')})",
            key="since",
            width=260,
        )
    return int(chosen)
