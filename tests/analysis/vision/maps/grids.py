"""Small maps with known values."""

import numpy as np

from analysis.vision.attribution import AttributionMap


def of(values, method: str = "occlusion", signed: bool = True, **said) -> AttributionMap:
    return AttributionMap(np.array(values, dtype=np.float32), method, signed, **said)


def spot(row: int, column: int, side: int = 9, value: float = 1.0) -> AttributionMap:
    values = np.zeros((side, side))
    values[row, column] = value
    return of(values)
