"""What to notice about gates, in sentences that quote the numbers shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.amounts import counted, exact, listed, percent, short
from analysis.vision.gates.classes import ClassGates, by_chance
from analysis.vision.gates.effects import KINDS, Effects
from analysis.vision.gates.places import Gate
from analysis.vision.gates.ratio import OWN, RatioCost
from analysis.vision.gates.reading import Reading

_OPEN, _SHUT = 0.9, 0.1
_TOGETHER = 0.5  # a correlation from which a cloud of dots looks slanted
_FLAT = 0.005  # gates nearer than this look the same
_CLOSE = 0.005  # probabilities nearer than this look the same


def of_block(reading: Reading) -> str:
    """The weakest and the strongest channel of one image, and how many are open or shut."""
    scale = reading.scale[0]
    low, high = int(scale.argmin()), int(scale.argmax())
    if scale[high] - scale[low] < _FLAT:
        return (
            f"In `{reading.gate.block}` the gates of all {len(scale)} channels are about "
            f"**{scale.mean():.2f}**: for this picture no channel is turned up over the others."
        )
    return (
        f"In `{reading.gate.block}` the gates of {counted(len(scale), 'channel')} go from "
        f"**{scale[low]:.2f}** (channel {low}) to **{scale[high]:.2f}** (channel {high}), with a "
        f"mean of {scale.mean():.2f}. Above {_OPEN}: {int((scale > _OPEN).sum())}; "
        f"below {_SHUT}: {int((scale < _SHUT).sum())}."
    )


def of_two(first: Reading, second: Reading) -> str:
    """How far the gates of one block move from one picture to another."""
    before, after = first.scale[0], second.scale[0]
    moved = np.abs(after - before)
    most = int(moved.argmax())
    if moved[most] < _FLAT:
        return "The second picture gives the same gates."
    return (
        f"The second picture moves them by {moved.mean():.2f} on average; channel {most} moves "
        f"most, from {before[most]:.2f} to {after[most]:.2f}."
    )


def of_depth(readings: Sequence[Reading]) -> str:
    """Where the gates are lowest, highest and least alike for one image."""
    means = [float(reading.scale[0].mean()) for reading in readings]
    spreads = [float(reading.scale[0].std()) for reading in readings]
    low, high, wide = int(np.argmin(means)), int(np.argmax(means)), int(np.argmax(spreads))
    names = [f"`{reading.gate.block}`" for reading in readings]
    if len(readings) == 1:
        return f"The only gate stands in {names[0]}; its mean is {means[0]:.2f}."
    return (
        f"The mean gate is lowest in {names[low]} ({means[low]:.2f}) and highest in {names[high]} "
        f"({means[high]:.2f}). The channels of one block differ most in {names[wide]}, where they "
        f"go from {readings[wide].scale[0].min():.2f} to {readings[wide].scale[0].max():.2f}."
    )


def of_classes(blocks: Sequence[ClassGates], images: int) -> str:
    """How class-specific the first and the last gate are, and what chance alone would give."""
    varied = [block for block in blocks if block.between is not None]
    if not varied:
        return "No gate of this network changes from picture to picture."
    first, last = varied[0], varied[-1]
    classes = len(first.of_class)
    said = (
        f"In `{first.gate.block}` **{_share(first)}** of the gates' variance lies between the "
        f"{classes} classes, in `{last.gate.block}` **{_share(last)}**; gates that knew nothing "
        f"of the class would show about {percent(by_chance(images, classes))}. "
    )
    if _between(last) > 2 * _between(first):
        return said + "Early gates are much the same for every class; late ones tell them apart."
    return said + "In this network late gates do not tell the classes apart much better."


def of_class_lines(block: ClassGates, names: Sequence[str]) -> str:
    """The channel of one block on which the classes shown disagree most."""
    shown = block.of_class
    most = int((shown.max(0) - shown.min(0)).argmax())
    high, low = int(shown[:, most].argmax()), int(shown[:, most].argmin())
    if shown[high, most] - shown[low, most] < _FLAT:
        return f"In `{block.gate.block}` the average gate is the same for every class."
    return (
        f"In `{block.gate.block}` the classes differ most on channel {most}: its gate is "
        f"{shown[high, most]:.2f} on average for **{names[high]}** and {shown[low, most]:.2f} for "
        f"**{names[low]}**. Over all pictures a gate varies by {block.spread.mean():.2f} around "
        "its mean (standard deviation, average over the channels)."
    )


def of_squeeze(reading: Reading) -> str:
    """How what is squeezed goes together with what comes out, for one image."""
    z, s = reading.squeezed[0], reading.scale[0]
    loud = int(z.argmax())
    said = (
        f"The largest mean of `{reading.gate.block}` is that of channel {loud} (z = {z[loud]:.2f});"
        f" its gate is {s[loud]:.2f}, number {1 + int((s > s[loud]).sum())} of {len(s)}."
    )
    if not (z.std() and s.std()):
        return said
    together = float(np.corrcoef(z, s)[0, 1])
    return f"{said} Over all channels the correlation of z and s is **{together:.2f}**. " + (
        "So a large mean tends to come with a low gate."
        if together < -_TOGETHER
        else "So a large mean tends to come with a high gate."
        if together > _TOGETHER
        else "The gate is not a copy of the mean: it weighs all means together."
    )


def of_effects(gates: Sequence[Gate], found: Effects, name: str) -> str:
    """What one image's class loses most by, for each way to change a gate."""
    before = float(found.untouched.probability[0])
    worst = []
    for kind, text in KINDS.items():
        values = [float(found.of(gate, kind).probability[0]) for gate in gates]
        place = int(np.argmin(values))
        worst.append((values[place], text.label, gates[place].block))
    said = f"Untouched, the network gives **{name}** {percent(before)}. "
    if min(value for value, _, _ in worst) > before - _CLOSE:
        return said + "No change of a single gate takes anything from it."
    parts = (f"{percent(v)} with the {label} in `{block}`" for v, label, block in worst)
    return f"{said}The lowest are {listed(parts)}."


def of_accuracy(
    gates: Sequence[Gate], found: Effects, labels: np.ndarray, measured: str, images: int
) -> str:
    """What changing a gate costs over a batch; `measured` says of what the share is."""
    before = found.untouched.right(labels)
    worst = []
    for kind in ("one", "mean"):
        values = [found.of(gate, kind).right(labels) for gate in gates]
        place = int(np.argmin(values))
        worst.append(
            f"{percent(values[place])} with the {KINDS[kind].label} in `{gates[place].block}`"
        )
    return (
        f"Over {images} pictures, {measured}: **{percent(before)}** untouched; at worst "
        f"{listed(worst)}."
    )


def of_channels(gate: Gate, channels: Sequence[int], values: np.ndarray, before: float) -> str:
    """Which channel of one block the class needs most, and which speaks against it."""
    low, high = int(values.argmin()), int(values.argmax())
    if np.abs(values - before).max() < _CLOSE:
        return f"No single one of these channels of `{gate.block}` makes a difference to the class."
    said = (
        f"Of `{gate.block}` the class needs channel {channels[low]} most: without it "
        f"{percent(values[low])} instead of {percent(before)}."
    )
    if values[high] > before + _CLOSE:
        said += f" Without channel {channels[high]} it would be {percent(values[high])}."
    return said


def of_ratio(rows: Sequence[RatioCost], gates: Sequence[Gate]) -> str:
    """What the gates add, as built and at the ends of the ratios."""
    own = next(row for row in rows if row.own)
    others = [row for row in rows if not row.own]
    name = "as it is built" if own.label == OWN else f"with {own.label}"
    said = (
        f"{_with_verb(len(gates))} {exact(own.params)} parameters {name}, "
        f"{_portion(own.params, own.rest_params)} of the network, but only {short(own.macs)} "
        f"multiply-adds ({_portion(own.macs, own.rest_macs)}), since they work once an image. "
    )
    parts = [
        f"{exact(row.params)} with {row.label} ({_portion(row.params, row.rest_params)})"
        for row in ([others[0], others[-1]] if len(others) > 1 else others)
    ]
    return said + (f"The parameters would be {listed(parts)}." if parts else "")


def _with_verb(number: int) -> str:
    return f"The {counted(number, 'gate')} {'has' if number == 1 else 'have'}"


def _portion(part: int, rest: int) -> str:
    return f"{100 * part / (part + rest):.2g}%"


def _share(block: ClassGates) -> str:
    return percent(_between(block))


def _between(block: ClassGates) -> float:
    return block.between or 0.0
