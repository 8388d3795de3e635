"""Auxiliary heads predicting early: Szegedy et al., CVPR 2015, and what followed GoogLeNet.

The heads answer in training mode only. Here the network alone is put into that mode, and no module
in it: its forward pass takes the way through the heads, while batch normalisation keeps its
running statistics and dropout leaves everything in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

import cnn_models
from analysis.structure.graph import Graph
from analysis.vision.device import device_of
from analysis.vision.paths.part import Part
from analysis.vision.probe import Shared, probe
from analysis.vision.voices import Voice, load, untrained

OPTION = "aux_heads"
# torchvision's GoogLeNet was trained without its heads; its own code warns of that.
UNTRAINED_HEADS = frozenset({"googlenet_bn"})


def has_heads(key: str) -> bool:
    """Whether network `key` can be built with auxiliary heads.

    Raises:
        cnn_models.UnknownModel: if there is no such network.
    """
    try:
        with torch.device("meta"):
            cnn_models.build(key, **{OPTION: True})
    except TypeError:  # it has no such option
        return False
    return True


def load_with_heads(speaker: Voice, device: torch.device) -> nn.Module:
    """The network of `speaker` with its auxiliary heads, in evaluation mode on `device`.

    Public weights come with those of the heads; otherwise all weights are random, from one seed.

    Raises:
        cnn_models.WeightsUnavailable: if a file has gone or is damaged.
        TypeError: if the network has no auxiliary heads.
    """
    if speaker.weights_name.startswith("public"):
        return load(speaker, device)
    return untrained(speaker.key, **{OPTION: True}).eval().to(device)


@contextmanager
def answering(model: nn.Module | Shared) -> Iterator[nn.Module]:
    """Lend a network whose heads answer, with nothing else of it in training mode."""
    with probe(model) as network:
        network.training = True  # of itself; `train()` would be of all its modules
        yield network


def predictions(model: nn.Module | Shared, x: Tensor, graph: Graph) -> tuple[Part, ...]:
    """What each head says of one input (1, C, H, W), the earliest first, then the main head.

    `graph` is that of the network without its auxiliary heads.

    Raises:
        ValueError: if the network has no auxiliary heads, or cannot take the input with them.
    """
    with answering(model) as network, torch.no_grad():
        reads = _note_what_heads_read(network)
        answers = network(x.to(device_of(network)))
    if isinstance(answers, Tensor):
        raise ValueError("This network has no auxiliary heads; GoogLeNet and Inception-v3 have.")
    main, *early = answers
    heads = [
        Part(_label(number, len(early)), _where(graph, reads[number]), _shares(scores))
        for number, scores in enumerate(early)
    ]
    return (*heads, Part("Main head", "after all multiply-adds", _shares(main), whole=True))


def _shares(scores: Tensor):
    return scores.float().softmax(dim=1).cpu().numpy()[0]


def _label(number: int, heads: int) -> str:
    return "Auxiliary head" if heads == 1 else f"Auxiliary head {number + 1}"


def _note_what_heads_read(network: nn.Module) -> list[str]:
    """Fill a list with the module whose output each auxiliary head is given, in order.

    The hooks are taken away by the probe. A head is a child of the network whose name begins
    with "aux".
    """
    made: dict[int, tuple[str, Tensor]] = {}  # the tensors are kept, so that no name is reused
    reads: list[str] = []
    for name, module in network.named_modules():
        if not name or name.startswith("aux"):
            continue

        def note(_module: nn.Module, _given: object, output: object, name: str = name) -> None:
            if isinstance(output, Tensor):
                made[id(output)] = (name, output)

        module.register_forward_hook(note)
    for name, head in network.named_children():
        if name.startswith("aux"):
            head.register_forward_pre_hook(
                lambda _module, given: reads.append(made[id(given[0])][0])
            )
    return reads


def _where(graph: Graph, name: str) -> str:
    """How much work is done when a head reads the maps of module `name`."""
    macs = [op.macs for op in graph.operations]
    last = max(
        place
        for place, op in enumerate(graph.operations)
        if op.name == name or op.name.startswith(f"{name}.")
    )
    return f"after {name}, {sum(macs[: last + 1]) / sum(macs):.0%} of the multiply-adds"


def note(speaker: Voice) -> str | None:
    """What to keep in mind about the heads' weights; None where there is nothing."""
    if not speaker.trained_on:
        return (
            "No network with auxiliary heads is small enough to be trained and shipped with the "
            "atlas, so without public weights the heads guess."
        )
    if speaker.key in UNTRAINED_HEADS:
        return "The owner of these weights has trained the main head only: the early heads guess."
    return None
