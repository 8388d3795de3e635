"""Methods that cover a part of the picture and see how far the score falls."""

from __future__ import annotations

from math import ceil

import torch
from torch import nn

from analysis.vision.attribution.attribution_map import AttributionMap, summed
from analysis.vision.attribution.method import Question
from analysis.vision.attribution.pieces import cut


def occlusion(network: nn.Module, asked: Question) -> AttributionMap:
    """The fall of the score when a square covers the pixel, averaged over the squares that do."""
    from captum.attr import Occlusion

    options, (channels, height, width) = asked.options, asked.image.shape[1:]
    places = [ceil((side - options.window) / options.stride) + 1 for side in (height, width)]
    with torch.inference_mode():
        parts = Occlusion(asked.counted(network, places[0] * places[1] + 1)).attribute(
            asked.image.detach(),
            sliding_window_shapes=(channels, options.window, options.window),
            strides=(channels, options.stride, options.stride),
            baselines=asked.baseline(),
            perturbations_per_eval=options.batch,
        )  # (1, C, H, W), the fall in every channel the same
    return AttributionMap(summed(parts / channels), "occlusion", signed=True)


def ablation(network: nn.Module, asked: Question) -> AttributionMap:
    """The fall of the score when the pixel's whole piece is covered."""
    from captum.attr import FeatureAblation

    options, image = asked.options, asked.image.detach()
    numbers = cut(image[0].cpu().numpy(), options.pieces, options.superpixels)
    total = int(numbers.max()) + 2  # every piece, and the whole picture
    with torch.inference_mode():
        parts = FeatureAblation(asked.counted(network, total)).attribute(
            image,
            baselines=asked.baseline(),
            feature_mask=torch.from_numpy(numbers).to(image.device).expand_as(image),
            perturbations_per_eval=options.batch,
        )  # (1, C, H, W), the fall in every channel the same
    return AttributionMap(summed(parts / image.shape[1]), "ablation", signed=True)
