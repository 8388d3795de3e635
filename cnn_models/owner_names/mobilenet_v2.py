"""torchvision's MobileNet v2: blocks are counted through, and layers of a block by position."""

from cnn_models.families.mobilenet_v2 import TABLE_2
from cnn_models.owner_names import Rules


def _blocks() -> Rules:
    places = [(row, block) for row, (_, _, n, _) in enumerate(TABLE_2, 1) for block in range(n)]
    return tuple(
        (rf"^features\.{number}\.conv\.", f"stage{row}.{block}.")
        for number, (row, block) in enumerate(places, start=1)
    )


RULES: Rules = (
    (r"^features\.0\.", "stem."),
    (r"^features\.18\.", "head."),
    (r"^features\.1\.conv\.0\.", "stage1.0.depthwise."),  # the one block that does not widen
    (r"^features\.1\.conv\.1\.", "stage1.0.project.conv."),
    (r"^features\.1\.conv\.2\.", "stage1.0.project.bn."),
    *_blocks(),
    (r"(\.\d)\.0\.([01])\.", r"\1.expand.\2."),
    (r"(\.\d)\.1\.([01])\.", r"\1.depthwise.\2."),
    (r"(\.\d)\.2\.", r"\1.project.conv."),
    (r"(\.\d)\.3\.", r"\1.project.bn."),
    (r"^(stem|head|.*(?:expand|depthwise))\.0\.", r"\1.conv."),
    (r"^(stem|head|.*(?:expand|depthwise))\.1\.", r"\1.bn."),
    (r"^classifier\.1\.", "classifier."),
)
