"""timm's Inception-ResNet-v2, which keeps the names of Google's release."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^conv2d_1a\.", "stem.0."),
    (r"^conv2d_2a\.", "stem.1."),
    (r"^conv2d_2b\.", "stem.2."),
    (r"^conv2d_3b\.", "stem.4."),
    (r"^conv2d_4a\.", "stem.5."),
    (r"^mixed_5b\.", "stem.7."),
    (r"^mixed_6a\.", "reduction_a."),
    (r"^mixed_7a\.", "reduction_b."),
    (r"^conv2d_7b\.", "end.1."),
    (r"^classif\.", "fc."),
    (r"^block8\.", "end.0."),
    (r"^repeat\.", "inception_a."),
    (r"^repeat_1\.", "inception_b."),
    (r"^repeat_2\.", "inception_c."),
    (r"\.conv2d\.", ".linear."),
    # Branches count from 0; a branch of one convolution is not in a list of its own.
    *((rf"\.branch{number}\.", f".branch{number + 1}.") for number in (3, 2, 1, 0)),
    (r"\.(branch\d)\.(conv|bn)\.", r".\1.0.\2."),
    (r"^(inception_\w\.\d+|end\.0)\.branch", r"\1.branches.branch"),
)
