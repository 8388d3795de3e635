"""What came out of runs, in sentences with their numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis.amounts import counted, listed, percent, short
from analysis.experiments.effort import BACKWARD
from analysis.experiments.messages import Judged
from analysis.experiments.runs import Run
from analysis.experiments.ticket import Progress, Ticket
from analysis.experiments.training import Epoch

Track = tuple[Run, Sequence[Epoch]]


def notice(tracks: Sequence[Track]) -> str:
    """Who is right how often after its last epoch, on pictures it learned from and on others."""
    told = [(run, lines[-1]) for run, lines in tracks if lines]
    if not told:
        return "No epoch has ended yet."
    parts = [
        f"**{run.title}** gets {percent(1 - line.test_error)} of {run.test:,} unseen pictures "
        f"right after {counted(line.epoch, 'epoch')}, and {percent(1 - line.train_error)} of those "
        "that it learns from"
        for run, line in told
    ]
    return f"{'; '.join(parts)}. {_caution(told)}"


def _caution(told: Sequence[tuple[Run, Epoch]]) -> str:
    run, line = max(told, key=lambda pair: _deviation(*pair))
    points = 2 * _deviation(run, line)
    seeds = {run.config.seed for run, _ in told}
    return (
        f"With {run.test:,} pictures and {counted(len(seeds), 'seed')}, a difference below "
        f"{100 * points:.0f} points says little."
    )


def _deviation(run: Run, line: Epoch) -> float:
    """Standard deviation of a measured error rate: that of a binomial share, at least of one."""
    share = min(max(line.test_error, 1 / run.test), 1 - 1 / run.test) if run.test > 1 else 0.5
    return math.sqrt(share * (1 - share) / run.test)


def problems(ticket: Ticket) -> list[str]:
    """A sentence for each run that ended early, and for the job."""
    runs = zip(ticket.job.runs, ticket.progress, strict=True)
    said = [f"**{run.title}**: {progress.problem}" for run, progress in runs if progress.problem]
    return [*said, ticket.problem] if ticket.problem else said


def untrained(judged: Sequence[Judged]) -> list[str]:
    """How many networks of a search could not be trained, and why the first could not."""
    problems = [(report.seen.number, report.problem) for report in judged if report.problem]
    if not problems:
        return []
    number, problem = problems[0]
    several = counted(len(problems), "network")
    return [f"{several} could not be trained and has reward 0. Searched {number}: {problem}"]


def progress(ticket: Ticket) -> tuple[float, str]:
    """How far a job is, 0..1, and in words: which run, which step, how much longer that takes."""
    if ticket.job.search:
        return _searched(ticket.search)
    done = sum(part.ended for part in ticket.progress)
    if done == len(ticket.progress):
        return 1.0, "finishing"
    run, part = ticket.job.runs[done], ticket.progress[done]
    within = part.step / part.steps if part.steps else 0.0
    loss = f", loss {part.losses[-1][1]:.3f}" if part.losses else ""
    which = f" (run {done + 1} of {len(ticket.progress)})" if len(ticket.progress) > 1 else ""
    where = f"step {part.step:,} of {part.steps:,}{loss}: " if part.steps else ""
    said = f"{run.title}{which}: {where}{time_left(part.seconds_left)}"
    return (done + within) / len(ticket.progress), said


def _searched(search: Progress) -> tuple[float, str]:
    best = max((report.seen.reward for report in search.judged), default=None)
    said = "" if best is None else f", best reward {percent(best)}"
    left = time_left(search.seconds_left)
    return search.step / search.steps, f"network {search.step:,} of {search.steps:,}{said}: {left}"


def named(ticket: Ticket) -> str:
    """An earlier job in a list: what it trained, with what, and how it ended."""
    run = ticket.job.runs[0]
    config = run.config
    return (
        f"{ticket.title}: {run.train:,} images, {counted(config.epochs, 'epoch')}, learning rate "
        f"{config.learning_rate:g}, seed {config.seed} ({ticket.state})"
    )


def effort(costs: Sequence[int]) -> str:
    """What training costs, in a sentence."""
    return (
        f"About {short(sum(costs))} multiply-adds: every image of every epoch goes forward, and "
        f"backward, which costs {BACKWARD} times as much."
    )


def time_left(seconds: float | None) -> str:
    """How much longer, in words."""
    if seconds is None:
        return "starting"
    if seconds < 90:
        return f"about {max(round(seconds), 1)} s left"
    return f"about {seconds / 60:.0f} min left"


def ahead(titles: Sequence[str]) -> str:
    """Who is before a job in the queue."""
    if not titles:
        return "Next in the queue."
    verb = "is" if len(titles) == 1 else "are"
    return f"{counted(len(titles), 'job')} {verb} before this one: {listed(titles)}."
