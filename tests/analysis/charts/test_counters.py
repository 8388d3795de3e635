"""The bars of the counts and of the memory are as long as the numbers they stand for."""

from collections import Counter
from typing import Any

import pytest

from analysis.charts import counters, memory
from analysis.structure import described
from analysis.structure.counters import differences
from analysis.structure.counters.subject import subject
from analysis.structure.saved_tensors import Kept
from analysis.structure.training_memory import Part


def traces(figure: Any) -> list[Any]:
    """The figure's traces; Plotly's own types do not say what they hold."""
    return list(figure.data)


def compared(key: str) -> differences.Comparison:
    return differences.compare(subject(key, described.traced(key)))


@pytest.mark.parametrize("key", ["lenet5_modern", "cifar_se_resnet20"])
def test_segments_sum_to_what_each_tool_prints(key):
    comparison = compared(key)
    printed, added = Counter(), Counter()
    for bar in traces(counters.bars(comparison)):
        sums = printed if bar.yaxis == "y" else added
        sums.update(dict(zip(bar.y, bar.x, strict=True)))
    ours = comparison.accounts["CNN Atlas"].count.total
    for tool, account in comparison.accounts.items():
        assert printed[tool] == account.count.total
        assert ours + added[tool] == account.count.total / account.unit


def test_each_cause_stands_in_the_legend_once():
    figure = counters.bars(compared("cifar_resnet20"))
    named = [bar.name for bar in traces(figure) if bar.showlegend]
    assert len(named) == len(set(named)) == len({bar.name for bar in traces(figure)})


TRAINING = (Part("Weights", 3 * 2**30, "", ""), Part("Activations", 2**30, "", ""))
INFERENCE = (Part("Weights", 3 * 2**30, "", ""),)


def test_memory_is_drawn_in_the_unit_of_its_axis():
    figure: Any = memory.bars({"Training": TRAINING, "Inference": INFERENCE}, {"Training": 2**32})
    drawn = {trace.name: tuple(trace.x) for trace in traces(figure)}
    assert drawn == {"Weights": (3, 3), "Activations": (1, 0), "Measured peak": (4,)}
    assert figure.layout.xaxis.title.text == "GiB"


def test_memory_sentences_quote_the_numbers():
    said = memory.notice("Net", 1, TRAINING, INFERENCE)
    assert "on one image takes 4 GiB: weights 75.0% and activations 25.0%" in said
    assert "Inference takes 3 GiB, 1.33 times less, because no gradients are needed" in said
    adam = (*TRAINING, Part("Optimiser state", 2**31, "", ""))
    assert "no optimiser state are needed" in memory.notice("Net", 1, adam, INFERENCE)
    assert "3 MiB are kept, most of it by ReLU: 2 MiB, 66.7%" in memory.kept_notice(
        [Kept("ReLU", 0, 2 * 2**20), Kept("convolution", 0, 2**20)]
    )
    assert memory.kept_notice([]) == "No layer keeps anything for the backward pass."
