"""timm's MobileNet v1."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^conv_stem\.", "stem.conv."),
    (r"^bn1\.", "stem.bn."),
    *((rf"^blocks\.{number}\.", f"stage{number + 1}.") for number in range(5)),
    (r"\.conv_dw\.", ".depthwise."),
    (r"\.conv_pw\.", ".pointwise."),
)
