"""torchvision's MnasNet, whose layers are numbered, activations included."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^layers\.([01])\.", r"stem.\1."),
    (r"^layers\.([3467])\.", r"block1.0.layers.\1."),
    *((rf"^layers\.{number}\.(\d)\.", rf"block{number - 6}.\1.") for number in range(8, 14)),
    (r"^layers\.14\.", "head.0."),
    (r"^layers\.15\.", "head.1."),
    (r"\.layers\.([01])\.", r".expand.\1."),
    (r"\.layers\.3\.", ".depthwise.0."),
    (r"\.layers\.4\.", ".depthwise.1."),
    (r"\.layers\.6\.", ".project.0."),
    (r"\.layers\.7\.", ".project.1."),
    (r"(stem|head|expand|depthwise|project)\.0\.", r"\1.conv."),
    (r"(stem|head|expand|depthwise|project)\.1\.", r"\1.bn."),
    (r"^classifier\.1\.", "classifier."),
)
