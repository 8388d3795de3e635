"""Methods that follow the gradient of the score down to the pixels, as it is."""

from __future__ import annotations

import torch
from torch import nn

from analysis.vision.attribution.attribution_map import AttributionMap, strongest, summed
from analysis.vision.attribution.method import Question

# Captum brings matplotlib with it, so it is imported where it is used.


def saliency(network: nn.Module, asked: Question) -> AttributionMap:
    """|∂score/∂pixel|, the largest of the channels."""
    from captum.attr import Saliency

    gradient = Saliency(asked.score(network)).attribute(asked.image)  # (1, C, H, W), absolute
    return AttributionMap(strongest(gradient), "saliency", signed=False)


def input_x_gradient(network: nn.Module, asked: Question) -> AttributionMap:
    """Pixel · ∂score/∂pixel, the channels summed."""
    from captum.attr import InputXGradient

    parts = InputXGradient(asked.score(network)).attribute(asked.image)  # (1, C, H, W)
    return AttributionMap(summed(parts), "input_x_gradient", signed=True)


def smoothgrad(network: nn.Module, asked: Question) -> AttributionMap:
    """The gradient averaged over noisy copies of the picture, then |·|, the largest channel.

    Captum's noise tunnel draws from torch's generator, which all threads share, so the noise is
    drawn here: the same for a seed, whatever else runs and however many go at once.
    """
    from captum.attr import Saliency

    options, image = asked.options, asked.image.detach()
    spread = options.noise * float(image.amax() - image.amin())
    drawing = torch.Generator().manual_seed(options.seed)
    method = Saliency(asked.counted(network, options.samples))
    total = torch.zeros_like(image)
    for start in range(0, options.samples, options.batch):
        count = min(options.batch, options.samples - start)
        noise = torch.stack([torch.randn(image.shape[1:], generator=drawing) for _ in range(count)])
        noisy = (image + spread * noise.to(image)).requires_grad_()
        total += method.attribute(noisy, abs=False).sum(dim=0, keepdim=True)
    return AttributionMap(strongest(total / options.samples), "smoothgrad", signed=False)


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
