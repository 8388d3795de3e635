"""Claims about learning: what can be run in milliseconds, and what the recorded runs say."""

from __future__ import annotations

import pandas as pd
import torch
from torch import Tensor, nn

from analysis.amounts import percent
from analysis.experiments import records
from analysis.experiments.studies import degradation, search
from analysis.experiments.studies.identity import copies
from analysis.experiments.studies.spread import Error, spread, wins
from analysis.structure.lecture.claims import Claim
from analysis.structure.lecture.findings import (
    Answer,
    Finding,
    Link,
    Reading,
    Trace,
    architecture,
)
from analysis.structure.lecture.results import result
from cnn_models.families.preact_resnet import BasicUnit
from cnn_models.families.resnet import BasicBlock


def block_of_zeros(claim: Claim, trace: Trace) -> Finding:
    """A residual block without weights on any input, and on one that a ReLU has passed."""
    generator = torch.Generator().manual_seed(0)
    maps = torch.randn(1, 8, 6, 6, generator=generator)
    original, later = BasicBlock(8, 8, 1), BasicUnit(8, 8, 1)
    passed = copies(original, maps.relu()) and copies(later, maps)
    readings = (
        Reading("the input" if copies(original, maps) else "ReLU(input)", how="any input"),
        Reading(
            "the input" if passed else "something else",
            "that comes from a ReLU and is never negative, as inside of ResNet, or the last ReLU "
            "stands inside of the branch, as with pre-activation",
        ),
    )
    where = architecture("resnet18", stage="layer1", block="layer1.0")
    return Finding((Answer(claim.parts[0], readings),), where)


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
    """Plain networks of 20 and 56 layers: the training errors of the record, seed by seed."""
    rows = records.read("degradation").rows
    shallow, deep = degradation.PLAIN20, degradation.PLAIN56
    reading = Reading(
        _order(rows, shallow, deep, "train_error"), how=_errors(rows, shallow, deep, "train_error")
    )
    printed = [result(f"{key} | top-1 error | 10-crop") for key in ("plain18", "plain34")]
    remark = (
        "The paper's table for ImageNet agrees for validation errors: "
        f"{printed[1].text} with 34 plain layers, {printed[0].text} with 18 ({printed[0].source})."
    )
    return Finding((Answer(claim.parts[0], (reading,), remark),), Link("depth"))


def deeper_is_better(claim: Claim, trace: Trace) -> Finding:
    """Residual networks of 20 and 56 layers: test errors of the record, and what is printed."""
    rows = records.read("degradation").rows
    shallow, deep = degradation.RES20, degradation.RES56
    printed = [result(f"{key} | test error | CIFAR-10") for key in claim.networks]
    lower = printed[1].value < printed[0].value
    readings = (
        Reading(
            _order(rows, shallow, deep, "test_error"),
            how=_errors(rows, shallow, deep, "test_error"),
        ),
        Reading(
            f"{'lower' if lower else 'higher'} at 56 layers than at 20",
            "the networks are trained on CIFAR-10 as in the paper, for 64,000 steps",
            f"{printed[1].text} with 56 layers, {printed[0].text} with 20 ({printed[1].source})",
        ),
    )
    return Finding((Answer(claim.parts[0], readings),), Link("depth"))


def _order(rows: pd.DataFrame, shallow: str, deep: str, quantity: Error) -> str:
    """Which of two networks has the lower error in all seeds of a record, if one has."""
    below, of = wins(rows, deep, shallow, quantity)
    above, _ = wins(rows, shallow, deep, quantity)
    if of in (below, above):
        return f"{'lower' if below else 'higher'} at 56 layers than at 20"
    return f"lower at 56 layers in {below} of {of} seeds"


def _errors(rows: pd.DataFrame, shallow: str, deep: str, quantity: Error) -> str:
    one, two = spread(rows, shallow, quantity), spread(rows, deep, quantity)
    return f"digits, {one.seeds} seeds: {two} with {deep}, {one} with {shallow}"


def search_loop(claim: Claim, trace: Trace) -> Finding:
    """The controller's update in exact arithmetic, and searches on the recorded small networks."""
    update, found_better = claim.parts
    expected, of_probability, of_logarithm = _directions()
    wanted = "the gradient of the expected reward"
    readings = (
        Reading(_named(of_probability, expected, wanted), how="4 designs, exact expectation"),
        Reading(
            _named(of_logarithm, expected, wanted),
            "the gradient is that of the logarithm of the sample probability, as in REINFORCE",
        ),
    )
    found = search.searches(records.read("scaling").rows)
    steps = search.by_step(found)
    ran = Reading(
        "finds better networks" if search.improves(found) else "finds no better networks",
        how=f"{len(found)} searches of {search.STEPS} samples among 8 networks trained on digits: "
        f"an expected test accuracy of {steps[search.STEPS]} at the end, "
        f"{percent(steps[0].mean)} at the start",
    )
    answers = (Answer(update, readings), Answer(found_better, (ran,)))
    return Finding(answers, Link("scaling", {"study": "search"}))


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
