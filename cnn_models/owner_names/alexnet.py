"""torchvision's AlexNet."""

from cnn_models.owner_names import Rules

RULES: Rules = (
    (r"^features\.0\.", "stage1.conv1."),
    (r"^features\.3\.", "stage2.conv2."),
    (r"^features\.6\.", "stage3.conv3."),
    (r"^features\.8\.", "stage3.conv4."),
    (r"^features\.10\.", "stage3.conv5."),
    (r"^classifier\.1\.", "classifier.fc6."),
    (r"^classifier\.4\.", "classifier.fc7."),
    (r"^classifier\.6\.", "classifier.fc8."),
)
