"""Networks for tests: real ones with cheap weights, and a small one with gates."""

from __future__ import annotations

import torch
from torch import Tensor, nn

import cnn_models
from cnn_models.families.senet import SqueezeExcite

# Gates of each network, counted in the tables of its paper: a block each for SENet, its
# descendants and EfficientNet, the ticks in the column SE of MobileNet v3.
IN_PAPERS = {
    "mobilenet_v3_large": 8,
    "mobilenet_v3_small": 9,
    "se_resnet50": 3 + 4 + 6 + 3,
    "se_resnet101": 3 + 4 + 23 + 3,
    "se_resnet152": 3 + 8 + 36 + 3,
    "se_resnext50_32x4d": 3 + 4 + 6 + 3,
    "se_resnext101_32x4d": 3 + 4 + 23 + 3,
    "cifar_se_resnet20": 3 * 3,
    "senet154": 3 + 8 + 36 + 3,
    "se_vgg16_bn": 13,
    "se_bn_inception": 10,
    "se_inception_resnet_v2": 10 + 20 + 10,
    "se_mobilenet": 13,
    "se_shufflenet": 4 + 8 + 4,
    "cifar_se_resnet110": 3 * 18,
    "efficientnet_b0": 1 + 2 + 2 + 3 + 3 + 4 + 1,
    "efficientnet_b1": 2 + 3 + 3 + 4 + 4 + 5 + 2,
    "efficientnet_b2": 2 + 3 + 3 + 4 + 4 + 5 + 2,
    "efficientnet_b3": 2 + 3 + 3 + 5 + 5 + 6 + 2,
    "efficientnet_b4": 2 + 4 + 4 + 6 + 6 + 8 + 2,
    "regnet_y_400mf": 1 + 3 + 6 + 6,
}

_PERIOD = 1_000_003  # a prime: no two channels of a layer get the same weights


def filled(key: str) -> nn.Module:
    """A network of the registry with weights of the size of He's rule, in little time.

    Hundreds of millions of random numbers take seconds; here they repeat after a million.
    """
    with torch.device("meta"):
        model = cnn_models.build(key)
    model.to_empty(device="cpu")
    chance = torch.randn(_PERIOD, generator=torch.Generator().manual_seed(0))
    for name, value in [*model.named_parameters(), *model.named_buffers()]:
        if not value.is_floating_point():
            value.zero_()
            continue
        repeated = chance.repeat(-(-value.numel() // _PERIOD))[: value.numel()].view_as(value)
        with torch.no_grad():
            if value.ndim > 1:
                value.copy_(repeated * (2 / value[0].numel()) ** 0.5)
            elif name.endswith("running_var"):
                value.copy_(1 + 0.1 * repeated.abs())
            elif name.endswith(("running_mean", "bias")):
                value.copy_(0.1 * repeated)
            else:
                value.copy_(0.3 + 0.03 * repeated)  # small branches, so that sums do not grow
    return model.eval()


class Small(nn.Module):
    """A convolution, a gate and a linear layer: (N, 3, H, W) to (N, 4)."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.gates = nn.ModuleList([SqueezeExcite(8, 2), SqueezeExcite(8, 4)])
        self.fc = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        for gate in self.gates:
            x = gate(x)
        return self.fc(x.mean((2, 3)))
