"""The calls that a network makes, read from its graph, and which of them bend the signal."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from torch import fx, nn

from analysis.structure.kinds import function_name, kind_of
from analysis.structure.refusals import NotTraceable
from analysis.structure.symbolic import path_of, symbolic

# Calls that add, weigh, move, average or pick values; the gradient through them is what every
# method means. The norms divide by what they see, as the papers' own networks do.
PLAIN = frozenset({
    "convolution", "transposed convolution", "linear", "bilinear", "batch norm",
    "layer norm", "group norm", "instance norm", "local response norm", "max pooling",
    "average pooling", "adaptive average pooling", "adaptive max pooling", "lp pooling",
    "dropout", "alpha dropout", "identity", "flatten", "unflatten", "reshape",
    "concatenation", "stack", "addition", "subtraction", "neg", "multiplication",
    "division", "matrix product", "einsum", "slicing", "select", "narrow", "split",
    "unbind", "transpose", "padding", "constant pad", "upsampling", "channel shuffle",
    "pixel shuffle", "mean", "sum", "amax", "unsqueeze", "squeeze", "expand",
    "repeat", "clone", "to", "float", "size", "dim", "numel", "getattr", "mod", "floordiv",
})  # fmt: skip
SHAPES = frozenset({
    "reshape", "flatten", "unflatten", "unsqueeze", "squeeze", "expand", "slicing",
    "transpose",
})  # fmt: skip
GATES = frozenset({"sigmoid", "hard sigmoid", "hardsigmoid"})
_NAMED = 3  # layers in a sentence


def retraced(network: nn.Module) -> fx.GraphModule:
    """The network in evaluation mode as a list of calls, over the same modules and parameters.

    Raises:
        NotTraceable: if the forward pass is no fixed graph of one image.
    """
    _, steps = symbolic(network)
    try:
        return fx.GraphModule(network, steps)
    except RuntimeError as error:  # a tensor that its code makes by itself is not the network's
        raise NotTraceable(f"The network makes tensors of its own on the way: {error}") from None


def kind(node: fx.Node, network: nn.Module) -> str:
    """The kind of a call in plain words, as the layer table has it."""
    module = network.get_submodule(str(node.target)) if node.op == "call_module" else None
    return kind_of(node, module)


def calls(network: fx.GraphModule) -> Iterator[tuple[fx.Node, str]]:
    """Each call and its kind, in order."""
    for node in list(network.graph.nodes):
        if node.op.startswith("call_"):
            yield node, kind(node, network)


def rectifies(node: fx.Node, network: nn.Module) -> float | None:
    """Where a call cuts from above if it cuts from below at 0: inf for ReLU, 6 for ReLU6.

    None if it does not, or does other things. ReLU may be spelled as a module, a function, a
    method, or as a clamp.
    """
    if node.op == "call_module":
        return _module_cap(network.get_submodule(str(node.target)))
    name = function_name(node.target) if node.op in ("call_function", "call_method") else ""
    if name in ("relu", "relu6"):
        return inf if name == "relu" else 6.0
    bounds = {
        "clamp": ("min", "max", None, None),
        "clip": ("min", "max", None, None),
        "clamp_min": ("min", "max", None, None),
        "hardtanh": ("min_val", "max_val", -1, 1),
    }
    if name not in bounds:
        return None
    low_name, high_name, low, high = bounds[name]
    low = _argument(node, 1, low_name, low)
    high = _argument(node, 2, high_name, high)
    if low != 0 or not (high is None or isinstance(high, int | float)):
        return None
    return inf if high is None else float(high)


def _module_cap(module: nn.Module) -> float | None:
    if type(module) is nn.ReLU:
        return inf
    if isinstance(module, nn.Hardtanh) and module.min_val == 0:  # ReLU6 is one
        return float(module.max_val)
    return None


def _argument(node: fx.Node, place: int, name: str, default: Any) -> Any:
    return node.args[place] if len(node.args) > place else node.kwargs.get(name, default)


def is_gate(node: fx.Node, network: nn.Module) -> bool:
    """Whether a sigmoid's values are only ever multiplied with something else than its input.

    That is a channel's gate; x · sigmoid(x) is no gate but an activation.
    """
    return kind(node, network) in GATES and _only_weighs(node, node.args[0], network)


def _only_weighs(node: fx.Node, source: Any, network: nn.Module) -> bool:
    if not node.users:
        return False
    for user in node.users:
        what = kind(user, network) if user.op.startswith("call_") else user.op
        if what in SHAPES:
            if not _only_weighs(user, source, network):
                return False
        elif what != "multiplication" or source in user.args:
            return False
    return True


def named(nodes: list[fx.Node]) -> str:
    """Where calls are, for a sentence: the first few by name."""
    names = [path_of(node) for node in nodes[:_NAMED]]
    return ", ".join(names) + (", …" if len(nodes) > _NAMED else "")
