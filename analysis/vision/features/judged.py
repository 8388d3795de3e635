"""Whether an exciting image excites: against noise and against real pictures."""

from __future__ import annotations

import numpy as np

from analysis.vision.features.ascent import Plan
from analysis.vision.features.excite import Excited
from analysis.vision.features.notice import number
from analysis.vision.features.real import Real


def of_excited(unit: str, found: Excited, values: np.ndarray, pictures: Real) -> str:
    """The value before and after, and what real pictures give, in sentences.

    `unit` names it ("channel 3 of `conv1`"); `values` are (N,) for the `pictures`.
    """
    if found.stuck:
        return (
            f"No gradient reaches the image: {unit} stays at {number(found.after)} for this noise. "
            "Try another seed, another channel or an earlier layer."
        )
    best = int(values.argmax())
    said = (
        f"From **{number(found.before)}** for noise to **{number(found.after)}** for the image "
        f"that was made. Of {pictures.whose}, {pictures.shows[best]} gives {unit} the most: "
        f"**{number(float(values[best]))}**; the middle one gives "
        f"{number(float(np.median(values)))}."
    )
    return f"{said} {_compared(found.after, values)}"


def _compared(after: float, values: np.ndarray) -> str:
    best = float(values.max())
    if after <= best:
        above = int((values >= after).sum())
        return f"{above} of {len(values)} real pictures excite it as much as the made one or more."
    if best > 0:
        return f"The made image excites it **{after / best:.1f} times** as much as any of them."
    return "None of them excites it."


def of_plan(plan: Plan) -> str:
    """How the image was made."""
    kind = (
        f"a pull to the neutral image ({plan.pull:g}), one between neighbouring pixels "
        f"({plan.smooth:g}) and shifts of up to {plan.jitter} pixels"
        if plan.pull or plan.smooth or plan.jitter
        else "no regularisation"
    )
    return f"Gradient ascent in {plan.steps} steps from noise of seed {plan.seed}, with {kind}."
