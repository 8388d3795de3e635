"""The names that weight owners use, turned into ours.

torchvision and timm publish state dicts for their own classes. Our classes name layers after the
papers, so each entry is renamed by the rules of its network; no number is touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from cnn_models import registry
from cnn_models.weights.errors import CorruptWeights

# A rule is a regular expression on the owner's name and what replaces it. A network's rules are
# applied one after the other; a name that no rule fits stays as it is.
Rules = tuple[tuple[str, str], ...]

ALEXNET: Rules = (
    (r"^features\.0\.", "stage1.conv1."),
    (r"^features\.3\.", "stage2.conv2."),
    (r"^features\.6\.", "stage3.conv3."),
    (r"^features\.8\.", "stage3.conv4."),
    (r"^features\.10\.", "stage3.conv5."),
    (r"^classifier\.1\.", "classifier.fc6."),
    (r"^classifier\.4\.", "classifier.fc7."),
    (r"^classifier\.6\.", "classifier.fc8."),
)
GOOGLENET: Rules = ((r"^conv([123])\.", r"stem.conv\1."),)
RESNET: Rules = ()  # torchvision's names are the paper's
DENSENET: Rules = (
    # The file of 2017 still says norm.1, which torchvision itself renames as it loads.
    (r"(\.denselayer\d+\.(?:norm|conv))\.([12])\.", r"\1\2."),
    (r"^features\.", ""),
    (r"^(conv0|norm0)\.", r"stem.\1."),
)
MOBILENET: Rules = (
    (r"^conv_stem\.", "stem.conv."),
    (r"^bn1\.", "stem.bn."),
    *((rf"^blocks\.{number}\.", f"stage{number + 1}.") for number in range(5)),
    (r"\.conv_dw\.", ".depthwise."),
    (r"\.conv_pw\.", ".pointwise."),
)
SENET: Rules = (
    (r"^layer0\.", ""),
    (r"\.se_module\.", ".se."),
    (r"^last_linear\.", "fc."),
)


def vgg(network: nn.Module) -> Rules:
    """Rules for VGG, whose layers before the classifier torchvision numbers from 0 in one list."""
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


RULES: Mapping[str, Rules | Callable[[nn.Module], Rules]] = {
    "alexnet": ALEXNET,
    "vgg": vgg,
    "inception": GOOGLENET,
    "resnet": RESNET,
    "densenet": DENSENET,
    "mobilenet": MOBILENET,
    "senet": SENET,
}


class KeysDoNotFit(CorruptWeights):
    """A state dict is not the one that this network's owner publishes; says what is amiss."""

    def __init__(self, key: str, complaints: list[str]) -> None:
        more = f" and {len(complaints) - 3} more" if len(complaints) > 3 else ""
        super().__init__(
            f"This is not the owner's state dict of {key}: {'; '.join(complaints[:3])}{more}."
        )


def convert(key: str, owner_state_dict: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Rename the owner's tensors as the network `key` calls them, for loading with `strict=True`.

    Args:
        key: a network with public weights.
        owner_state_dict: what the owner's file holds. Counters of seen batches
            (`num_batches_tracked`) may be missing, as in older files; they become 0.

    Raises:
        UnknownModel: if there is no such network.
        KeysDoNotFit: if nobody publishes weights of this network, or these are not they; the
            message names the first entries that are missing, unexpected or of another shape.
    """
    spec = registry.spec(key)
    if not spec.weights:
        raise KeysDoNotFit(key, ["nobody publishes weights of this network"])
    with torch.device("meta"):
        network = spec.build(**spec.weights[0].options)
    rules = RULES[spec.family]
    ours = _renamed(owner_state_dict, rules(network) if callable(rules) else rules)
    wanted = network.state_dict()
    for name in wanted:
        if name.endswith(".num_batches_tracked") and name not in ours:
            ours[name] = torch.zeros((), dtype=torch.int64, device="cpu")
    complaints = _complaints(ours, wanted)
    if complaints:
        raise KeysDoNotFit(key, complaints)
    return ours


def _renamed(state: Mapping[str, Tensor], rules: Rules) -> dict[str, Tensor]:
    renamed = {}
    for name, tensor in state.items():
        for pattern, replacement in rules:
            name = re.sub(pattern, replacement, name)
        renamed[name] = tensor
    return renamed


def _complaints(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> list[str]:
    shape = {name: tuple(tensor.shape) for name, tensor in wanted.items()}
    missing = [f"{name} {shape[name]} is missing" for name in wanted if name not in state]
    unexpected = [
        f"{name} {tuple(state[name].shape)} is unexpected" for name in state if name not in wanted
    ]
    reshaped = [
        f"{name} is {tuple(state[name].shape)}, not {shape[name]}"
        for name in wanted
        if name in state and tuple(state[name].shape) != shape[name]
    ]
    return missing[:1] + unexpected[:1] + reshaped[:1] + missing[1:] + unexpected[1:] + reshaped[1:]
