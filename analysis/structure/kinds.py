"""Plain names for what a module or a function does, such as "max pooling" for nn.MaxPool2d."""

from __future__ import annotations

import re
from typing import Any

from torch import fx, nn

# Names of classes in torch.nn without 1d, 2d, 3d.
_MODULES = {
    "AdaptiveAvgPool": "adaptive average pooling",
    "AdaptiveMaxPool": "adaptive max pooling",
    "AvgPool": "average pooling",
    "BatchNorm": "batch norm",
    "Conv": "convolution",
    "ConvTranspose": "transposed convolution",
    "ConstantPad": "padding",
    "ELU": "ELU",
    "GELU": "GELU",
    "Hardsigmoid": "hard sigmoid",
    "Hardswish": "hard swish",
    "LeakyReLU": "leaky ReLU",
    "LocalResponseNorm": "local response norm",
    "MaxPool": "max pooling",
    "PReLU": "PReLU",
    "ReLU": "ReLU",
    "ReLU6": "ReLU6",
    "ReflectionPad": "padding",
    "ReplicationPad": "padding",
    "SiLU": "SiLU",
    "Upsample": "upsampling",
    "ZeroPad": "padding",
}

# Names of functions and methods, without what marks work in place ("add_", "iadd").
_FUNCTIONS = {
    "adaptive_avg_pool": "adaptive average pooling",
    "adaptive_max_pool": "adaptive max pooling",
    "add": "addition",
    "avg_pool": "average pooling",
    "bmm": "matrix product",
    "cat": "concatenation",
    "chunk": "split",
    "contiguous": "reshape",
    "conv": "convolution",
    "conv_transpose": "transposed convolution",
    "getitem": "slicing",
    "interpolate": "upsampling",
    "leaky_relu": "leaky ReLU",
    "matmul": "matrix product",
    "max_pool": "max pooling",
    "mul": "multiplication",
    "pad": "padding",
    "permute": "transpose",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "silu": "SiLU",
    "gelu": "GELU",
    "sub": "subtraction",
    "truediv": "division",
    "div": "division",
    "unflatten": "reshape",
    "view": "reshape",
}

_SYNONYMS = {"concat": "cat", "concatenate": "cat", "iadd": "add", "imul": "mul", "isub": "sub"}


def kind_of(node: fx.Node, module: nn.Module | None) -> str:
    """The kind of an fx node; `module` is the submodule of a "call_module" node.

    What has no name of its own in the lists above keeps torch's, in words: "layer norm".
    """
    if module is not None:
        return kind_of_module(module)
    return kind_of_function(function_name(node.target))


def kind_of_module(module: nn.Module) -> str:
    """The kind of a module by its class: "max pooling" for nn.MaxPool2d."""
    name = re.sub(r"\dd$", "", type(module).__name__)
    return _MODULES.get(name, _words(name))


def kind_of_function(name: str) -> str:
    """The kind of a function by its name, with or without 1d, 2d, 3d: "max_pool2d"."""
    return _FUNCTIONS.get(re.sub(r"\dd$", "", name), name.replace("_", " "))


def function_name(target: Any) -> str:
    """The name of a function or method as one would write it: "add" for `+`, `+=` and `add_`."""
    name = target if isinstance(target, str) else getattr(target, "__name__", str(target))
    name = name.strip("_")
    return _SYNONYMS.get(name, name)


def pooled_to_one(kind: str) -> str:
    """The name of a pooling that leaves one value a channel."""
    return {
        "adaptive average pooling": "global average pooling",
        "adaptive max pooling": "global max pooling",
        "mean": "global average pooling",
        "amax": "global max pooling",
    }.get(kind, kind)


def _words(name: str) -> str:
    """LayerNorm → layer norm."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
