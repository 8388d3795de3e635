"""The button that trains a study here and now."""

from __future__ import annotations

from analysis.experiments.studies.study import Study


def offer(study: Study) -> None:
    """Draw what starts the short version of a study."""
    del study
