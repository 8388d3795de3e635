"""A network whose fully connected layers have become convolutions, so that it slides over images.

A fully connected layer after maps of h × w values is a convolution with a window of h × w, and
those behind it are convolutions of 1 × 1 (Sermanet et al. 2013, OverFeat; Simonyan and Zisserman
2014, section 3.2). On a larger image the result is a map of scores, whose mean is the answer.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping

import torch
from torch import fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from analysis.structure.refusals import NotTraceable
from analysis.structure.symbolic import symbolic

_ELEMENTWISE = (nn.ReLU, nn.Tanh, nn.Sigmoid, nn.Dropout, nn.Identity)
_FUNCTIONS = {torch.relu, torch.tanh, nn.functional.relu, nn.functional.dropout, operator.mul}
Modules = Mapping[str, nn.Module]
Layers = list[tuple[fx.Node, nn.Linear]]
_FLATTENS = {torch.flatten, "flatten"}


def fully_convolutional(model: nn.Module, input_shape: tuple[int, int, int]) -> nn.Module:
    """`model` with convolutions for the fully connected layers that read maps of several values.

    The weights are shared with `model`, which is not changed. A network that needs no change, as
    it takes the mean of each map, or one for which the change is not known, comes back itself.

    Args:
        model: in evaluation mode, on any device, also "meta".
        input_shape: (C, H, W) that the network was made for.
    """
    try:
        twin, steps = symbolic(model)
    except NotTraceable:
        return model
    planned = fx.GraphModule(twin, steps)
    with torch.no_grad():
        ShapeProp(planned).propagate(torch.empty(1, *input_shape, device="meta"))
    sliding = fx.GraphModule(model, planned.graph)
    modules: Modules = dict(sliding.named_modules())
    for node in sliding.graph.nodes:
        maps = node.args[0] if _is_flatten(node, modules) else None
        if isinstance(maps, fx.Node) and _pixels(maps) > 1:
            head = _head(node, modules)
            if head:
                _convolve(sliding, node, maps, head)
                return sliding.eval()
    return model


def _is_flatten(node: fx.Node, modules: Modules) -> bool:
    if node.op == "call_module":
        return isinstance(modules[str(node.target)], nn.Flatten)
    return node.op in ("call_function", "call_method") and node.target in _FLATTENS


def _shape(node: fx.Node) -> tuple[int, ...]:
    return tuple(getattr(node.meta.get("tensor_meta"), "shape", ()))


def _pixels(node: fx.Node) -> int:
    shape = _shape(node)
    return shape[2] * shape[3] if len(shape) == 4 else 0


def _head(flatten: fx.Node, modules: Modules) -> Layers:
    """The fully connected layers from `flatten` to the output; none if there is anything else."""
    found = []
    node = flatten
    while len(node.users) == 1:
        node = next(iter(node.users))
        if node.op == "output":
            return found
        module = modules.get(str(node.target)) if node.op == "call_module" else None
        if isinstance(module, nn.Linear):
            found.append((node, module))
        elif not isinstance(module, _ELEMENTWISE) and node.target not in _FUNCTIONS:
            break
    return []


def _convolve(sliding: fx.GraphModule, flatten: fx.Node, maps: fx.Node, head: Layers) -> None:
    window = _shape(maps)[2:]
    for node, layer in head:
        sliding.set_submodule(str(node.target), _as_convolution(layer, *window))
        window = (1, 1)
    flatten.replace_all_uses_with(maps)
    sliding.graph.erase_node(flatten)
    _drop_idle_pool(sliding, maps)
    output = next(node for node in sliding.graph.nodes if node.op == "output")
    with sliding.graph.inserting_before(output):
        mean = sliding.graph.call_method("mean", (output.args[0], (2, 3)))
    output.args = (mean,)
    sliding.recompile()


def _as_convolution(layer: nn.Linear, height: int, width: int) -> nn.Conv2d:
    """The same weights, (out, in) as (out, in / (h · w), h, w)."""
    channels = layer.in_features // (height * width)
    with torch.device("meta"):
        twin = nn.Conv2d(channels, layer.out_features, (height, width), bias=False)
    shape = (layer.out_features, channels, height, width)
    twin.weight = nn.Parameter(layer.weight.detach().view(shape), requires_grad=False)
    twin.bias = layer.bias
    return twin


def _drop_idle_pool(sliding: fx.GraphModule, maps: fx.Node) -> None:
    """Take out an adaptive pooling that changes nothing at the size the network was made for."""
    is_module = maps.op == "call_module"
    if not is_module or not isinstance(
        sliding.get_submodule(str(maps.target)), nn.AdaptiveAvgPool2d
    ):
        return
    before = maps.args[0]
    if isinstance(before, fx.Node) and _shape(before) == _shape(maps):
        maps.replace_all_uses_with(before)
        sliding.graph.erase_node(maps)
