"""torchvision's GoogLeNet."""

from cnn_models.owner_names import Rules

RULES: Rules = ((r"^conv([123])\.", r"stem.conv\1."),)
