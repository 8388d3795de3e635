"""The image that excites a unit of a network, beside what real pictures give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from analysis.progress import Report, silent
from analysis.vision.device import device_of
from analysis.vision.features.ascent import Limits, Plan, ascend, noise
from analysis.vision.features.maps import arrived
from analysis.vision.features.units import Unit
from analysis.vision.probe import Shared, probe
from analysis.vision.route import Route
from cnn_models.spec import Preprocessing

BARE = Plan(pull=0.0, smooth=0.0, jitter=0)
REGULARISED = Plan()
_BATCH_VALUES = 4 * 3 * 224 * 224  # input values in one pass: 4 photographs, 196 small pictures


@dataclass(frozen=True, eq=False)
class Excited:
    """`start` and `image` are (C, H, W) network inputs; the unit gives `before` and `after`.

    `values` are those on the way, of the shifted images that the steps saw; `stuck` says that no
    step changed the value.
    """

    start: Tensor
    image: Tensor
    before: float
    after: float
    values: tuple[float, ...]

    @property
    def stuck(self) -> bool:
        return self.before == self.after and len(set(self.values)) <= 1


def excite(
    model: nn.Module | Shared,
    unit: Unit,
    input_shape: tuple[int, ...],
    plan: Plan = REGULARISED,
    limits: Limits | None = None,
    report: Report = silent,
) -> Excited:
    """Climb from seeded noise to an image that excites `unit`.

    The network is in evaluation mode meanwhile, locked if it is `Shared`, and afterwards as it
    was, also when `report` ends the work by raising.

    Raises:
        ValueError: if there is no such unit or its values are not finite.
    """
    start = noise(input_shape, plan.seed, limits)
    with probe(model) as network:
        for parameter in network.parameters():
            parameter.requires_grad_(False)
        first = start.to(device_of(network))
        climb = ascend(lambda x: unit.climbed(network, x), first, plan, limits, report)
        with torch.no_grad():
            before, after = (float(unit.values(network, x)[0]) for x in (first, climb.image))
    return Excited(start[0], climb.image[0].cpu(), before, after, climb.values)


def values_of(
    model: nn.Module | Shared, unit: Unit, images: Sequence[Tensor], report: Report = silent
) -> np.ndarray:
    """What the unit gives for each image (C, H, W): (N,) float64, in bounded batches."""
    found: list[float] = []
    with probe(model) as network, torch.no_grad():
        for done, batch in _batches(images):
            report(done, len(images))
            found += unit.values(network, batch).tolist()
    return np.array(found)


def most_excited(
    model: nn.Module | Shared, way: Route, images: Sequence[Tensor], report: Report = silent
) -> int:
    """The channel of a layer whose map has the largest mean over all images (C, H, W)."""
    total = 0.0
    with probe(model) as network, torch.no_grad():
        for done, batch in _batches(images):
            report(done, len(images))
            total = total + arrived(network, way, batch).mean((2, 3)).sum(0)
    return int(torch.as_tensor(total).argmax())


def _batches(images: Sequence[Tensor]) -> Iterator[tuple[int, Tensor]]:
    """How many went before, and the next images (n, C, H, W)."""
    size = max(1, _BATCH_VALUES // max(1, images[0].numel()))
    for first in range(0, len(images), size):
        yield first, torch.stack(list(images[first : first + size]))


def limits_of(recipe: Preprocessing, reads_ink: bool) -> Limits:
    """The lowest and the highest input value of each channel that a picture can give."""
    if reads_ink:
        return torch.zeros(1, 1, 1), torch.ones(1, 1, 1)
    mean, std = (torch.tensor(v).view(-1, 1, 1) for v in (recipe.mean, recipe.std))
    return (0 - mean) / std, (1 - mean) / std


def picture(image: Tensor, limits: Limits) -> np.ndarray:
    """A network's input (C, H, W) as a picture, (H, W, 3) uint8; ink is black on white paper."""
    low, high = limits
    share = ((image - low) / (high - low)).clamp(0, 1)
    if len(share) == 1:
        share = (1 - share).expand(3, -1, -1)
    return (share * 255).round().byte().permute(1, 2, 0).numpy()
