"""Guided backpropagation and deconvolution: what goes back through a ReLU is cut at 0.

Captum hooks modules of type `nn.ReLU` and nothing else, so that a ReLU written as a function, a
ReLU6 or a hard swish is passed as in the plain gradient, without a word. So the network is read
as a graph first, and Captum gets a twin in which every ReLU is a module of its own, whatever the
network calls it. ReLU6 is a ReLU and then a limit from above, through which no gradient comes
where it holds. Other activations are refused: neither paper has a rule for them, and a map that is
guided here and not there is no answer to either question.

The sigmoid of a channel's gate is no such activation. It is no filter on the way of the evidence
but a weight of it, so it is differentiated as it is, like a batch norm; the ReLU inside the gate
has the rule like any other.
"""

from __future__ import annotations

import warnings
from math import inf

import torch
from torch import Tensor, fx, nn

from analysis.structure.refusals import NotTraceable
from analysis.vision.attribution.attribution_map import AttributionMap, MethodRefused, summed
from analysis.vision.attribution.method import Question
from analysis.vision.attribution.steps import PLAIN, calls, is_gate, named, rectifies, retraced


def guided_backprop(network: nn.Module, asked: Question) -> AttributionMap:
    """The gradient, of which only what is positive passes back through a ReLU that is on."""
    return AttributionMap(summed(guided_gradient(network, asked)), "guided_backprop", signed=True)


def deconvolution(network: nn.Module, asked: Question) -> AttributionMap:
    """The gradient, of which only what is positive passes back, whether a ReLU is on or off."""
    from captum.attr import Deconvolution

    twin = asked.score(_ruled(network))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Setting backward hooks on ReLU")
        found = Deconvolution(twin).attribute(asked.image)
    return AttributionMap(summed(found), "deconvolution", signed=True)


def guided_gradient(network: nn.Module, asked: Question) -> Tensor:
    """Guided backpropagation's gradient (1, C, H, W)."""
    from captum.attr import GuidedBackprop

    twin = asked.score(_ruled(network))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Setting backward hooks on ReLU")
        return GuidedBackprop(twin).attribute(asked.image)


def refuses(network: nn.Module) -> str:
    """Why the rule would be broken in this network, or an empty string."""
    try:
        return _reason(retraced(network))
    except NotTraceable as error:
        return f"Nobody can tell whether the rule reaches every ReLU of this network. {error}"


def _ruled(network: nn.Module) -> fx.GraphModule:
    """The twin for Captum, in which every ReLU is a module; refused if something else bends."""
    try:
        twin = retraced(network)
    except NotTraceable:
        raise MethodRefused(refuses(network)) from None
    if reason := _reason(twin):
        raise MethodRefused(reason)
    return relus_as_modules(twin)


def _reason(twin: fx.GraphModule) -> str:
    others: dict[str, list[fx.Node]] = {}
    ruled = 0
    for node, what in calls(twin):
        if rectifies(node, twin) is not None:
            ruled += 1
        elif what not in PLAIN and not is_gate(node, twin):
            others.setdefault(what, []).append(node)
    if others:
        return _mixture(others, ruled)
    if not ruled:
        return (
            "This network has no ReLU, and the rule is for ReLU only; the map would be the plain "
            "gradient. Choose Saliency."
        )
    return ""


def _mixture(others: dict[str, list[fx.Node]], ruled: int) -> str:
    found = "; ".join(f"{len(nodes)} × {what} ({named(nodes)})" for what, nodes in others.items())
    result = "a mixture of the two" if ruled else "the plain gradient"
    return (
        f"The rule is for ReLU only, and this network also has {found}. The map would be {result}. "
        "Choose Saliency, SmoothGrad or Integrated gradients."
    )


def relus_as_modules(twin: fx.GraphModule) -> fx.GraphModule:
    """Make each ReLU an `nn.ReLU` of its own, ReLU6 one with a limit behind it; changes `twin`."""
    for node, _ in calls(twin):
        cap = rectifies(node, twin)
        if cap is not None:
            _replace(twin, node, cap)
    twin.graph.lint()
    twin.recompile()
    return twin.eval()


def _replace(twin: fx.GraphModule, node: fx.Node, cap: float) -> None:
    source, name = node.args[0] if node.args else node.kwargs["input"], f"rectified_{node.name}"
    assert isinstance(source, fx.Node)  # noqa: S101 - what a ReLU takes
    in_place = _is_in_place(node, twin)
    twin.add_submodule(name, nn.ReLU())
    with twin.graph.inserting_before(node):
        new = twin.graph.call_module(name, (source,))
        if cap != inf:
            new = twin.graph.call_function(torch.clamp, (new,), {"max": cap})
    node.replace_all_uses_with(new)
    if in_place:  # who reads the source afterwards reads what the ReLU has left there
        later = set(list(twin.graph.nodes)[list(twin.graph.nodes).index(node) :])
        source.replace_all_uses_with(new, delete_user_cb=lambda user: user in later - {node})
    twin.graph.erase_node(node)


def _is_in_place(node: fx.Node, twin: fx.GraphModule) -> bool:
    if node.op == "call_module":
        return bool(getattr(twin.get_submodule(str(node.target)), "inplace", False))
    name = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "")
    return str(name).endswith("_") or bool(node.kwargs.get("inplace", False))
