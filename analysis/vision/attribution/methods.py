"""The table of all methods: what the menu says, and what runs."""

from __future__ import annotations

from types import MappingProxyType

from analysis.vision.attribution import cam, gradients, perturbing
from analysis.vision.attribution.method import Method

METHODS = MappingProxyType(
    {
        "saliency": Method(
            "Saliency",
            "How much the score changes when a pixel changes a little: the largest gradient of "
            "its channels, without sign.",
            "Simonyan, Vedaldi, Zisserman 2013, arXiv:1312.6034",
            signed=False,
            run=gradients.saliency,
        ),
        "integrated_gradients": Method(
            "Integrated gradients",
            "The gradient gathered on the way from a blank image to this one; all pixels together "
            "add up to the change of the score.",
            "Sundararajan, Taly, Yan 2017, arXiv:1703.01365",
            signed=True,
            run=gradients.integrated_gradients,
            takes=frozenset({"baseline", "value_range", "steps", "seed"}),
            patient=True,
        ),
        "grad_cam": Method(
            "Grad-CAM",
            "The last feature maps that still know places, each weighted by its mean gradient; "
            "coarse, and only what speaks for the class.",
            "Selvaraju et al. 2016, arXiv:1610.02391",
            signed=False,
            run=cam.grad_cam,
            takes=frozenset({"layer"}),
        ),
        "occlusion": Method(
            "Occlusion",
            "How far the score falls when a blank square covers the place.",
            "Zeiler, Fergus 2013, arXiv:1311.2901",
            signed=True,
            run=perturbing.occlusion,
            takes=frozenset({"baseline", "value_range", "window", "stride", "seed"}),
            patient=True,
        ),
    }
)
