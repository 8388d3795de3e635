"""fvcore counts the same on tensors without memory as on an image."""

import warnings
from collections import Counter

import pytest
import torch

import cnn_models
from analysis.structure.counters import by_fvcore
from analysis.structure.counters.subject import subject

with warnings.catch_warnings():  # it compiles with torch.jit on import, which torch deprecates
    warnings.simplefilter("ignore", DeprecationWarning)
    from fvcore.nn import FlopCountAnalysis


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")  # fvcore traces with it
@pytest.mark.parametrize(
    "key",
    ["lenet5", "cifar_resnet20", "mobilenet_v1_x0_25", "squeezenet1_1", "cifar_se_resnet20",
     "shufflenet_v2_x0_5", "cifar_densenet40_k12"],
)  # fmt: skip
def test_fvcore_on_an_image(key, traced):
    found = by_fvcore.count(subject(key, traced(key)))
    image = torch.zeros(1, *cnn_models.spec(key).input_shape)
    theirs = FlopCountAnalysis(cnn_models.build(key).eval(), image)
    theirs.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    assert found.total == theirs.total()
    sums: Counter[str] = Counter()
    for row in found.rows:
        sums[row.operator] += row.amount
        assert theirs.by_operator(row.module)[row.operator] == row.amount
    assert sums == theirs.by_operator()
    assert found.skipped == theirs.unsupported_ops()


def test_nothing_is_warned_of(traced, caplog):
    by_fvcore.count(subject("lenet5", traced("lenet5")))  # pytest turns warnings into errors
    assert not caplog.records
