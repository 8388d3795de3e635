"""The four methods of Captum behind `analysis.vision.attribution`, each as one map.

A method needs a network in evaluation mode and may leave hooks behind when it fails, so these
functions are called inside a probe, by `attribute` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from torch import Tensor, nn

from analysis.vision.spatial_layer import find_layer, last_spatial_layer


@dataclass(frozen=True, eq=False)
class AttributionMap:
    """How much each pixel speaks for the class, (H, W) float32.

    `signed` maps are negative where a pixel speaks against it. `delta` is the completeness error
    of integrated gradients, the sum of the map minus what it should be; None for other methods.
    `layer` names the layer that Grad-CAM used. `note` is a sentence for the user, or empty.
    """

    values: np.ndarray
    method: str
    signed: bool
    delta: float | None = None
    layer: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Options:
    """The choices of `attribute`, with its defaults filled in."""

    steps: int
    batch: int
    window: int
    stride: int
    layer: str | None


@dataclass(frozen=True)
class Method:
    """A way to attribute a score to pixels: what the menu calls it, what it says, its source."""

    label: str
    sentence: str
    source: str
    signed: bool
    run: Callable[[nn.Module, Tensor, int, Options], AttributionMap]


# Captum brings matplotlib with it, so it is imported where it is used.


def _saliency(network: nn.Module, image: Tensor, target: int, _: Options) -> AttributionMap:
    from captum.attr import Saliency

    gradient = Saliency(network).attribute(image, target=target)  # (1, C, H, W), absolute
    return AttributionMap(_to_map(gradient.amax(dim=1)), "saliency", signed=False)


def _integrated_gradients(
    network: nn.Module, image: Tensor, target: int, options: Options
) -> AttributionMap:
    from captum.attr import IntegratedGradients

    parts, delta = IntegratedGradients(network).attribute(
        image,
        target=target,
        n_steps=options.steps,
        internal_batch_size=options.batch,
        return_convergence_delta=True,
    )  # (1, C, H, W) and (1,)
    values = _to_map(parts.sum(dim=1))
    return AttributionMap(values, "integrated_gradients", signed=True, delta=float(delta))


def _grad_cam(network: nn.Module, image: Tensor, target: int, options: Options) -> AttributionMap:
    from captum.attr import LayerAttribution, LayerGradCam

    name = options.layer or last_spatial_layer(network, image)
    cam = LayerGradCam(network, find_layer(network, name))
    found = cam.attribute(image, target=target, relu_attributions=True)
    if not isinstance(found, Tensor) or found.ndim != 4:
        raise ValueError(f"Layer {name!r} gives no map (N, C, H, W); choose a convolution.")
    # (1, 1, h, w) -> (1, 1, H, W)
    large = LayerAttribution.interpolate(found.detach(), tuple(image.shape[2:]), "bilinear")
    return AttributionMap(_to_map(large[:, 0]), "grad_cam", signed=False, layer=name)


def _occlusion(network: nn.Module, image: Tensor, target: int, options: Options) -> AttributionMap:
    from captum.attr import Occlusion

    channels = image.shape[1]
    parts = Occlusion(network).attribute(
        image,
        target=target,
        sliding_window_shapes=(channels, options.window, options.window),
        strides=(channels, options.stride, options.stride),
        perturbations_per_eval=options.batch,
    )  # (1, C, H, W), every channel the same
    return AttributionMap(_to_map(parts.sum(dim=1)), "occlusion", signed=True)


def _to_map(values: Tensor) -> np.ndarray:
    """(1, H, W) on any device -> (H, W) float32."""
    return values[0].detach().float().cpu().numpy()


METHODS = MappingProxyType(
    {
        "saliency": Method(
            "Saliency",
            "How much the score changes when a pixel changes a little: the largest gradient of "
            "its channels, without sign.",
            "Simonyan, Vedaldi, Zisserman 2013, arXiv:1312.6034",
            signed=False,
            run=_saliency,
        ),
        "integrated_gradients": Method(
            "Integrated gradients",
            "The gradient gathered on the way from a blank image to this one; all pixels together "
            "add up to the change of the score.",
            "Sundararajan, Taly, Yan 2017, arXiv:1703.01365",
            signed=True,
            run=_integrated_gradients,
        ),
        "grad_cam": Method(
            "Grad-CAM",
            "The last feature maps that still know places, each weighted by its mean gradient; "
            "coarse, and only what speaks for the class.",
            "Selvaraju et al. 2016, arXiv:1610.02391",
            signed=False,
            run=_grad_cam,
        ),
        "occlusion": Method(
            "Occlusion",
            "How far the score falls when a blank square covers the place.",
            "Zeiler, Fergus 2013, arXiv:1311.2901",
            signed=True,
            run=_occlusion,
        ),
    }
)
