"""All studies, by name."""

from __future__ import annotations

from analysis.experiments.studies import blocks, degradation, scaling, stochastic
from analysis.experiments.studies.study import Study

STUDIES: dict[str, Study] = {
    study.name: study
    for study in (
        degradation.STUDY,
        blocks.SHORTCUTS,
        blocks.ORDER,
        blocks.WIDTH,
        blocks.DROPOUT,
        stochastic.STUDY,
        blocks.GROWTH,
        blocks.GATES,
        scaling.STUDY,
    )
}
