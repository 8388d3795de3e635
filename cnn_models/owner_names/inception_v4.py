"""timm's Inception-v4, which numbers its parts from the first convolution on."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    *((rf"\.branch{number}(?=[._])", f".branch{number + 1}") for number in (3, 2, 1, 0)),
    (r"_(\d)a\.", r".\1.branch1."),
    (r"_(\d)b\.", r".\1.branch2."),
    (r"(\.branch\d)_", r"\1."),
    (r"^features\.3\.conv\.", "stem.3.branch2."),
    (r"^features\.5\.conv\.", "stem.5.branch1."),
    *((rf"^features\.{part}\.", f"stem.{part}.") for part in range(6)),
    *((rf"^features\.{6 + block}\.", f"inception_a.{block}.") for block in range(4)),
    (r"^features\.10\.", "reduction_a."),
    *((rf"^features\.{11 + block}\.", f"inception_b.{block}.") for block in range(7)),
    (r"^features\.18\.", "reduction_b."),
    *((rf"^features\.{19 + block}\.", f"inception_c.{block}.") for block in range(3)),
    (r"^last_linear\.", "fc."),
)
