"""DeepLIFT: what each pixel gave to the change of the score against a baseline.

Captum has rules for a few activation modules, each of which may be called once. Everything else,
a product with a gate or a hard swish, it passes with the plain gradient, and the map no longer
adds up. So it gets a twin of the network in which every call that bends the signal has a rule;
what has none is refused, and so is a map that does not add up all the same.
"""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor, fx, nn

from analysis.structure.refusals import NotTraceable
from analysis.vision.attribution.attribution_map import AttributionMap, MethodRefused, summed
from analysis.vision.attribution.guided import relus_as_modules
from analysis.vision.attribution.method import Question
from analysis.vision.attribution.multipliers import (
    CentredNorm,
    Peak,
    Rescaled,
    ResponseNorm,
    product,
)
from analysis.vision.attribution.steps import PLAIN, calls, kind, named, retraced

_TOLERANCE = 0.03  # of the change of the score
_ROUNDING = 1e-5  # of the two scores
_ELEMENTWISE = frozenset({
    "SiLU", "GELU", "hard swish", "hardswish", "hard sigmoid", "hardsigmoid", "sigmoid", "tanh",
    "leaky ReLU", "ELU", "elu", "SELU", "selu", "CELU", "celu", "PReLU", "softplus", "softsign",
    "mish", "hardtanh", "clamp", "clip", "clamp min", "clamp max", "square", "pow", "sqrt", "rsqrt",
    "exp", "log", "abs", "reciprocal",
})  # fmt: skip
_MODULES: dict[type[nn.Module], Callable[[Any], nn.Module]] = {
    nn.MaxPool2d: Peak,
    nn.AdaptiveMaxPool2d: Peak,
    nn.LocalResponseNorm: ResponseNorm,
    nn.LayerNorm: CentredNorm,
}
_WITHOUT_RULE = frozenset({
    "layer norm", "group norm", "instance norm", "local response norm", "max pooling",
    "adaptive max pooling", "lp pooling", "amax", "bilinear", "matrix product", "einsum",
})  # fmt: skip


def deeplift(network: nn.Module, asked: Question) -> AttributionMap:
    """(pixel − baseline) · multiplier, the channels summed.

    Raises:
        MethodRefused: if the map does not add up to the change of the score.
    """
    from captum.attr import DeepLift

    score = asked.score(_ruled(network))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Setting forward, backward hooks")
        parts = DeepLift(score).attribute(asked.image, asked.baseline())  # (1, C, H, W)
    with torch.no_grad():
        ends = asked.score(network)(torch.cat([asked.image, asked.baseline()]))
        change, total = float(ends[0] - ends[1]), float(parts.sum())
        rounding = _ROUNDING * float(ends.abs().sum())
    if not abs(total - change) <= _TOLERANCE * abs(change) + rounding:  # or it is no number
        raise MethodRefused(
            f"DeepLIFT's map should add up to {change:.3g}, the change of the score, and adds up "
            f"to {total:.3g}; it is not shown. Choose Integrated gradients."
        )
    return AttributionMap(summed(parts), "deeplift", signed=True, delta=total - change)


def refuses(network: nn.Module) -> str:
    """Which calls of this network have no rule, in a sentence, or an empty string."""
    try:
        return _reason(with_rules(network))
    except NotTraceable as error:
        return f"DeepLIFT needs a rule for each call of the network. {error}"


def _ruled(network: nn.Module) -> fx.GraphModule:
    try:
        twin = with_rules(network)
    except NotTraceable:
        raise MethodRefused(refuses(network)) from None
    if reason := _reason(twin):
        raise MethodRefused(reason)
    return twin


def _reason(twin: fx.GraphModule) -> str:
    without: dict[str, list[fx.Node]] = {}
    for node, what in calls(twin):
        if not _has_rule(node, what, twin):
            without.setdefault(what, []).append(node)
    if not without:
        return ""
    found = "; ".join(f"{len(nodes)} × {what} ({named(nodes)})" for what, nodes in without.items())
    return (
        f"DeepLIFT has no rule for {found}, and the map would not add up. Choose Integrated "
        "gradients."
    )


def with_rules(network: nn.Module) -> fx.GraphModule:
    """A twin over the same parameters in which what bends the signal has DeepLIFT's rule.

    Raises:
        NotTraceable: if the forward pass is no fixed graph of one image.
    """
    twin = relus_as_modules(retraced(network))
    seen: set[fx.Node] = set()  # nodes that depend on the picture
    for node in list(twin.graph.nodes):
        if node.op == "placeholder":
            seen.add(node)
        elif seen.intersection(node.all_input_nodes):
            seen.add(_with_rule(twin, node, seen) if node.op.startswith("call_") else node)
    twin.delete_all_unused_submodules()  # or Captum would hook what a rule works with
    twin.graph.lint()
    twin.recompile()
    return twin.eval()


def _with_rule(twin: fx.GraphModule, node: fx.Node, seen: set[fx.Node]) -> fx.Node:
    """Give one call its rule if it needs one and there is one."""
    what, several = kind(node, twin), len(seen.intersection(node.all_input_nodes)) > 1
    if what == "multiplication" and (several or node.args[0] is node.args[1]):
        return _exchange(twin, node, twin.graph.call_function, product, node.args[:2])
    if what == "division" and node.args[1] in seen:
        below = _module(twin, node, Rescaled(torch.reciprocal), node.args[1], erase=False)
        return _exchange(twin, node, twin.graph.call_function, product, (node.args[0], below))
    module = twin.get_submodule(str(node.target)) if node.op == "call_module" else None
    if module is not None and type(module) in _MODULES:
        return _module(twin, node, _MODULES[type(module)](module), node.args[0])
    if what in _ELEMENTWISE and not several:
        return _module(twin, node, Rescaled(_bend(node, module)), node.args[0])
    return node


def _bend(node: fx.Node, module: nn.Module | None) -> Callable[[Tensor], Tensor]:
    if module is not None:
        return module
    rest, options = node.args[1:], dict(node.kwargs)
    if node.op == "call_method":
        return operator.methodcaller(str(node.target), *rest, **options)
    return partial(_called, node.target, rest, options)


def _called(function: Any, rest: tuple[Any, ...], options: dict[str, Any], x: Tensor) -> Tensor:
    return function(x, *rest, **options)


def _module(
    twin: fx.GraphModule, node: fx.Node, rule: nn.Module, source: Any, erase: bool = True
) -> fx.Node:
    name = f"rule_of_{node.name}"
    twin.add_submodule(name, rule)
    if erase:
        return _exchange(twin, node, twin.graph.call_module, name, (source,))
    with twin.graph.inserting_before(node):
        return twin.graph.call_module(name, (source,))


def _exchange(
    twin: fx.GraphModule, node: fx.Node, call: Callable[..., fx.Node], what: Any, args: Any
) -> fx.Node:
    with twin.graph.inserting_before(node):
        new = call(what, args)
    node.replace_all_uses_with(new)
    twin.graph.erase_node(node)
    return new


def _has_rule(node: fx.Node, what: str, twin: fx.GraphModule) -> bool:
    if node.op == "call_module":
        module = twin.get_submodule(str(node.target))
        if isinstance(module, nn.ReLU | Rescaled | Peak | ResponseNorm | CentredNorm):
            return True
    return node.target is product or (what in PLAIN and what not in _WITHOUT_RULE)
