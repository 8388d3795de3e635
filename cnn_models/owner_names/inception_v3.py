"""torchvision's Inception-v3."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^Conv2d_1a_3x3\.", "stem.0."),
    (r"^Conv2d_2a_3x3\.", "stem.1."),
    (r"^Conv2d_2b_3x3\.", "stem.2."),
    (r"^Conv2d_3b_1x1\.", "stem.4."),
    (r"^Conv2d_4a_3x3\.", "stem.5."),
    (r"^AuxLogits\.conv1\.", "aux.conv2."),
    (r"^AuxLogits\.conv0\.", "aux.conv1."),
    (r"^AuxLogits\.", "aux."),
    (r"^Mixed_", "mixed_"),
    (r"^(mixed_6a|mixed_7a)\.branch3x3\.", r"\1.branch1."),
    (r"^mixed_7a\.branch3x3_", "mixed_7a.branch1_"),
    (r"^mixed_6a\.branch3x3dbl_", "mixed_6a.branch2_"),
    (r"\.branch1x1\.", ".branch1."),
    (r"\.branch(5x5|7x7|7x7x3|3x3)_", ".branch2_"),
    (r"\.branch(3x3|7x7)dbl_", ".branch3_"),
    (r"\.branch_pool\.", ".branch4.1."),
    # The parts of a branch, from _1 on; the last part of some stands as a row beside a column.
    (r"_2a\.", ".1.branch1."),
    (r"_2b\.", ".1.branch2."),
    (r"_3a\.", ".2.branch1."),
    (r"_3b\.", ".2.branch2."),
    *((rf"(\.branch\d)_{part}\.", rf"\g<1>.{part - 1}.") for part in range(1, 6)),
)
