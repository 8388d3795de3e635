"""SENet's gates in networks of other papers: Hu et al., TPAMI 2020, Tables 2, 3 and 4.

The idea: the gate needs to know nothing of the network round it. Each network here is that of its
own paper with gates put in by `cnn_models.squeeze_excite`, which says where they stand:

    base                     gates  behind                               channels
    VGG-16 with batch norm    13    every convolution's ReLU             64 … 512
    BN-Inception              10    every Inception block                256 … 1056
    Inception-ResNet-v2       40    every residual branch                320, 1088, 2080
    MobileNet v1              13    every depthwise separable block      64 … 1024
    ShuffleNet v1, g = 3      16    every unit's branch                  216 … 960
    pre-activation ResNet-110 54    every residual branch                16, 32, 64
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from torch import nn

from cnn_models.families import (
    bn_inception,
    inception_resnet,
    mobilenet_v1,
    preact_resnet,
    shufflenet_v1,
    vgg,
)
from cnn_models.families.senet import HE, HE_GROUPED, PAPER
from cnn_models.records import published
from cnn_models.spec import ModelSpec
from cnn_models.squeeze_excite import attach


def gated(
    base: Callable[..., nn.Module], /, num_classes: int, reduction: int = 16, **options: Any
) -> nn.Module:
    """The network that `base` builds, with gates.

    Args:
        base: what builds it.
        num_classes: width of the output.
        reduction: by how much a gate reduces the channels between its two layers.
        **options: those of `base`.

    Raises:
        ValueError: if `reduction` is not in 1..the channels of the narrowest gate, or an option
            is out of its range.
    """
    return attach(base(num_classes=num_classes, **options), reduction)


_FAMILIES = (vgg, bn_inception, inception_resnet, mobilenet_v1, shufflenet_v1, preact_resnet)
_BASES: dict[str, ModelSpec] = {spec.key: spec for family in _FAMILIES for spec in family.SPECS}


def _spec(
    key: str,
    name: str,
    base_key: str,
    where: str,
    layers_start: str,
    counts: tuple[int, int],
    counts_source: str,
    *departures: str,
) -> ModelSpec:
    base = _BASES[base_key]
    return ModelSpec(
        key=key,
        family="senet",
        display_name=name,
        build=partial(gated, base.build, num_classes=base.num_classes),
        input_shape=base.input_shape,
        num_classes=base.num_classes,
        paper=PAPER,
        idea=f"{base.display_name}, in which every {where} gives its channels new weights for each "
        "image.",
        stages=base.stages,
        initialisation=layers_start,
        exact_params=counts[0],
        exact_macs=counts[1],
        counts_source=f"{counts_source}, and a sum by hand over the gates",
        published=published(key),
        departures=departures,
    )


_INPUTS = (
    "He's normal rule (Section 5.1), variance 2 / inputs of a unit, in the gates 2 / outputs of a "
    "unit, linear layers normal, standard deviation 0.01"
)
_WORK = (
    "{} prints {} operations; the layers have {} multiply-adds, and the additions for the gates' "
    "means make {}."
)

SPECS = (
    _spec(
        "se_vgg16_bn",
        "SE-VGG-16 (BN)",
        "vgg16_bn",
        "convolution",
        "Glorot's uniform rule, biases 0; in the gates He's normal rule, variance 2 / outputs of a "
        "unit",
        (138_596_784, 15_470_490_624),
        "torchvision's count for the network without gates",
        _WORK.format("Table 2", "15.48 × 10⁹", "15.470 × 10⁹", "15.484 × 10⁹"),
        "The layers of VGG start by Glorot's rule, as in VGG-16 here; the paper starts all by "
        "He's.",
    ),
    _spec(
        "se_bn_inception",
        "SE-BN-Inception",
        "bn_inception",
        "Inception block",
        _INPUTS,
        (11_931_622, 2_033_239_424),
        "the count from Figure 5 of the paper without gates, the widths of two gates in the "
        "authors' release",
        _WORK.format("Table 2", "2.04 × 10⁹", "2.033 × 10⁹", "2.034 × 10⁹"),
    ),
    _spec(
        "se_inception_resnet_v2",
        "SE-Inception-ResNet-v2",
        "inception_resnet_v2",
        "residual block",
        _INPUTS,
        (64_387_444, 13_164_289_376),
        "timm's count for the network without gates",
        "Table 2 prints 11.76 × 10⁹ operations, and 11.75 × 10⁹ without gates; the released "
        "network, which has the gates here, does 13.164 × 10⁹ and 13.156 × 10⁹ multiply-adds.",
        "The paper says only that the scheme is like that of the residual networks: the two "
        "reduction blocks and the Inception block of the stem have no gate here.",
    ),
    _spec(
        "se_mobilenet",
        "SE-MobileNet",
        "mobilenet_v1",
        "block",
        HE_GROUPED,
        (4_718_044, 569_220_096),
        "Table 3 of the paper, timm's count for the network without gates",
        "The paper does not say where the gates stand: behind every block they make 4.72 million "
        "parameters, of which Table 3 prints 4.7; behind every depthwise layer as well it would "
        "be 5.07 million.",
        _WORK.format("Table 3", "572 million", "569.2 million", "571.9 million"),
    ),
    _spec(
        "se_shufflenet",
        "SE-ShuffleNet (g = 3)",
        "shufflenet_v1_g3",
        "unit",
        _INPUTS,
        (2_484_533, 138_071_088),
        "Table 3 of the paper, the count of the network without gates",
        "The paper does not say where the gates stand: on the branches they make 2.48 million "
        "parameters, 0.62 million more than without; Table 3 prints 2.4 and 1.8 million. Behind "
        "the additions and concatenations it would be 2.59 million.",
        "Table 3 prints 142 million operations, 2 million more than without gates; the layers "
        "have 138.1 million multiply-adds, 0.6 million more, and the gates' means 1.6 million "
        "additions.",
    ),
    _spec(
        "cifar_se_resnet110",
        "SE-ResNet-110 (CIFAR-10)",
        "cifar_preact_resnet110",
        "unit",
        HE,
        (1_742_200, 252_899_776),
        "the count of the network without gates",
        "Table 4 cites the pre-activation paper for ResNet-110, so that is the network here; the "
        "gate's paper draws no pre-activated unit, and here the gate follows its last convolution.",
        "The paper's reduction of 16 leaves 1, 2 and 4 channels between the two small layers.",
    ),
)
