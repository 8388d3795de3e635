"""Data that is not here yet: a download, or the user's own pictures."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.experiments.folder import Folder
from analysis.experiments.runs import FOLDER, Run, sized
from analysis.experiments.sources import SOURCES
from pages.parts.data_sets import archive, own


def at_hand(runs: Sequence[Run]) -> tuple[list[Run], Folder | None]:
    """Ask for the data that the runs learn, where it has to be fetched or chosen first.

    Returns the runs, with as many images as there are, and the user's pictures if they learn those.
    """
    wanted = {run.data for run in runs}
    for name in wanted & set(SOURCES):
        archive.is_here(SOURCES[name])
    folder = own.choose() if FOLDER in wanted else None
    return [sized(run, folder) for run in runs], folder
