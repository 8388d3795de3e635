"""torchvision's VGG, whose layers before the classifier are numbered from 0 in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

    from cnn_models.owner_names import Rules


def RULES(network: nn.Module) -> Rules:  # noqa: N802 - the name it has where rules are a tuple
    """Number the layers of all stages one after the other."""
    layers = [
        f"{stage}.{layer}"
        for stage, layers in network.named_children()
        if stage.startswith("stage")
        for layer, _ in layers.named_children()
    ]
    return (
        *((rf"^features\.{number}\.", f"{layer}.") for number, layer in enumerate(layers)),
        (r"^classifier\.0\.", "classifier.fc6."),
        (r"^classifier\.3\.", "classifier.fc7."),
        (r"^classifier\.6\.", "classifier.fc8."),
    )
