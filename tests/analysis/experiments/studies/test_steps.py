"""Steps that take turns, and how they are told."""

from dataclasses import replace

import pytest

from analysis.experiments.studies import steps
from analysis.experiments.studies.study import CONFIG, arm


def test_every_run_makes_as_many_steps_and_progress_reaches_its_end() -> None:
    config = replace(CONFIG, batch_size=4)
    asked = [arm(f"ResNet-{depth}", "residual", config, depth=depth) for depth in (8, 14)]
    said: list[tuple[int, int]] = []
    times = steps.step_times(asked, 3, lambda done, total: said.append((done, total)))
    assert {label: len(own) for label, own in times.items()} == {"ResNet-8": 3, "ResNet-14": 3}
    assert min(min(own) for own in times.values()) > 0
    assert said == [(done, 5) for done in range(1, 6)]


@pytest.mark.parametrize(("after", "change"), [(0.03, "25% less"), (0.05, "25% more")])
def test_the_notice_compares_the_means(after: float, change: str) -> None:
    said = steps.notice({"all": [0.04, 0.04], "some": [after, after]}, "all", "some")
    assert "40 ms (middle half 40 to 40 ms) with all" in said
    assert said.endswith(f"with some, {change}.")
