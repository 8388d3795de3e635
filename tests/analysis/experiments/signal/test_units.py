"""Units that start alike stay alike, to the last bit."""

import numpy as np

from analysis.experiments.signal import units
from analysis.experiments.signal.units import BEGINNINGS, UNITS


def test_only_a_random_layer_tells_units_apart() -> None:
    found = {name: units.trained(name, seed=1, epochs=3) for name in BEGINNINGS}
    assert {name: own.different for name, own in found.items()} == {
        "zeros": 1,
        "constant": 1,
        "hidden": UNITS,
        "he": UNITS,
    }
    assert not found["zeros"].moved
    first = found["constant"].weights[0]
    assert np.array_equal(
        found["constant"].weights.view(np.int32), np.stack([first] * UNITS).view(np.int32)
    )
    assert not np.allclose(first, units.CONSTANT)  # they have learned, all the same thing
    assert found["he"].accuracy > 2 * found["constant"].accuracy
    said = units.sentence(found)
    assert "from **all zero** all are still zero" in said
    assert "from **all 0.1** all are the same to the last bit" in said
    assert "from **random (He)** no two are the same" in said
