"""torchvision numbers the layers of SqueezeNet; here they have the names of Table 1."""

from __future__ import annotations

from itertools import takewhile

from torch import nn

from cnn_models.owner_names import Rules


def RULES(network: nn.Module) -> Rules:  # noqa: N802 - the name it has where rules are a tuple
    """Number i of torchvision's features is layer i here; its classifier starts behind fire9."""
    names = takewhile(lambda name: name != "drop9", dict(network.named_children()))
    features = tuple((rf"^features\.{i}\.", f"{name}.") for i, name in enumerate(names))
    return (*features, (r"^classifier\.1\.", "conv10."))
