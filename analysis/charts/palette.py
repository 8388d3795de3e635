"""One colour a family, in every chart of the atlas.

The colours keep a contrast of at least 3:1 against the light and the dark background, so that one
palette serves both themes.
"""

FAMILY_COLOURS = {
    "lenet": "#8d6e63",
    "alexnet": "#d1495b",
    "vgg": "#c9741d",
    "inception": "#1f9384",
    "resnet": "#3f74e0",
    "wide_resnet": "#006c94",
    "resnext": "#259ad4",
    "densenet": "#8457d6",
    "fractalnet": "#217347",
    "squeezenet": "#a54a0d",
    "mobilenet": "#5b8f2e",
    "shufflenet": "#c67b80",
    "senet": "#c2479b",
    "nasnet": "#855289",
    "after_2017": "#b77bc6",
}
NEUTRAL = "#8a90a0"

# Several networks of one family in one chart are told apart by their line.
DASHES = ("solid", "dash", "dot", "dashdot")

# Kinds of operation, for diagrams and stacked bars: the same hue wherever the same work is done.
KIND_COLOURS = {
    "convolution": "#3f74e0",
    "linear": "#c9741d",
    "batch norm": "#5b8f2e",
    "max pooling": "#d1495b",
    "average pooling": "#d1495b",
    "global average pooling": "#d1495b",
    "addition": "#8457d6",
    "concatenation": "#8457d6",
    "multiplication": "#c2479b",
}

# Layers of a block, for bars stacked by layer: a hue for each window of a convolution.
WINDOW_COLOURS = {
    "1×1": "#1f9384",
    "3×3": KIND_COLOURS["convolution"],
    "5×5": "#8457d6",
    "7×7": "#c2479b",
    "9×9": "#a54a0d",
    "11×11": "#d1495b",
}

# What becomes of a claim, by the names in `analysis.structure.lecture.Verdict`.
VERDICT_COLOURS = {
    "holds": KIND_COLOURS["batch norm"],
    "rounded": FAMILY_COLOURS["inception"],
    "reading": KIND_COLOURS["linear"],
    "open": NEUTRAL,
    "fails": KIND_COLOURS["max pooling"],
}


def family_colour(family: str | None) -> str:
    """The family's colour; grey for what belongs to no family of the lectures."""
    return FAMILY_COLOURS.get(family or "", NEUTRAL)
