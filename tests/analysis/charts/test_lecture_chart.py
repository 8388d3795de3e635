from typing import Any

import pandas as pd
import pytest

from analysis.charts import lecture
from analysis.charts.palette import VERDICT_COLOURS
from analysis.structure.lecture import Verdict

NAMES = {verdict.key: verdict.value for verdict in Verdict}
COUNTS = pd.DataFrame(
    [[5, 0, 2, 2, 1], [0, 0, 0, 0, 0]],
    index=pd.Index(["one deck", "a deck without claims"], name="deck"),
    columns=list(NAMES),
)


def test_bars_show_shares_and_say_counts() -> None:
    figure: Any = lecture.bars(COUNTS, NAMES)
    drawn = {trace.name: trace for trace in figure.data if trace.type == "bar"}
    assert list(drawn) == list(NAMES.values())
    assert drawn["holds"].x[0] == pytest.approx(50)
    assert drawn["holds"].text == ("5", "")
    assert sum(trace.x[0] for trace in drawn.values()) == pytest.approx(100)
    assert all(trace.x[1] == 0 for trace in drawn.values())


def test_every_verdict_has_a_colour_of_its_own() -> None:
    assert set(VERDICT_COLOURS) == set(NAMES)
    assert len(set(VERDICT_COLOURS.values())) == len(NAMES)


def test_decks_are_named_above_their_bars_with_their_claims() -> None:
    figure: Any = lecture.bars(COUNTS, NAMES)
    (titles,) = [trace for trace in figure.data if trace.type == "scatter"]
    assert titles.text == ("one deck: 10 claims", "a deck without claims: 0 claims")
