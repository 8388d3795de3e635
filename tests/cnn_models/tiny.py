"""A network small enough to serve, in an owner's names, and a registry that has it."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor, nn

from cnn_models.spec import ModelSpec, Paper, Preprocessing, PublicWeights


class Tiny(nn.Module):
    """(N, 3, 8, 8) -> (N, num_classes), with an optional head as GoogLeNet has them."""

    def __init__(self, num_classes: int = 5, aux_heads: bool = False) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(4, num_classes)
        self.aux = nn.Linear(4, num_classes) if aux_heads else None

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.pool(self.stem(x)).flatten(1))


OWNER_NAMES = {"stem.": "features.", "classifier.": "last_linear.", "aux.": "AuxLogits."}


def owner_state_dict(model: nn.Module) -> OrderedDict[str, Tensor]:
    """Tensors of `model` as its owner calls them."""
    renamed: OrderedDict[str, Tensor] = OrderedDict()
    for name, tensor in model.state_dict().items():
        stem = next(ours for ours in OWNER_NAMES if name.startswith(ours))
        renamed[name.replace(stem, OWNER_NAMES[stem], 1)] = tensor
    return renamed


def convert(_key: str, owner: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Undo `owner_state_dict`."""
    ours = {theirs: name for name, theirs in OWNER_NAMES.items()}
    stems = {name: next(stem for stem in ours if name.startswith(stem)) for name in owner}
    return {name.replace(s, ours[s], 1): owner[name] for name, s in stems.items()}


def trained(seed: int = 0, **options: Any) -> Tiny:
    """Tiny with every tensor random, running statistics too, in eval mode."""
    generator = torch.Generator().manual_seed(seed)
    model = Tiny(**options)
    for tensor in model.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.1)
    return model.eval()


def pth(state: Mapping[str, Tensor], legacy: bool = False) -> bytes:
    """As torch.save writes it, since 1.6 a zip file and before that bare pickles."""
    stream = io.BytesIO()
    torch.save(state, stream, _use_new_zipfile_serialization=not legacy)
    return stream.getvalue()


def safetensors(state: Mapping[str, Tensor]) -> bytes:
    return save(dict(state))


IMAGENET = Preprocessing(256, 224, "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def public(name: str = "V1", **fields: Any) -> PublicWeights:
    """Public weights with every field filled in."""
    row: dict[str, Any] = {
        "source": "owner",
        "name": name,
        "url": None,
        "hub_id": None,
        "digest": None,
        "size_mib": 0.002,
        "preprocessing": IMAGENET,
        "top1": 70.0,
        "top5": 90.0,
        "default": True,
    }
    return PublicWeights(**{**row, **fields})


def entry(key: str, *weights: PublicWeights, **fields: Any) -> ModelSpec:
    """Make a registry entry for Tiny."""
    row: dict[str, Any] = {
        "key": key,
        "family": "lenet",
        "display_name": key,
        "build": Tiny,
        "input_shape": (3, 8, 8),
        "num_classes": 5,
        "paper": Paper("On small things", "A. Nobody", 2020, "Nowhere"),
        "idea": "Be small.",
        "stages": ("stem",),
        "initialisation": "torch's default",
        "exact_params": 133,
        "weights": weights,
    }
    return ModelSpec(**{**row, **fields})
