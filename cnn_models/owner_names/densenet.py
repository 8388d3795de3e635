"""torchvision's DenseNets."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    # The file of 2017 still says norm.1, which torchvision itself renames as it loads.
    (r"(\.denselayer\d+\.(?:norm|conv))\.([12])\.", r"\1\2."),
    (r"^features\.", ""),
    (r"^(conv0|norm0)\.", r"stem.\1."),
)
