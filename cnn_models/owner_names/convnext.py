"""torchvision's ConvNeXt, whose stages are numbered with what halves the map in between."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^features\.0\.0\.", "stem.conv."),
    (r"^features\.0\.1\.", "stem.norm.norm."),
    *((rf"^features\.{2 * n - 2}\.0\.", f"down{n}.norm.norm.") for n in (2, 3, 4)),
    *((rf"^features\.{2 * n - 2}\.1\.", f"down{n}.conv.") for n in (2, 3, 4)),
    *((rf"^features\.{2 * n - 1}\.", f"stage{n}.") for n in (1, 2, 3, 4)),
    (r"\.block\.0\.", ".depthwise."),
    (r"\.block\.2\.", ".norm."),
    (r"\.block\.3\.", ".widen."),
    (r"\.block\.5\.", ".narrow."),
    (r"^classifier\.0\.", "norm."),
    (r"^classifier\.2\.", "classifier."),
)
