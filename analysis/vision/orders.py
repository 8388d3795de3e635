"""Where the order of networks by multiply-adds and the order by measured time differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

import cnn_models
from analysis.amounts import counted, listed, short
from analysis.vision.latency import Timing


@dataclass(frozen=True)
class Run:
    """A network with its multiply-adds for one image, and its measured time."""

    name: str
    macs: int
    timing: Timing

    @property
    def milliseconds(self) -> float:
        """The median for one pass of the whole batch."""
        return 1000 * self.timing.spread.median

    @property
    def rate(self) -> float:
        """Multiply-adds a second, by the median."""
        return self.macs * self.timing.throughput


@dataclass(frozen=True)
class Inversion:
    """`slow` has fewer multiply-adds than `fast`, yet takes longer.

    `is_clear`: their middle halves do not overlap, so that it is no accident of the measurement.
    """

    slow: Run
    fast: Run
    is_clear: bool


def run_of(timing: Timing) -> Run:
    """A measurement with the name and the multiply-adds of its network.

    Raises:
        ValueError: if nobody has counted the multiply-adds of the network.
    """
    spec = cnn_models.spec(timing.trial.key)
    if spec.exact_macs is None:
        raise ValueError(f"The multiply-adds of {spec.display_name} are not known.")
    return Run(spec.display_name, spec.exact_macs, timing)


def inversions(runs: Sequence[Run]) -> list[Inversion]:
    """All pairs in which fewer multiply-adds take more time, the largest contrast first."""
    found = []
    for one, other in combinations(runs, 2):
        few, many = sorted((one, other), key=lambda run: run.macs)
        if few.macs < many.macs and few.milliseconds > many.milliseconds:
            clear = few.timing.spread.quartiles[0] > many.timing.spread.quartiles[1]
            found.append(Inversion(few, many, clear))
    return sorted(found, key=_contrast, reverse=True)


def _contrast(pair: Inversion) -> float:
    return pair.fast.macs / pair.slow.macs * pair.slow.milliseconds / pair.fast.milliseconds


def notice(runs: Sequence[Run]) -> list[str]:
    """Whether the two orders agree, with the numbers; and how fast each network computes."""
    if len(runs) < 2:
        return [_of_one(runs[0])] if runs else []
    found = inversions(runs)
    sentences = [_told(pair) for pair in found if pair.is_clear]
    unclear = [f"{p.slow.name} and {p.fast.name}" for p in found if not p.is_clear]
    if not found:
        order = [run.name for run in sorted(runs, key=lambda run: run.macs)]
        sentences = [f"The two orders agree, by multiply-adds and by time: {listed(order)}."]
    if unclear:
        sentences.append(
            "Whether the order changes cannot be told where the middle halves of the passes "
            f"overlap: {'; '.join(unclear)}."
        )
    return [*sentences, _rates(runs), *_unsteady(runs)]


def _unsteady(runs: Sequence[Run]) -> Iterator[str]:
    """A warning where the middle half of the passes is wide."""
    wide = [run.name for run in runs if _width(run) > _WIDE]
    if wide:
        yield (
            f"The passes of {listed(wide)} took very different times, so something else used the "
            "machine. Measure again when it is idle."
        )


_WIDE = 0.3  # of the median


def _width(run: Run) -> float:
    low, high = run.timing.spread.quartiles
    return (high - low) / run.timing.spread.median


def _of_one(run: Run) -> str:
    return (
        f"{run.name} takes {milliseconds(run.milliseconds)} for "
        f"{counted(run.timing.trial.batch, 'image')} and computes {short(run.rate)} "
        "multiply-adds a second. Put a second network in focus to compare the orders."
    )


def _told(pair: Inversion) -> str:
    slow, fast = pair.slow, pair.fast
    return (
        f"**The order changes:** {slow.name} has {fast.macs / slow.macs:.3g} times fewer "
        f"multiply-adds than {fast.name} ({short(slow.macs)} against {short(fast.macs)}), but "
        f"takes {slow.milliseconds / fast.milliseconds:.3g} times as long "
        f"({milliseconds(slow.milliseconds)} against {milliseconds(fast.milliseconds)})."
    )


def _rates(runs: Sequence[Run]) -> str:
    ranked = sorted(runs, key=lambda run: run.rate)
    low, high = ranked[0], ranked[-1]
    return (
        f"Multiply-adds are not time: {high.name} computes {short(high.rate)} of them a second, "
        f"{low.name} {short(low.rate)}, {high.rate / low.rate:.3g} times fewer. What the count "
        "leaves out is moving data, many small steps, and how well a kernel uses the device."
    )


def milliseconds(value: float) -> str:
    """Three digits and the unit: "62.1 ms"."""
    return f"{value:,.0f} ms" if value >= 1000 else f"{value:.3g} ms"


def table(runs: Sequence[Run]) -> pd.DataFrame:
    """One row a network: counted, measured, and under which conditions.

    Columns: "network", "multiply-adds" (one image), "median (ms)", "first quartile (ms)" and "third
    quartile (ms)" of one pass, "images a second", "10⁹ multiply-adds a second", "batch", "runs",
    "warm-up runs", "device" and "threads" (0 on an accelerator).
    """
    return pd.DataFrame(
        {
            "network": run.name,
            "multiply-adds": run.macs,
            "median (ms)": run.milliseconds,
            "first quartile (ms)": 1000 * run.timing.spread.quartiles[0],
            "third quartile (ms)": 1000 * run.timing.spread.quartiles[1],
            "images a second": run.timing.throughput,
            "10⁹ multiply-adds a second": run.rate / 1e9,
            "batch": run.timing.trial.batch,
            "runs": len(run.timing.spread.seconds),
            "warm-up runs": run.timing.warm_up,
            "device": run.timing.device,
            "threads": run.timing.threads,
        }
        for run in runs
    )
