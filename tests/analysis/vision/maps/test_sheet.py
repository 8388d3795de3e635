import io

import numpy as np
from PIL import Image

from analysis.vision.maps.sheet import sheet

RED = np.tile(np.array([255, 0, 0], dtype=np.uint8), (32, 32, 1))
BLUE = np.tile(np.array([0, 0, 255], dtype=np.uint8), (448, 448, 1))


def test_each_picture_stands_in_its_row_and_column():
    data = sheet(
        {("a", "x"): RED, ("b", "y"): BLUE},
        {"a": "A network", "b": "B"},
        {"x": "X", "y": "a method with a name that is far too long for its column"},
        ["red for, blue against"],
    )
    shown = np.asarray(Image.open(io.BytesIO(data)))
    red, blue = (np.argwhere((shown == colour).all(axis=2)) for colour in (RED[0, 0], BLUE[0, 0]))
    assert len(red) == len(blue) == 224 * 224
    assert (red.max(axis=0) < blue.min(axis=0)).all()  # above and to the left
    letters = (shown < 100).all(axis=2)
    assert letters.any()
    assert not letters[:, -12:].any()  # nothing is written into the margin
