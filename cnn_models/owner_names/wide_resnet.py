"""torchvision's Wide ResNets, which have the names of its ResNets."""

from cnn_models.owner_names import Rules

RULES: Rules = ()
