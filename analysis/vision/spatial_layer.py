"""The layer that Grad-CAM looks at: the last that still knows where things are."""

from __future__ import annotations

import difflib

import torch
from torch import Tensor, nn

_NO_MAPS_OF_THEIR_OWN = (
    nn.MaxPool2d,
    nn.AvgPool2d,
    nn.LPPool2d,
    nn.AdaptiveAvgPool2d,
    nn.AdaptiveMaxPool2d,
    nn.ConstantPad2d,  # before a max pooling it may pad with minus infinity
)


class NoSpatialLayer(ValueError):
    """The network has no layer whose output is a map of more than one pixel."""


def last_spatial_layer(network: nn.Module, x: Tensor) -> str:
    """Name of the last submodule whose output for `x` is (N, C, H, W) with more than one pixel.

    Pooling and padding are looked past, because they only change the size of the same map: in
    VGG-16 the layer is the ReLU after conv5_3, in ResNet the last ReLU, in GoogLeNet the last
    concatenation, in LeNet-5 the 10 × 10 or 5 × 5 maps before C5. The network is run once, in the
    mode it is in, and hooks are put on every submodule; call it inside a probe.

    Args:
        network: any network.
        x: (1, C, H, W), an input that it takes.

    Raises:
        NoSpatialLayer: if there is no such layer.
    """
    outputs: list[tuple[str, nn.Module, Tensor]] = []

    def note(name: str):
        def hook(module: nn.Module, _inputs: object, output: object) -> None:
            if isinstance(output, Tensor) and output.ndim == 4 and output[0, 0].numel() > 1:
                outputs.append((name, module, output))

        return hook

    handles = [m.register_forward_hook(note(name)) for name, m in network.named_modules() if name]
    try:
        with torch.no_grad():
            network(x)
    finally:
        for handle in handles:
            handle.remove()
    # A container that ends in a pooling layer hands on the very tensor that the layer made.
    pooled = {
        id(output) for _, module, output in outputs if isinstance(module, _NO_MAPS_OF_THEIR_OWN)
    }
    for _, _, output in reversed(outputs):
        if id(output) not in pooled:
            return next(name for name, _, same in outputs if same is output)
    raise NoSpatialLayer(
        "No layer of this network keeps a map of more than one pixel, which Grad-CAM needs; "
        "choose another method or a larger input."
    )


def find_layer(network: nn.Module, name: str) -> nn.Module:
    """The submodule called `name`.

    Raises:
        ValueError: if there is none; the message names those that come close.
    """
    modules = dict(network.named_modules())
    if name not in modules or not name:
        close = difflib.get_close_matches(name, modules, n=3) or list(modules)[1:4]
        raise ValueError(f"The network has no layer {name!r}; try {' or '.join(close)}.")
    return modules[name]
