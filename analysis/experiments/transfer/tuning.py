"""Settings with which a handful of pictures is learned: from trained weights, and from none.

What has been learned should change little, so the rate is a fraction of that for fresh weights,
which need more steps to learn anything at all. The number of steps is kept, not the number of
epochs, as there may be five pictures or a thousand.
"""

from __future__ import annotations

from analysis.experiments.training import TrainingConfig

STEPS, FRESH_STEPS = 150, 600  # about so many, for trained weights and for fresh ones
RATE, FRESH_RATE = 0.02, 0.05
BATCH = 16


def tuning(learned: int, seed: int = 0, fresh: bool = False) -> TrainingConfig:
    """Settings for so many pictures to learn from; `fresh` for weights that have learned nothing.

    Raises:
        ValueError: if there is no picture.
    """
    if learned < 1:
        raise ValueError("There is no picture to learn from; take one or more.")
    batch = min(BATCH, learned)
    return TrainingConfig(
        epochs=max(round((FRESH_STEPS if fresh else STEPS) / (learned // batch)), 3),
        batch_size=batch,
        learning_rate=FRESH_RATE if fresh else RATE,
        warmup=1.0,
        seed=seed,
    )
