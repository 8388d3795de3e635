"""What is measured on each map of a grid, as a table."""

from __future__ import annotations

import pandas as pd

from analysis.vision.attribution import METHODS
from analysis.vision.maps.grid import Maps
from analysis.vision.maps.measures import held_by_top, peak
from cnn_models import spec


def table(maps: Maps) -> pd.DataFrame:
    """One row a map.

    Columns: network; method; largest (value with the largest magnitude, in the method's unit);
    row and column (of that pixel, from 0, in the network's input); tenth (what the tenth of the
    pixels with the most holds, in percent); sum (of the map); off by (the convergence delta, for
    the methods that promise a sum); layer (of a CAM method).
    """
    return pd.DataFrame([_row(place, maps) for place in maps])


def _row(place: tuple[str, str], maps: Maps) -> dict[str, object]:
    found, (key, method) = maps[place], place
    at = peak(found)
    share = held_by_top(found)
    return {
        "network": spec(key).display_name,
        "method": METHODS[method].label,
        "largest": 0.0 if at is None else float(found.values[at]),
        "row": None if at is None else at[0],
        "column": None if at is None else at[1],
        "tenth": None if share is None else 100 * share,
        "sum": float(found.values.sum(dtype="float64")),
        "off by": found.delta,
        "layer": found.layer,
    }
