"""torchvision's and timm's ResNeXts, which have the names of torchvision's ResNets."""

from cnn_models.owner_names import Rules

RULES: Rules = ()
