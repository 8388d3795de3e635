"""How accurate a network is, each figure with the way in which it was measured.

Figures of different protocols do not compare: a network looks better with ten crops than with one,
and with a newer way of training than with that of its paper. So no figure stands here without its
protocol and its source, and averages of several networks are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.structure.ledger import is_one_crop, protocol_of
from analysis.structure.printed import parsed
from cnn_models.spec import ModelSpec, PublicWeights, Published


@dataclass(frozen=True)
class Basis:
    """Whose figures are taken: `label` for a choice, `sentence` for how they were measured."""

    label: str
    sentence: str


PUBLIC, NEWEST, PAPER = "public", "newest", "paper"
BASES = {
    PUBLIC: Basis(
        "Public weights, first release",
        "Accuracies are those that the owners of public weights state for one centre crop of each "
        "validation image of ILSVRC 2012. Where there are several sets, it is the first.",
    ),
    NEWEST: Basis(
        "Public weights, newest",
        "Accuracies are those that the owners of public weights state for one centre crop of each "
        "validation image of ILSVRC 2012. Where there are several sets, it is the newest, which "
        "some networks owe to a longer training, so not all of the height is the network's own.",
    ),
    PAPER: Basis(
        "The papers",
        "Accuracies are those that the papers print for one network, or where that is for one crop "
        "only, the release of its weights.",
    ),
}

TOP1, TOP5, CIFAR10 = "top-1", "top-5", "CIFAR-10"
_QUANTITIES = {TOP1: "top-1 error", TOP5: "top-5 error", CIFAR10: "test error"}
# Of several ways of measuring on CIFAR-10 these come last.
_UNUSUAL = ("no augmentation", "best of")


@dataclass(frozen=True)
class Figure:
    """An accuracy in percent, the protocol that gave it, and where it stands.

    `one_crop` says that the network saw each image once: one crop of it, or on CIFAR-10 all of it.
    `crop` is the side of the crop in pixels, None where the protocol does not say it.
    """

    accuracy: float
    protocol: str
    source: str
    one_crop: bool
    crop: int | None = None


def figure(spec: ModelSpec, quantity: str, basis: str) -> Figure | None:
    """The accuracy of a single network, or None where nobody states it in that way.

    Args:
        spec: the network.
        quantity: TOP1 or TOP5 on the validation set of ILSVRC 2012, or CIFAR10 on its test set.
        basis: PUBLIC for the first set of public weights, NEWEST for the last, PAPER for what is
            printed; then one crop comes before other protocols, and the paper before a release.

    Raises:
        ValueError: if the quantity or the basis is none of these.
    """
    if quantity not in _QUANTITIES or basis not in BASES:
        known = ", ".join([*_QUANTITIES, *BASES])
        raise ValueError(f"{quantity!r} by {basis!r} is not known; these names are: {known}.")
    if basis == PAPER:
        return min(_printed(spec, quantity), key=_rank, default=None)
    if not spec.weights or quantity == CIFAR10:
        return None
    return _of_weights(spec.weights[0 if basis == NEWEST else -1], quantity)


def best_printed(spec: ModelSpec, quantity: str) -> Figure | None:
    """The best that is printed for one network, with any number of crops; None where nothing is."""
    return max(_printed(spec, quantity), key=lambda found: found.accuracy, default=None)


def is_ensemble(protocol: str) -> bool:
    """Whether a protocol averages several networks; "1 model 10 crops" does not."""
    several = re.search(r"\b(?!1\b)\d+ (networks|models)\b", protocol)
    return several is not None or "average of this network and" in protocol


def _of_weights(weights: PublicWeights, quantity: str) -> Figure:
    return Figure(
        weights.top1 if quantity == TOP1 else weights.top5,
        protocol_of(weights),
        f"{weights.source} {weights.name}",
        one_crop=True,
        crop=weights.preprocessing.crop,
    )


def _printed(spec: ModelSpec, quantity: str) -> Iterator[Figure]:
    for printed in spec.published:
        if printed.quantity != _QUANTITIES[quantity] or is_ensemble(printed.protocol):
            continue
        if quantity == CIFAR10 and not printed.protocol.startswith("CIFAR-10"):
            continue
        if re.match(r"CIFAR-100\b", printed.protocol):
            continue
        error = _exact(printed)
        if error is not None:
            yield Figure(
                round(100 - error, 3),
                printed.protocol,
                printed.source,
                quantity == CIFAR10 or is_one_crop(printed.protocol),
                _crop(printed.protocol),
            )


def _exact(printed: Published) -> float | None:
    """The error in percent; None for a bound such as "at most 19.7%"."""
    found = parsed(printed.value) if re.fullmatch(r"[\d.]+%", printed.value) else None
    return found.value if found else None


def _crop(protocol: str) -> int | None:
    found = re.search(r"crop of (\d+)|(\d+) × \d+ crop|tested at (\d+)", protocol)
    return int(next(filter(None, found.groups()))) if found else None


def _rank(found: Figure) -> tuple[bool, bool, bool]:
    return (
        not found.one_crop,
        "release" in found.source,
        any(word in found.protocol for word in _UNUSUAL),
    )
