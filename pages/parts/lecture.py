"""The claims of the decks: checked topic by topic, chosen from, listed, and taken apart."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from analysis.charts import lecture as chart
from analysis.structure import lecture
from analysis.structure.lecture import Check, Claim, Verdict
from pages.parts import cached, columns, url

ALL = "all"
_CLAIM = "claim"  # in the address: the name of the chosen claim
_SEEN = "lecture: the claims have been listed"
_OFTEN = 0.25  # seconds between two drawings of the figure while claims are checked
_HEIGHT = 460
_NAMES = {v.key: v.value for v in sorted(Verdict, key=lambda v: v is Verdict.OPEN)}


def checked(figure: DeltaGenerator, said: DeltaGenerator) -> list[Check]:
    """All claims checked; the figure and the sentence below it are drawn anew on the way."""
    topics = lecture.collection().topics
    done: list[Check] = []
    drawn = 0.0
    for topic, title in topics.items():
        if time.monotonic() - drawn > _OFTEN:
            draw_bars(figure, done)
            said.markdown(f"Checking {title} … {lecture.notice(done)}")
            drawn = time.monotonic()
        done += cached.lecture_checks(topic)
    draw_bars(figure, done)
    said.markdown(lecture.notice(done))
    return sorted(done, key=lambda check: check.claim.id)


def draw_bars(figure: DeltaGenerator, checks: Sequence[Check]) -> None:
    """What is known so far about the claims of each deck."""
    counts = lecture.by_deck(lecture.collection().claims, checks)
    said = ", ".join(f"{counts[key].sum()} {name}" for key, name in _NAMES.items())
    figure.plotly_chart(
        chart.bars(counts, _NAMES),
        config={"displayModeBar": False},
        alt=f"Verdicts on the claims of {len(counts)} decks: {said}",
    )


def choose() -> tuple[str, str, str]:
    """Draw the choice of a deck, a topic and a verdict."""
    claims = lecture.collection()
    places = st.columns(3)
    with places[0]:
        deck = _one("deck", "Deck", "all decks", claims.decks)
    with places[1]:
        topic = _one("topic", "Topic", "all topics", claims.topics)
    with places[2]:
        verdict = _one("verdict", "Verdict", "all verdicts", _NAMES)
    return deck, topic, verdict


def _one(key: str, label: str, everything: str, names: dict[str, str]) -> str:
    titles = {ALL: everything} | names
    with url.kept(key, titles, ALL):
        return st.selectbox(label, list(titles), format_func=titles.__getitem__, key=key)


def among(claims: Sequence[Claim], deck: str, topic: str) -> list[Claim]:
    """The claims of a deck and a topic."""
    return [c for c in claims if deck in (ALL, *c.decks) and topic in (ALL, c.topic)]


def empty_table(place: DeltaGenerator, claims: Sequence[Claim]) -> None:
    """The claims, before any of them is checked; not again once this session has seen them."""
    if _SEEN in st.session_state:
        return
    st.session_state[_SEEN] = True
    place.dataframe(
        lecture.table(claims, []),
        hide_index=True,
        height=_HEIGHT,
        column_config=columns.CLAIMS,
    )


def listing(checks: Sequence[Check], name: str) -> None:
    """Draw the table, its download, and the chosen claim part by part; `name` is the choice."""
    if not checks:
        url.note(_CLAIM, None)
        st.info("No claim fits these three choices. Take back one of them.")
        return
    rows = lecture.table([check.claim for check in checks], checks)
    names = list(rows["claim"])
    asked = url.asked_for(_CLAIM, names)
    picked = st.dataframe(
        rows,
        hide_index=True,
        height=_HEIGHT,
        column_config=columns.CLAIMS,
        key=f"claims of {name}",
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": [names.index(asked)]}} if asked else None,
    )
    st.download_button("Table as CSV", rows.to_csv(index=False), "lecture-claims.csv", "text/csv")
    chosen = picked.selection.rows
    url.note(_CLAIM, names[chosen[0]] if chosen else None)
    if chosen:
        _explain(checks[chosen[0]])
    else:
        st.caption("Tick a row: its claim appears here, part by part, with the numbers compared.")


def _explain(check: Check) -> None:
    claim, titles = check.claim, lecture.collection().decks
    with st.container(border=True):
        st.markdown(f"**{claim.statement}**")
        st.markdown(f"On the slide: “{claim.as_stated}”. Verdict: **{check.verdict.value}**.")
        st.markdown(check.reason)
        if sums := lecture.arithmetic(check.parts):
            st.markdown(sums)
        st.caption(f"{claim.kind}, in {' and '.join(titles[name] for name in claim.decks)}")
        if check.where:
            st.page_link(
                f"pages/{check.where.page}.py",
                label="See where it comes from",
                icon=":material/arrow_forward:",
                query_params=check.where.query,
            )
