"""torchvision's ShuffleNet v2, which numbers the layers of a branch."""

from cnn_models.owner_names import Rules

_LEFT = ("dwconv", "bn1", "conv", "bn2")
_RIGHT = {0: "conv1", 1: "bn1", 3: "dwconv", 4: "bn2", 5: "conv2", 6: "bn3"}

RULES: Rules = (
    (r"^conv1\.0\.", "stem.conv1."),
    (r"^conv1\.1\.", "stem.bn1."),
    (r"^conv5\.0\.", "conv5.conv."),
    (r"^conv5\.1\.", "conv5.bn."),
    *((rf"\.branch1\.{number}\.", f".left.{name}.") for number, name in enumerate(_LEFT)),
    *((rf"\.branch2\.{number}\.", f".right.{name}.") for number, name in _RIGHT.items()),
)
