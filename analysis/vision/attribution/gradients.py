"""Methods that follow the gradient of the score down to the pixels, as it is."""

from __future__ import annotations

from torch import nn

from analysis.vision.attribution.attribution_map import AttributionMap, strongest, summed
from analysis.vision.attribution.method import Question

# Captum brings matplotlib with it, so it is imported where it is used.


def saliency(network: nn.Module, asked: Question) -> AttributionMap:
    """|∂score/∂pixel|, the largest of the channels."""
    from captum.attr import Saliency

    gradient = Saliency(asked.score(network)).attribute(asked.image)  # (1, C, H, W), absolute
    return AttributionMap(strongest(gradient), "saliency", signed=False)


def integrated_gradients(network: nn.Module, asked: Question) -> AttributionMap:
    """The mean gradient on the straight way from the baseline, times the way; channels summed."""
    from captum.attr import IntegratedGradients

    steps = asked.options.steps
    parts, delta = IntegratedGradients(asked.counted(network, steps)).attribute(
        asked.image,
        baselines=asked.baseline(),
        n_steps=steps,
        internal_batch_size=asked.options.batch,
        return_convergence_delta=True,
    )  # (1, C, H, W) and (1,)
    return AttributionMap(summed(parts), "integrated_gradients", signed=True, delta=float(delta))
