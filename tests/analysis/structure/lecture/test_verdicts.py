"""Every claim of the lectures has its verdict, for a reason, and a page that shows it."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import cnn_models
from analysis.charts import depth
from analysis.experiments.augmented.ways import WAYS
from analysis.structure import lecture, outline
from analysis.structure.costs import COSTS, DECISIONS
from analysis.structure.graph import Graph
from analysis.structure.lecture import Check, Link, Verdict
from analysis.structure.lecture.results import NotPrinted, result

ROOT = Path(__file__).parents[4]
DATA = ROOT / "tests" / "data"
with (DATA / "lecture_verdicts.csv").open(encoding="utf-8", newline="") as lines:
    EXPECTED = {row["claim"]: row for row in csv.DictReader(lines)}
CATALOGUE = {
    row["key"]: row for row in json.loads((DATA / "catalogue.json").read_text(encoding="utf-8"))
}
CLAIMS = {claim.id: claim for claim in lecture.collection().claims}


def test_all_claims_are_here_once() -> None:
    assert len(lecture.collection().claims) == len(CLAIMS) == 200
    assert list(CLAIMS) == list(EXPECTED)


@pytest.mark.parametrize("claim", EXPECTED)
def test_verdict_and_value(claim: str, checks: dict[str, Check]) -> None:
    check, expected = checks[claim], EXPECTED[claim]
    assert (check.verdict.key, check.computed) == (expected["verdict"], expected["computed"])


def test_no_claim_gets_its_verdict_by_default(checks: dict[str, Check]) -> None:
    asked = {claim.quantity for claim in CLAIMS.values()}
    assert asked == set(lecture.CHECKERS)
    for check in checks.values():
        assert check.reason.endswith("."), check.claim.id
        assert len(check.parts) == len(check.claim.parts)
        for part in check.parts:
            assert part.answer.readings or part.answer.remark


def test_only_what_waits_for_something_is_open(checks: dict[str, Check]) -> None:
    opened = [check for check in checks.values() if check.verdict is Verdict.OPEN]
    assert all("could not be read" in check.reason for check in opened)
    assert {check.claim.kind for check in opened} == {"published"}


def test_what_the_slides_state_is_in_the_sentences() -> None:
    for claim in CLAIMS.values():
        assert claim.statement.endswith(".")
        assert set(claim.decks) <= set(lecture.collection().decks)
        assert claim.topic in lecture.collection().topics
        assert set(claim.networks) <= set(cnn_models.names())


@pytest.mark.parametrize("quantity", ["parameters", "parameters of GoogLeNet"])
def test_parameters_are_those_of_the_catalogue(quantity: str, checks: dict[str, Check]) -> None:
    found = [check for check in checks.values() if check.claim.quantity == quantity]
    assert found
    for check in found:
        assert check.computed == f"{CATALOGUE[check.claim.networks[0]]['params']:,}"


def test_multiply_adds_are_those_of_the_catalogue(checks: dict[str, Check]) -> None:
    gated = [c for c in checks.values() if c.claim.quantity.endswith("with a gate")]
    assert len(gated) == 10
    for check in gated:
        for key, value in zip(
            check.claim.networks, check.computed.split(";")[0].split(" / "), strict=True
        ):
            known = CATALOGUE[key]["macs"]
            assert known is None or int(value.replace(",", "")) == pytest.approx(known, rel=1e-5)


def test_every_link_opens_something(
    checks: dict[str, Check], traced: Callable[[str], Graph]
) -> None:
    links = {lecture.address(c.where): c.where for c in checks.values() if c.where}
    assert len(links) > 50
    for link in links.values():
        assert (ROOT / "pages" / f"{link.page}.py").exists()
        assert set(link.query) <= _KEYS[link.page], link
        _check_values(link, traced)


_KEYS = {
    "architecture": {"networks", "stage", "block", "layer", "quantity"},
    "augmentation": {"vary"},
    "compare": {"networks"},
    "cost": {"saving", "quantity"},
    "depth": set(),
    "landscape": set(),
    "receptive_field": {"part", "layers", "small"},
    "scaling": {"study"},
}


def _check_values(link: Link, traced: Callable[[str], Graph]) -> None:
    query = link.query
    if link.page == "compare":
        assert set(query["networks"]) <= set(cnn_models.names())
        assert 2 <= len(query["networks"]) <= 4
    elif link.page == "augmentation":
        assert query["vary"] in WAYS
    elif link.page == "cost":
        assert query["saving"] in DECISIONS
        assert query["quantity"] in COSTS
    elif link.page == "scaling":
        assert query["study"] == "search"
    elif link.page == "architecture":
        graph = traced(str(query["networks"]))
        stages = outline.stage_names(graph, cnn_models.spec(str(query["networks"])).stages)
        assert query.get("stage", stages[0]) in stages
        assert query.get("quantity", "params") in depth.QUANTITIES
        if "layer" in query:
            graph.operation(str(query["layer"]))
        if "block" in query:
            blocks = outline.inside(graph, str(query["stage"])).nodes
            assert query["block"] in [node.name for node in blocks if node.opens]


def test_printed_numbers_come_from_one_place_or_are_refused() -> None:
    assert result("googlenet | top-5 error | 1 model, 1 crop").text == "10.07%"
    assert result("results | Clarifai 2013").value == 11.7
    for address in ("googlenet | top-5 error | 99 crops", "results | nobody"):
        with pytest.raises(NotPrinted, match="No printed number"):
            result(address)


def test_table_and_counts_agree_with_the_checks(checks: dict[str, Check]) -> None:
    claims = lecture.collection().claims
    rows = lecture.table(claims, checks.values())
    assert list(rows["verdict"]) == [checks[claim.id].verdict.value for claim in claims]
    counts = lecture.by_deck(claims, checks.values())
    stated = Counter(deck for claim in claims for deck in claim.decks)
    assert list(counts.sum(axis=1)) == [stated[deck] for deck in lecture.collection().decks]
    assert set(lecture.table(claims, [])["verdict"]) == {""}
    assert not lecture.by_deck(claims, []).drop(columns="open").to_numpy().any()


def test_notice_counts_what_the_table_holds(checks: dict[str, Check]) -> None:
    counts = Counter(row["verdict"] for row in EXPECTED.values())
    said = lecture.notice(list(checks.values()))
    assert f"{counts['fails']} do not hold" in said
    assert f"{counts['holds'] + counts['rounded']} hold as they stand" in said
    assert "are about GoogLeNet" in said
    assert lecture.notice(list(checks.values())[:5]).startswith("Of the first 5 claims")
