"""The deck's square root belongs to the standard deviation."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.experiments.signal import root, variance
from analysis.experiments.signal.root import CLAIMS, RULES
from analysis.experiments.signal.variance import Plan

LEDGER = Path(__file__).parents[4] / "assets" / "lecture_claims.json"


@pytest.mark.parametrize("rule", RULES)
def test_torchs_weights_follow_the_formula_without_the_root(rule: str) -> None:
    rows = root.sampled(rule)
    np.testing.assert_allclose(rows["mean"], rows["plain"], rtol=0.02)
    assert (rows["root"].to_numpy() > 2.5 * rows["mean"].to_numpy()).all()
    grown = variance.measure(Plan(layers=4, width=64, draws=2, functions=("relu",)), 0)
    said = root.sentence(rows, rule, grown)
    assert f"follow **{RULES[rule].inside}** to within" in said
    assert "the root belongs to the **standard deviation**" in said


@pytest.mark.parametrize("rule", RULES)
def test_the_claim_is_the_one_of_the_ledger(rule: str) -> None:
    claims = {c["id"]: c for c in json.loads(LEDGER.read_text(encoding="utf-8"))["claims"]}
    (part,) = claims[CLAIMS[rule]]["parts"]
    assert part["of"] == [rule]
    assert part["text"].startswith("√")
