"""What batch normalisation changes, each effect at small size."""

import numpy as np
import pytest
import torch

from analysis.experiments.signal import batches, drift, modes, rates, small_network
from analysis.experiments.signal.small_digits import digits


def test_it_widens_the_range_of_learning_rates() -> None:
    rows = rates.over_seeds(rates.measure(rates.Plan((0.01, 1.0), 50), 0))
    with_it, without = rates.range_of(rows, True), rates.range_of(rows, False)
    assert with_it == (0.01, 1.0)
    assert without is None
    assert "with batch norm rates from **0.01** to **1** do, a factor of 100" in rates.sentence(
        rows
    )


def test_a_rate_that_is_too_large_diverges_without_it() -> None:
    rows = rates.measure(rates.Plan((3.0,), 20), 0)
    found = rows.set_index("norm").to_dict("index")
    assert found[False]["diverged"]
    assert not found[True]["diverged"]
    assert found[False]["error"] == small_network.CHANCE
    assert "without no rate does" in rates.sentence(rates.over_seeds(rows))


def test_it_holds_the_inputs_of_a_layer_in_place() -> None:
    rows = drift.measure(drift.Plan(40, 20, 0.1), 0)
    assert set(rows["step"]) == {0, 20, 40}
    layer = drift.LAYERS[-1]
    found = drift.spans(rows, layer).set_index("norm").to_dict("index")
    assert found[True]["change"] < 1.5 < found[False]["change"]
    assert "one seed" in drift.sentence(rows, layer)


def test_inputs_are_those_of_the_relu_and_nothing_is_left_behind() -> None:
    model = small_network.network(True, small_network.config(0.1, 0)).eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    images = digits(8).train.images[:5]
    found = drift.inputs(model, images)
    assert found["relu"].shape == (5 * 16 * 8 * 8,)
    assert float(np.mean(found["relu"])) == pytest.approx(0, abs=1e-5)  # normalised over the batch
    assert float(np.std(found["relu"])) == pytest.approx(1, abs=1e-3)
    assert not model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_the_network_that_is_asked_lags_behind_the_one_that_learns() -> None:
    rows = modes.measure(modes.Plan((0, 5, 15)), 0)
    assert rows["step"].tolist() == [0, 5, 15]
    early = rows.set_index("step").to_dict("index")[5]
    assert early["kept"] > early["batch"]
    assert rows["swing"].to_numpy()[-1] > 0.005
    assert "After 5 steps" in modes.sentence(rows) or "After 15 steps" in modes.sentence(rows)


def test_when_asked_the_company_of_an_image_does_not_matter() -> None:
    model = small_network.network(True, small_network.config(0.1, 0)).eval()
    data = digits(8)
    assert modes.swing(model, data.test) == pytest.approx(0, abs=1e-6)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    with modes.batch_statistics(model):
        assert modes.swing(model, data.test) > 1e-5
    assert not model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_each_batch_size_has_a_row() -> None:
    rows = batches.over_seeds(batches.measure(batches.Plan((32, 64), 1), 0))
    assert rows["size"].tolist() == [32, 64, 32, 64]
    assert "with batch norm **" in batches.sentence(rows)
    assert "with a batch of 32" in batches.sentence(rows)
