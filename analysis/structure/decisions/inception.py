"""Inception modules without the 1×1 convolutions that keep them cheap."""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn

from analysis.amounts import counted, listed
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import fit, gates, leave_out, named
from cnn_models.blocks.branches import SideBySide
from cnn_models.families import bn_inception, googlenet, inception_resnet

REDUCED, UNREDUCED, NAIVE = "reduced", "unreduced", "naive"
_TEXTS = {
    REDUCED: "1×1 convolutions reduce",
    UNREDUCED: "no 1×1 before the windows",
    NAIVE: "naive, no 1×1 behind the pooling either",
}
_SENTENCE = (
    "The 1×1 convolutions in front of the wider windows go, so that these read all channels."
)
_NAIVE = (
    " In the naive module the one behind the pooling goes too: all channels pass on, and every "
    "module makes the next one wider."
)
_MODULES = (googlenet.Inception, bn_inception.Inception, SideBySide)
_POOLINGS = (nn.MaxPool2d, nn.AvgPool2d)


def _offer(network: Network) -> Offer | None:
    reductions, projections = _reductions(network.model), _projections(network.model)
    if not reductions:
        return None
    fixed = named(network.model, inception_resnet.ResidualBlock) or gates(network.model)
    grows = projections and not fixed  # sums and gates need the widths that they have
    values = (REDUCED, UNREDUCED, *([NAIVE] if grows else ()))
    return Offer(
        decision="inception",
        label="Inception modules",
        values=values,
        texts=tuple(_TEXTS[value] for value in values),
        present=REDUCED,
        sentence=_SENTENCE + (_NAIVE if grows else ""),
    )


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    model = network.model
    removed = {"in front of wider windows": _reductions(model)}
    if value == NAIVE:
        removed["behind a pooling"] = _projections(model)
    modules = counted(len(_modules(model)), "Inception module")
    for name in (name for names in removed.values() for name in names):
        leave_out(model, name)
    fit(model, network.spec.input_shape)
    parts = listed(f"{len(names)} {place}" for place, names in removed.items())
    return model, f"1×1 convolutions left out of the {modules} of {network.name}: {parts}."


def _modules(model: nn.Module) -> list[str]:
    """Names of the modules that no other contains."""
    names = [name for name, layer in model.named_modules() if isinstance(layer, _MODULES)]
    return [name for name in names if not any(name.startswith(f"{other}.") for other in names)]


def _reductions(model: nn.Module) -> list[str]:
    """Names of 1×1 units that begin a branch in which other convolutions follow."""
    return [
        f"{name}.{first}"
        for name, branch in _branches(model)
        for first, unit in [next(branch.named_children())]
        if _is_pointwise(unit) and len(_convs(branch)) > 1
    ]


def _projections(model: nn.Module) -> list[str]:
    """Names of 1×1 units that end a branch of pooling."""
    return [
        f"{name}.{last}"
        for name, branch in _branches(model)
        for last, unit in [list(branch.named_children())[-1]]
        if isinstance(next(branch.children()), _POOLINGS) and _is_pointwise(unit)
    ]


def _branches(model: nn.Module) -> Iterator[tuple[str, nn.Sequential]]:
    for name, module in model.named_modules():
        if isinstance(module, _MODULES):
            for child, branch in module.named_children():
                if isinstance(branch, nn.Sequential):
                    yield f"{name}.{child}", branch


def _is_pointwise(unit: nn.Module) -> bool:
    return isinstance(unit, nn.Sequential) and [c.kernel_size for c in _convs(unit)] == [(1, 1)]


def _convs(module: nn.Module) -> list[nn.Conv2d]:
    return [layer for layer in module.modules() if isinstance(layer, nn.Conv2d)]


INCEPTION = Decision(
    absent="has no Inception module",
    example="googlenet",
    offer=_offer,
    change=_change,
)
