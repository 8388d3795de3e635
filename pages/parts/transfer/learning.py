"""Step 2: which network learns the classes, how much of it, and the learning."""

from __future__ import annotations

import streamlit as st

from analysis.experiments.folder import Folder
from analysis.experiments.runs import FOLDER, Run
from analysis.experiments.ticket import Ticket
from analysis.experiments.training import TrainingError
from analysis.experiments.transfer import classifier, probe, tuning
from analysis.experiments.transfer.backbones import backbones
from analysis.experiments.transfer.parts import ALL
from analysis.experiments.transfer.probe import Seen
from analysis.progress import Report
from analysis.vision.voices import Voice
from pages.parts import focus, segments, url, work
from pages.parts.training import live, shop, trainable
from pages.parts.transfer import held
from pages.parts.transfer.held import Learned

TITLE = "Your classes"
PROBE, STAGE, WHOLE, FRESH = "probe", "stage", "whole", "fresh"
_WAYS = {
    PROBE: "Last layer only",
    STAGE: "Last stage too",
    WHOLE: "Every layer",
    FRESH: "Every layer, from scratch",
}
_UNFROZEN = {STAGE: 1, WHOLE: ALL, FRESH: ALL}
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
        _tune(_run(voice, way, found, seed), found)
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


def _tune(run: Run, found: Folder) -> None:
    refused = trainable.refusal([run], found)
    st.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        on_click=shop.start,
        disabled=bool(refused),
        args=([run], TITLE, found),
    )
    if refused:
        st.warning(refused, icon=":material/block:")
    else:
        st.caption(trainable.effort_of([run]))
    ticket = shop.shown(TITLE)
    if ticket:
        live.draw(ticket)
        _take(ticket)


def _run(voice: Voice, way: str, found: Folder, seed: int) -> Run:
    learned, tested = found.split(seed)
    return Run(
        network=voice.key,
        data=FOLDER,
        side=voice.preprocessing.crop,
        train=len(learned),
        test=len(tested),
        config=tuning.tuning(len(learned), seed, fresh=way == FRESH),
        label=f"{focus.display_name(voice.key)}, {_WAYS[way].lower()}",
        weights="" if way == FRESH else voice.weights_name,
        unfrozen=_UNFROZEN[way],
    )


def _take(ticket: Ticket) -> None:
    """Keep what a job that is done has learned."""
    before = held.learned()
    if ticket.state != "done" or ticket.job.folder is None or not shop.is_mine(ticket):
        return
    run, progress = ticket.job.runs[0], ticket.progress[0]
    if progress.problem or (before is not None and before.name == _title(run, ticket)):
        return
    try:
        found = classifier.of_run(run, progress.weights, ticket.job.folder)
    except TrainingError as problem:
        st.warning(str(problem), icon=":material/block:")
        return
    held.take_learned(Learned(_title(run, ticket), found, ticket.job.folder))


def _title(run: Run, ticket: Ticket) -> str:
    return f"{run.title} (job {ticket.name})"
