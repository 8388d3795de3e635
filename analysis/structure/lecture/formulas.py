"""Claims in formulas, checked with numbers: initialisation, SE blocks, dense blocks, crops."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

import cnn_models
from analysis.structure.graph import Graph
from analysis.structure.lecture.claims import Claim
from analysis.structure.lecture.findings import Answer, Finding, Link, Reading, Trace, architecture
from cnn_models.blocks.initialise import he_normal
from cnn_models.families.senet import SqueezeExcite

_CROP, _IMAGE = 224, 256
_PLACES = {"4 corners and the centre": 5, "the whole image": 1}
_CLOSE = 0.02  # how near a sampled variance has to come to its formula


def crops(claim: Claim, trace: Trace) -> Finding:
    """How many different crops a picture has, each with its mirror image."""
    shifts = _IMAGE - _CROP
    places = shifts + 1
    readings = (
        Reading(2 * places**2, how=f"{places} × {places} places × 2"),
        Reading(
            2 * shifts**2,
            f"the {shifts} steps from the first place to the last are counted each way, and not "
            f"the {places} places",
            how=f"{shifts} × {shifts} × 2",
        ),
    )
    return Finding((Answer(claim.parts[0], readings),), Link("augmentation", {"vary": "crop"}))


def views(claim: Claim, trace: Trace) -> Finding:
    """Pictures that come from some places and their mirror images."""
    (part,) = claim.parts
    (places,) = part.of
    reading = Reading(2 * _PLACES[places], how=f"{places}, each with its mirror image")
    way = "flip" if _PLACES[places] == 1 else "ten"
    return Finding((Answer(part, (reading,)),), Link("augmentation", {"vary": way}))


def sampled_variance(claim: Claim, trace: Trace) -> Finding:
    """The formula that the variance of torch's initial weights follows, of the two in question."""
    (part,) = claim.parts
    (rule,) = part.of
    inputs, outputs = 400, 600
    weights = torch.empty(outputs, inputs)
    generator = torch.Generator().manual_seed(0)
    if rule == "xavier":
        nn.init.xavier_normal_(weights, generator=generator)
        inside, value, key = "2/(n_in + n_out)", 2 / (inputs + outputs), "vgg16"
    else:
        nn.init.kaiming_normal_(weights, nonlinearity="relu", generator=generator)
        inside, value, key = "2/n_in", 2 / inputs, "resnet18"
    formulas = {inside: value, f"√({inside})": math.sqrt(value)}
    measured = weights.var().item()
    spread = weights.std().item()
    how = (
        f"{weights.numel():,} weights from torch with n_in = {inputs} and n_out = {outputs} have "
        f"variance {measured:.5f}"
    )
    remark = (
        f"{_formula(spread, formulas)} is their standard deviation: {math.sqrt(value):.4f} by the "
        f"formula, {spread:.4f} in the sample."
    )
    answer = Answer(part, (Reading(_formula(measured, formulas), how=how),), remark)
    return Finding((answer,), architecture(key))


def _formula(measured: float, formulas: Mapping[str, float]) -> str:
    near = [text for text, value in formulas.items() if abs(measured / value - 1) < _CLOSE]
    return near[0] if near else f"{measured:.4g}"


def variance_in_resnet(claim: Claim, trace: Trace) -> Finding:
    """The variance of the weights with which ResNet's 3×3 convolutions start, times n."""
    (key,), (part,) = claim.networks, claim.parts
    layer = nn.Conv2d(256, 256, 3, bias=False)
    he_normal(nn.Sequential(layer))
    n = layer.weight[0].numel()
    how = (
        f"{layer.weight.numel():,} weights drawn by the rule of this atlas's ResNets, for units "
        f"with {n:,} inputs and as many outputs"
    )
    measured = float(f"{n * layer.weight.var().item():.2g}")
    remark = f"ResNet starts from {cnn_models.spec(key).initialisation.split(';')[0]}."
    return Finding((Answer(part, (Reading(measured, how=how),), remark),), architecture(key))


def squeeze(claim: Claim, trace: Trace) -> Finding:
    """The first step of an SE block against the mean of each channel."""
    gate, maps = _gate_and_maps()
    apart = (gate.squeeze(maps) - maps.mean(dim=(2, 3), keepdim=True)).abs().max().item()
    text = "mean over H × W" if apart < 1e-6 else "something else"
    how = f"{maps.shape[1]} random channels of {maps.shape[2]} × {maps.shape[3]}: {_apart(apart)}"
    where = architecture("se_resnet50", layer="layer1.0.se.squeeze")
    return Finding((Answer(claim.parts[0], (Reading(text, how=how),)),), where)


def excitation(claim: Claim, trace: Trace) -> Finding:
    """The gate of an SE block against σ(W₂ ReLU(W₁ z)), and the range of its values."""
    gate, maps = _gate_and_maps()
    z = maps.mean(dim=(2, 3))
    hidden = (z @ gate.fc1.weight.flatten(1).T + _bias(gate.fc1)).relu()
    by_hand = (hidden @ gate.fc2.weight.flatten(1).T + _bias(gate.fc2)).sigmoid()
    measured = gate(torch.ones_like(maps) * z[..., None, None]).mean(dim=(2, 3)) / z
    apart = (measured - by_hand).abs().max().item()
    least, most = by_hand.min().item(), by_hand.max().item()
    formula, scale = claim.parts
    text = "σ(W₂ ReLU(W₁ z))" if apart < 1e-4 else "something else"
    inside = "from 0 to 1" if least > 0 and most < 1 else "beyond 0 and 1"
    answers = (
        Answer(formula, (Reading(text, how=_apart(apart)),)),
        Answer(scale, (Reading(inside, how=f"here from {least:.2f} to {most:.2f}"),)),
    )
    return Finding(answers, architecture("se_resnet50", layer="layer1.0.se.sigmoid"))


def _gate_and_maps() -> tuple[SqueezeExcite, Tensor]:
    """SENet's own block with random weights, and maps (1, 32, 6, 5) to put in."""
    generator = torch.Generator().manual_seed(0)
    gate = SqueezeExcite(32, reduction=4).requires_grad_(False)
    for parameter in gate.parameters():
        parameter.normal_(std=0.3, generator=generator)
    return gate, torch.randn(1, 32, 6, 5, generator=generator)


def _bias(layer: nn.Conv2d) -> Tensor:
    return torch.zeros(layer.out_channels) if layer.bias is None else layer.bias


def _apart(apart: float) -> str:
    return f"at most {apart:.0e} apart" if apart else "no difference"


def dense_connectivity(claim: Claim, trace: Trace) -> Finding:
    """What each layer of the dense blocks is given, followed back through the concatenations."""
    (key,) = claim.networks
    graph = trace(key)
    layers = _dense_layers(graph)
    complete = all(
        _sources(graph, first) == [*_sources(graph, block[0][0]), *(last for _, last in block[:i])]
        for block in layers
        for i, (first, _) in enumerate(block)
    )
    text = "all maps before it" if complete else "some maps before it"
    how = f"{sum(map(len, layers))} layers in {len(layers)} blocks"
    reading = Reading(text, how=how)
    where = architecture(key, stage="denseblock1")
    return Finding((Answer(claim.parts[0], (reading,)),), where)


def _dense_layers(graph: Graph) -> list[list[tuple[str, str]]]:
    """For each block its layers, as what the layer reads and its last convolution."""
    blocks: dict[str, dict[str, tuple[str, str]]] = {}
    for op in graph.operations:
        block, *rest = op.name.split(".")
        if block.startswith("denseblock") and len(rest) > 1:
            first, _ = blocks.setdefault(block, {}).get(rest[0], (op.inputs[0], ""))
            blocks[block][rest[0]] = (first, op.name)
    return [list(layers.values()) for layers in blocks.values()]


def _sources(graph: Graph, name: str) -> list[str]:
    """The operations whose maps lie side by side in the output of `name`."""
    op = graph.operation(name)
    if op.kind != "concatenation":
        return [name]
    return [source for part in op.inputs for source in _sources(graph, part)]
