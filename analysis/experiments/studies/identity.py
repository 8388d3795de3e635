"""The constructive argument: a deeper network that is at least as good can be written down.

He, Zhang, Ren, Sun (CVPR 2016), Section 1: copy the layers of a shallower network and let the
others be the identity. So depth itself cannot hurt; what fails is the search for such weights.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from analysis.progress import Report, silent
from analysis.vision.device import device_of
from analysis.vision.probe import Shared, probe
from cnn_models.families.cifar_resnet import CifarResNet
from cnn_models.families.preact_resnet import BasicUnit
from cnn_models.families.resnet import BasicBlock, PlainBlock

_BATCH = 100


class Deepened(NamedTuple):
    """A network and its deeper copy, on the same images."""

    shallow: float  # error, 0..1
    deep: float
    difference: float  # largest, of two outputs
    images: int


def deepened(shallow: nn.Module, depth: int) -> CifarResNet:
    """A copy with `depth` layers, whose additional blocks give back their input.

    A residual block does so when its last scale and shift are zero. A plain one needs all of its
    layers for it: filters that copy the pixel in their middle, and a normalisation that changes
    nothing. Every block's input has passed a ReLU, so the ReLUs change nothing either.

    Raises:
        ValueError: if it is no plain or residual network of CIFAR, or `depth` is no greater depth
            of such a network.
    """
    if not isinstance(shallow, CifarResNet):
        raise ValueError("Only the plain and the residual networks of CIFAR can be deepened here.")
    old = len(shallow.layer1)
    kind = BasicBlock if isinstance(shallow.layer1[0], BasicBlock) else PlainBlock
    options = {"shortcut": "A"} if kind is BasicBlock else {}
    deep = CifarResNet(kind, depth, shallow.fc.out_features, **options)
    if len(deep.layer1) <= old:
        raise ValueError(f"depth is {depth}; it has to be more than {6 * old + 2}.")
    missing = deep.load_state_dict(shallow.state_dict(), strict=False).missing_keys
    for name in sorted({key.rsplit(".", 2)[0] for key in missing}):
        _copy_input(cast(PlainBlock, deep.get_submodule(name)))
    return deep.to(device_of(shallow)).train(shallow.training)


@torch.no_grad()
def _copy_input(block: PlainBlock) -> None:
    """Let a block of equal input and output give back what has passed a ReLU."""
    if isinstance(block, BasicBlock):
        nn.init.zeros_(block.bn2.weight)
        nn.init.zeros_(block.bn2.bias)
        return
    for conv, norm in ((block.conv1, block.bn1), (block.conv2, block.bn2)):
        nn.init.dirac_(conv.weight)
        nn.init.zeros_(norm.bias)
        nn.init.constant_(norm.get_buffer("running_var"), 1 - norm.eps)


def compared(
    model: nn.Module | Shared, depth: int, images: Tensor, labels: Tensor, report: Report = silent
) -> Deepened:
    """Errors of a network and of its copy with `depth` layers.

    `images` (N, C, H, W) are as the network takes them, `labels` (N,) are its classes.

    Raises:
        ValueError: as `deepened`.
    """
    wrong, difference, done = [0, 0], 0.0, 0
    with probe(model) as shallow, torch.no_grad():
        deep, where = deepened(shallow, depth), device_of(shallow)
        for batch, truth in zip(images.split(_BATCH), labels.split(_BATCH), strict=True):
            one, two = (network(batch.to(where)).cpu() for network in (shallow, deep))
            wrong = [n + _wrong(out, truth) for n, out in zip(wrong, (one, two), strict=True)]
            difference = max(difference, float((one - two).abs().max()))
            done += len(truth)
            report(done, len(labels))
    return Deepened(wrong[0] / done, wrong[1] / done, difference, done)


def _wrong(outputs: Tensor, labels: Tensor) -> int:
    return int((outputs.argmax(1) != labels).sum())


def copies(block: nn.Module, maps: Tensor) -> bool:
    """Whether a block whose convolutions are all set to zero gives back `maps`, (N, C, H, W)."""
    block.eval().requires_grad_(False)
    for module in block.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.zero_()
    return bool(torch.equal(block(maps), maps))


def zeros_notice() -> str:
    """What the two orders of a residual block do when all their convolutions are zero."""
    maps = torch.randn(1, 8, 6, 6, generator=torch.Generator().manual_seed(0))  # of both signs
    original, full = BasicBlock(8, 8, 1), BasicUnit(8, 8, 1)
    if copies(full, maps) and copies(original, maps.relu()) and not copies(original, maps):
        return (
            "With all convolutions at zero, the pre-activated block gives back any input as it is; "
            "the original one only an input that has passed a ReLU, since its last ReLU cuts off "
            "what is negative."
        )
    return "With all convolutions at zero, these blocks do not give back what the papers say."


def verdict(found: Deepened, depth: int, names: tuple[str, str]) -> str:
    """The two errors, and how far apart the outputs are."""
    shallow, deep = (f"{100 * share:.2f}%" for share in (found.shallow, found.deep))
    apart = (
        "Every output is the same to the last bit"
        if found.difference == 0
        else f"The outputs differ by {found.difference:.2g} at most"
    )
    return (
        f"{names[0]} names {shallow} of {found.images:,} pictures wrongly, {names[1]} {deep}. "
        f"{apart}. So {depth} layers cannot be worse because they are {depth} layers: good weights "
        "exist, and training has to find them."
    )
