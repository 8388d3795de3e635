"""Class activation maps: a layer's feature maps, weighted by what they mean to the score."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from analysis.vision.attribution.attribution_map import AttributionMap, summed
from analysis.vision.attribution.guided import guided_gradient
from analysis.vision.attribution.method import Question
from analysis.vision.spatial_layer import find_layer, last_spatial_layer


def grad_cam(network: nn.Module, asked: Question) -> AttributionMap:
    """The layer's maps, each weighted by its mean gradient, added up; what is negative is cut."""
    name = asked.options.layer or last_spatial_layer(network, asked.image)
    cam = _class_activation(network, asked, name)  # (1, 1, H, W)
    return AttributionMap(_plain(cam), "grad_cam", signed=False, layer=name)


def guided_grad_cam(network: nn.Module, asked: Question) -> AttributionMap:
    """Guided backpropagation's fine map, times Grad-CAM's coarse one."""
    name = asked.options.layer or last_spatial_layer(network, asked.image)
    cam = _class_activation(network, asked, name)
    values = summed(guided_gradient(network, asked) * cam)
    return AttributionMap(values, "guided_grad_cam", signed=True, layer=name)


def _class_activation(network: nn.Module, asked: Question, name: str) -> Tensor:
    from captum.attr import LayerAttribution, LayerGradCam

    cam = LayerGradCam(asked.score(network), find_layer(network, name))
    found = cam.attribute(asked.image, relu_attributions=True)
    if not isinstance(found, Tensor) or found.ndim != 4:
        raise ValueError(f"Layer {name!r} gives no map (N, C, H, W); choose a convolution.")
    # (1, 1, h, w) -> (1, 1, H, W)
    return LayerAttribution.interpolate(found.detach(), tuple(asked.image.shape[2:]), "bilinear")


def _plain(cam: Tensor) -> np.ndarray:
    return cam[0, 0].float().cpu().numpy()
