"""timm's Xception (legacy_xception), which numbers the layers of a block from its first ReLU on."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^(conv|bn)([12])\.", r"stem.\1\2."),
    (r"^conv3\.", "exit.1."),
    (r"^bn3\.", "exit.1.bn."),
    (r"^conv4\.", "exit.2."),
    (r"^bn4\.", "exit.2.bn."),
    *((rf"^block{number}\.", f"entry.{number - 1}.") for number in range(1, 4)),
    *((rf"^block{number}\.", f"middle.{number - 4}.") for number in range(4, 12)),
    (r"^block12\.", "exit.0."),
    (r"\.skip\.", ".skip.conv."),
    (r"\.skipbn\.", ".skip.bn."),
    # Block 1 begins without a ReLU, so its numbers are lower by one.
    *((rf"\.rep\.[{3 * i}{3 * i + 1}]\.(conv1|point)", rf".convs.{i}.\1") for i in range(3)),
    *((rf"\.rep\.[{3 * i + 1}{3 * i + 2}]\.", f".convs.{i}.bn.") for i in range(3)),
    (r"^(exit|entry|middle)(.*)\.conv1\.", r"\1\2.depthwise."),
)
