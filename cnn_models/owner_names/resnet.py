"""torchvision's ResNets, whose names are the paper's."""

from cnn_models.owner_names import Rules

RULES: Rules = ()
