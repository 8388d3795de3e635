"""The table of all methods: what the menu says, and what runs."""

from __future__ import annotations

from types import MappingProxyType

from analysis.vision.attribution import cam, deeplift, gradients, guided, perturbing, surrogates
from analysis.vision.attribution.method import Method

_BASELINE = frozenset({"baseline", "value_range", "seed"})  # the seed of a baseline of noise
_PIECES = frozenset({"pieces", "superpixels", "batch"})

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
        "input_x_gradient": Method(
            "Input × gradient",
            "The gradient times the pixel itself: what each pixel gives to the score as if the "
            "network were linear from zero to here.",
            "Shrikumar, Greenside, Shcherbina, Kundaje 2016, arXiv:1605.01713",
            signed=True,
            run=gradients.input_x_gradient,
        ),
        "integrated_gradients": Method(
            "Integrated gradients",
            "The gradient gathered on the way from a blank image to this one; all pixels together "
            "add up to the change of the score.",
            "Sundararajan, Taly, Yan 2017, arXiv:1703.01365",
            signed=True,
            run=gradients.integrated_gradients,
            takes=_BASELINE | {"steps", "batch"},
            patient=True,
        ),
        "smoothgrad": Method(
            "SmoothGrad",
            "Saliency averaged over copies of the image with noise on them, so that what only one "
            "of them shows falls away.",
            "Smilkov, Thorat, Kim, Viégas, Wattenberg 2017, arXiv:1706.03825",
            signed=False,
            run=gradients.smoothgrad,
            takes=frozenset({"samples", "noise", "seed", "batch"}),
            patient=True,
            samples=20,
        ),
        "guided_backprop": Method(
            "Guided backpropagation",
            "The gradient, but at each ReLU that is on only what speaks for the class goes on "
            "down.",
            "Springenberg, Dosovitskiy, Brox, Riedmiller 2014, arXiv:1412.6806",
            signed=True,
            run=guided.guided_backprop,
            refuses=guided.refuses,
        ),
        "deconvolution": Method(
            "Deconvolution",
            "The network run backwards: at each ReLU only what speaks for the class goes on down, "
            "whether the ReLU is on or off.",
            "Zeiler, Fergus 2013, arXiv:1311.2901",
            signed=True,
            run=guided.deconvolution,
            refuses=guided.refuses,
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
        "guided_grad_cam": Method(
            "Guided Grad-CAM",
            "Guided backpropagation where Grad-CAM says that the class is: fine lines in the "
            "coarse place.",
            "Selvaraju et al. 2016, arXiv:1610.02391",
            signed=True,
            run=cam.guided_grad_cam,
            takes=frozenset({"layer"}),
            refuses=guided.refuses,
        ),
        "deeplift": Method(
            "DeepLIFT",
            "What each pixel gave to the change of the score against a blank image, handed down "
            "layer by layer; all pixels together add up to it.",
            "Shrikumar, Greenside, Kundaje 2017, arXiv:1704.02685",
            signed=True,
            run=deeplift.deeplift,
            takes=_BASELINE,
            refuses=deeplift.refuses,
        ),
        "occlusion": Method(
            "Occlusion",
            "How far the score falls when a blank square covers the place.",
            "Zeiler, Fergus 2013, arXiv:1311.2901",
            signed=True,
            run=perturbing.occlusion,
            takes=_BASELINE | {"window", "stride", "batch"},
            patient=True,
        ),
        "ablation": Method(
            "Ablation",
            "How far the score falls when the piece that the pixel belongs to is covered.",
            "Zeiler, Fergus 2013, arXiv:1311.2901; pieces as in Achanta et al. 2012, "
            "doi:10.1109/TPAMI.2012.120",
            signed=True,
            run=perturbing.ablation,
            takes=_BASELINE | _PIECES,
            patient=True,
        ),
        "kernel_shap": Method(
            "KernelSHAP",
            "What each piece gives to the score on average over all orders in which pieces could "
            "be shown; all pixels together add up to the change of the score.",
            "Lundberg, Lee 2017, arXiv:1705.07874",
            signed=True,
            run=surrogates.kernel_shap,
            takes=_BASELINE | _PIECES | {"samples"},
            patient=True,
            samples=256,
        ),
        "lime": Method(
            "LIME",
            "A linear model of the score, fitted to copies of the image with some pieces covered: "
            "what each piece gives.",
            "Ribeiro, Singh, Guestrin 2016, arXiv:1602.04938",
            signed=True,
            run=surrogates.lime,
            takes=_BASELINE | _PIECES | {"samples"},
            patient=True,
            samples=256,
        ),
    }
)
