"""Where the gates of a network stand, found from its modules and not from its name.

A gate is a module that averages each map to one value, takes the C values to fewer and back to C
by two small layers, and ends in a sigmoid or a hard sigmoid (Hu et al., CVPR 2018, Section 3).
What is called s there is what the last of these modules gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import nn

import cnn_models

SAID = "squeeze-and-excitation"
GATED_SINCE = 2017  # the first paper with gates


class NoGates(ValueError):
    """The network has no squeeze-and-excitation gate."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} has no {SAID} gate. Choose a network with gates, such as SE-ResNet-50, "
            "MobileNet v3 or EfficientNet."
        )


@dataclass(frozen=True)
class Gate:
    """One gate: the name of its module, the channels it scales, and the values in its middle.

    `function` is "sigmoid" or "hard sigmoid"; `biased` says whether its two layers have biases.
    """

    name: str
    channels: int
    squeezed: int
    function: str
    biased: bool = True

    @property
    def block(self) -> str:
        """Name of the layer or block that it belongs to."""
        return self.name.rpartition(".")[0] or self.name


@dataclass(frozen=True)
class GateParts:
    """The modules of a gate: C maps to C means, C to fewer, fewer to C, and the function."""

    squeeze: nn.AdaptiveAvgPool2d
    reduce: nn.Conv2d | nn.Linear
    expand: nn.Conv2d | nn.Linear
    excite: nn.Sigmoid | nn.Hardsigmoid


def find(network: nn.Module) -> dict[str, GateParts]:
    """The modules of every gate by its name, in the order in which they were made."""
    found = ((name, _parts_of(module)) for name, module in network.named_modules())
    return {name: parts for name, parts in found if parts is not None}


def gates_of(network: nn.Module) -> tuple[Gate, ...]:
    """Every gate of a network, from the input to the output; empty if it has none."""
    return tuple(
        Gate(
            name,
            *_sizes(parts.reduce),
            "hard sigmoid" if isinstance(parts.excite, nn.Hardsigmoid) else "sigmoid",
            parts.reduce.bias is not None,
        )
        for name, parts in find(network).items()
    )


def gates_of_key(key: str) -> tuple[Gate, ...]:
    """The gates of the network `key` of the registry; no weights are allocated.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    with torch.device("meta"):
        return gates_of(cnn_models.build(key))


def examples(first: Iterable[str], most: int) -> tuple[str, ...]:
    """Keys of networks with gates: those of `first`, then one of each further family."""
    found = [key for key in first if gates_of_key(key)][:most]
    for key in _one_of_each_family():
        if len(found) >= most:
            break
        if key not in found:
            found.append(key)
    return tuple(found)


def _one_of_each_family() -> Iterator[str]:
    done: set[str] = set()
    for key in cnn_models.names():
        spec = cnn_models.spec(key)
        if spec.paper.year >= GATED_SINCE and spec.family not in done and gates_of_key(key):
            done.add(spec.family)
            yield key


def _parts_of(module: nn.Module) -> GateParts | None:
    """The parts of a gate, if `module` is one."""
    inside = list(module.children())
    pools = [m for m in inside if isinstance(m, nn.AdaptiveAvgPool2d) and _is_global(m)]
    layers = [m for m in inside if isinstance(m, nn.Conv2d | nn.Linear)]
    ends = [m for m in inside if isinstance(m, nn.Sigmoid | nn.Hardsigmoid)]
    if (len(pools), len(layers), len(ends)) != (1, 2, 1):
        return None
    reduce, expand = sorted(layers, key=lambda layer: -_sizes(layer)[0])
    if _sizes(expand) != _sizes(reduce)[::-1]:
        return None
    return GateParts(pools[0], reduce, expand, ends[0])


def _is_global(pool: nn.AdaptiveAvgPool2d) -> bool:
    return pool.output_size in (1, (1, 1))


def _sizes(layer: nn.Conv2d | nn.Linear) -> tuple[int, int]:
    """Values in and out."""
    if isinstance(layer, nn.Linear):
        return layer.in_features, layer.out_features
    return layer.in_channels, layer.out_channels
