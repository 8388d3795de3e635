"""Claims about learning: what can be run in milliseconds, and what waits for its experiment."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from analysis.structure.lecture.claims import Claim
from analysis.structure.lecture.findings import (
    Answer,
    Finding,
    Reading,
    Trace,
    architecture,
    compare,
)
from analysis.structure.lecture.results import result
from cnn_models.families.preact_resnet import BasicUnit
from cnn_models.families.resnet import BasicBlock

_WAITING = "This needs the experiment page, which is not built yet."


def block_of_zeros(claim: Claim, trace: Trace) -> Finding:
    """A residual block without weights on any input, and on one that a ReLU has passed."""
    generator = torch.Generator().manual_seed(0)
    maps = torch.randn(1, 8, 6, 6, generator=generator)
    original, later = BasicBlock(8, 8, 1), BasicUnit(8, 8, 1)
    passed = _copies(original, maps.relu()) and _copies(later, maps)
    readings = (
        Reading("the input" if _copies(original, maps) else "ReLU(input)", how="any input"),
        Reading(
            "the input" if passed else "something else",
            "that comes from a ReLU and is never negative, as inside of ResNet, or the last ReLU "
            "stands inside of the branch, as with pre-activation",
        ),
    )
    where = architecture("resnet18", stage="layer1", block="layer1.0")
    return Finding((Answer(claim.parts[0], readings),), where)


def _copies(block: nn.Module, maps: Tensor) -> bool:
    """Whether a block whose convolutions are all zero gives back its input."""
    block.eval().requires_grad_(False)
    for module in block.modules():
        if isinstance(module, nn.Conv2d):
            module.weight.zero_()
    return bool(torch.equal(block(maps), maps))


def zero_initialisation(claim: Claim, trace: Trace) -> Finding:
    """The hidden units of a small network that starts at zero, after some steps of training."""
    steps, units = 20, 16
    generator = torch.Generator().manual_seed(0)
    images, targets = (torch.randn(64, n, generator=generator) for n in (10, 3))
    network = nn.Sequential(nn.Linear(10, units), nn.ReLU(), nn.Linear(units, 3))
    for parameter in network.parameters():
        nn.init.zeros_(parameter)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.1)
    for _ in range(steps):
        optimiser.zero_grad()
        nn.functional.mse_loss(network(images), targets).backward()
        optimiser.step()
    weights = next(network.parameters())
    text = "identical" if bool((weights == weights[0]).all()) else "different"
    moved = "none of their weights has moved" if not weights.any() else "all moved alike"
    how = f"{units} hidden units after {steps} steps; {moved}"
    return Finding((Answer(claim.parts[0], (Reading(text, how=how),)),))


def deeper_is_worse(claim: Claim, trace: Trace) -> Finding:
    """Plain networks: open until they are trained here; what the paper prints meanwhile."""
    shallow, deep = (result(f"{key} | top-1 error | 10-crop") for key in ("plain18", "plain34"))
    remark = (
        f"{_WAITING} The paper's table for ImageNet agrees for validation errors: {deep.text} with "
        f"34 plain layers, {shallow.text} with 18 ({shallow.source})."
    )
    return Finding((Answer(claim.parts[0], (), remark),), compare(*claim.networks))


def deeper_is_better(claim: Claim, trace: Trace) -> Finding:
    """Residual networks: open until they are trained here; what the paper prints meanwhile."""
    shallow, deep = (result(f"{key} | test error | CIFAR-10") for key in claim.networks)
    remark = (
        f"{_WAITING} The paper's test errors on CIFAR-10 agree: {deep.text} with 56 layers, "
        f"{shallow.text} with 20 ({deep.source})."
    )
    return Finding((Answer(claim.parts[0], (), remark),), compare(*claim.networks))


def search_loop(claim: Claim, trace: Trace) -> Finding:
    """The controller's update in exact arithmetic; the search itself has to be trained."""
    update, search = claim.parts
    expected, of_probability, of_logarithm = _directions()
    wanted = "the gradient of the expected reward"
    readings = (
        Reading(_named(of_probability, expected, wanted), how="4 designs, exact expectation"),
        Reading(
            _named(of_logarithm, expected, wanted),
            "the gradient is that of the logarithm of the sample probability, as in REINFORCE",
        ),
    )
    return Finding((Answer(update, readings), Answer(search, (), _WAITING)))


def _directions() -> tuple[Tensor, Tensor, Tensor]:
    """For a softmax over 4 designs: ∇ E[R], and the mean of R ∇p and of R ∇ log p over samples."""
    scores = torch.tensor([0.5, -0.3, 0.8, 0.0], requires_grad=True)
    rewards = torch.tensor([0.9, 0.2, 0.6, 0.4])
    p = scores.softmax(0)
    fixed = p.detach()
    sums = ((p * rewards).sum(), (fixed * rewards * p).sum(), (fixed * rewards * p.log()).sum())
    expected, probability, logarithm = (
        torch.autograd.grad(total, scores, retain_graph=True)[0] for total in sums
    )
    return expected, probability, logarithm


def _named(direction: Tensor, expected: Tensor, name: str) -> str:
    return name if torch.allclose(direction, expected, atol=1e-6) else "another direction"
