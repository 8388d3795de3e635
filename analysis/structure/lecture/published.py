"""Claims about measured results: what the papers print, and how it was measured."""

from __future__ import annotations

from collections.abc import Callable

import cnn_models
from analysis.structure.lecture.claims import Claim, Stated
from analysis.structure.lecture.findings import (
    Answer,
    Finding,
    Link,
    Reading,
    Trace,
    architecture,
    compare,
)
from analysis.structure.lecture.results import Result, result
from analysis.structure.operations import FLOAT32_BYTES
from analysis.structure.relatives import FAMILY_NAMES

_TALK = (
    "It stands on the slides of the winners' talk, which could not be read here; no paper of this "
    "atlas prints it."
)


def printed(claim: Claim, trace: Trace) -> Finding:
    """Each part against the number that its paper prints; open where none could be read."""
    answers = (Answer(part, tuple(map(_printed, part.of))) for part in claim.parts)
    return Finding(
        tuple(a if a.readings else Answer(a.stated, (), _TALK) for a in answers), _at(claim)
    )


def _printed(address: str) -> Reading:
    found = result(address)
    return Reading(found.value, how=_told(found), text=found.text)


def _told(found: Result) -> str:
    return f"{found.source}: {found.protocol}"


def _at(claim: Claim) -> Link:
    if not claim.networks:
        return Link("landscape")
    return compare(*claim.networks) if len(claim.networks) > 1 else architecture(*claim.networks)


def challenge(claim: Claim, trace: Trace) -> Finding:
    """Errors of the yearly challenge: one network against the entry, mostly an ensemble."""
    return Finding(tuple(map(_of_entry, claim.parts)), Link("landscape"))


def _of_entry(part: Stated) -> Answer:
    alone, entry = part.of
    found = result(entry)
    meant = f"the number is that of {found.protocol}"
    second = Reading(found.value, meant, how=found.source, text=found.text)
    return Answer(part, (_printed(alone), second))


def printed_in_an_earlier_version(claim: Claim, trace: Trace) -> Finding:
    """SE-MobileNet and SE-ShuffleNet, whose errors the SENet paper changed."""
    base, gated = claim.networks
    name = FAMILY_NAMES[cnn_models.spec(base).family]
    again = result(f"results | {name} re-implemented")
    with_gate = [
        result(f"{gated} | {error} | Table 3").text for error in ("top-1 error", "top-5 error")
    ]
    remark = (
        "The deck shows an earlier version of the SENet paper, which could not be read here. The "
        f"last version prints other numbers: {again.text} re-implemented and "
        f"{' / '.join(with_gate)} with SE (Table 3)."
    )
    answers = (
        Answer(part, tuple(map(_printed, part.of)), "" if part.of else remark)
        for part in claim.parts
    )
    return Finding(tuple(answers), compare(base, gated))


def margin(claim: Claim, trace: Trace) -> Finding:
    """Percentage points between two printed errors, of which each paper has several."""
    wide, deep = claim.networks
    large, small = "batches of 128", "batches of 64"
    on_deck, normalised = "CIFAR-10, ZCA", "CIFAR-10, mean and deviation normalised, median"
    readings = (
        _margin(wide, on_deck, deep, large, ""),
        _margin(
            wide,
            normalised,
            deep,
            large,
            "both networks learn in batches of 128 and WRN-28-10 has the error of Table 5 of its "
            "paper, not that of the table on the slide",
        ),
        _margin(wide, normalised, deep, small, "the pre-activation ResNet learns in batches of 64"),
    )
    return Finding((Answer(claim.parts[0], readings),), compare(wide, deep))


def _margin(wide: str, wide_as: str, deep: str, deep_as: str, words: str) -> Reading:
    more = result(f"{deep} | test error | {deep_as}")
    less = result(f"{wide} | test error | {wide_as}")
    points = round(more.value - less.value, 2)
    return Reading(points, words, how=f"{more.text} − {less.text}, percentage points")


def fewer_errors(claim: Claim, trace: Trace) -> Finding:
    """Whether the first network has fewer errors than the second, with one crop each."""
    first, second = claim.networks
    answers = []
    for part in claim.parts:
        one = result(f"{first} | {part.name} | single centre crop")
        two = result(f"{second} | {part.name} | single centre crop")
        word = "lower" if one.value < two.value else "not lower"
        how = f"{one.text} against {two.text}, one crop each"
        answers.append(Answer(part, (Reading(word, how=how),)))
    return Finding(tuple(answers), compare(first, second))


def compressed_size(claim: Claim, trace: Trace) -> Finding:
    """Bytes of two networks in float32, against what compression made of the smaller one."""
    large, small = (trace(key).totals().params for key in claim.networks)
    ratio, size = claim.parts
    megabytes = small * FLOAT32_BYTES / 10**6
    answers = (
        Answer(ratio, (Reading(large / small, how="float32"), _compressed(ratio, _number))),
        Answer(size, (Reading(f"{megabytes:.2f} MB", how="float32"), _compressed(size, _words))),
    )
    return Finding(answers, compare(*claim.networks))


def _number(found: Result) -> float:
    return found.value


def _words(found: Result) -> str:
    return found.text


def _compressed(part: Stated, value: Callable[[Result], float | str]) -> Reading:
    found = result(part.of[0])
    words = f"the network is {found.protocol}, which this atlas does not do"
    return Reading(value(found), words, how=found.source, text=found.text)
