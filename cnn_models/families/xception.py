"""Xception: Chollet, "Deep Learning with Depthwise Separable Convolutions" (CVPR 2017).

The idea: take Inception's split to its end. A depthwise convolution looks through a 3×3 window at
each channel alone, then a pointwise (1×1) convolution mixes the channels, and nothing else is
needed: 36 convolutions in 14 blocks, all but the first and the last with a residual connection.

Figure 5: entry flow (299 to 19 pixels), middle flow (8 equal blocks), exit flow (to 10 pixels).
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

from torch import Tensor, nn

from cnn_models.blocks.input_size import limit_input_size
from cnn_models.blocks.options import require_below_one
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Section 4.7 tries these between the depthwise and the pointwise convolution; none is best.
BETWEEN = {"none": None, "relu": nn.ReLU, "elu": nn.ELU}


def separable(
    inputs: int, outputs: int, between: str = "none", relu_first: bool = True
) -> nn.Sequential:
    """ReLU, depthwise 3×3, pointwise, batch norm: (N, inputs, H, W) to (N, outputs, H, W)."""
    layers = OrderedDict[str, nn.Module]()
    if relu_first:
        layers["relu"] = nn.ReLU()
    layers["depthwise"] = nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False)
    if (activation := BETWEEN[between]) is not None:
        layers["between"] = activation()
    layers["pointwise"] = nn.Conv2d(inputs, outputs, 1, bias=False)
    layers["bn"] = nn.BatchNorm2d(outputs)
    return nn.Sequential(layers)


class Block(nn.Module):
    """Separable convolutions around which the input is added: (N, in, H, W) to (N, out, H', W').

    `widths` are the channels behind each convolution. Where they change, a pooling halves the map
    (rounding up), and a 1×1 convolution with stride 2 does so for the input.
    """

    def __init__(
        self, inputs: int, *widths: int, between: str, residual: bool, relu_first: bool = True
    ) -> None:
        super().__init__()
        outputs = widths[-1]
        self.convs = nn.Sequential()
        for before, after in zip((inputs, *widths), widths, strict=False):
            first = len(self.convs) == 0
            self.convs.append(separable(before, after, between, relu_first or not first))
        self.pool = nn.MaxPool2d(3, stride=2, padding=1) if outputs != inputs else None
        self.residual = residual
        self.skip = None
        if residual and outputs != inputs:
            shrink = nn.Conv2d(inputs, outputs, 1, stride=2, bias=False)
            norm = nn.BatchNorm2d(outputs)
            self.skip = nn.Sequential(OrderedDict[str, nn.Module](conv=shrink, bn=norm))

    def forward(self, x: Tensor) -> Tensor:
        y = self.convs(x)
        if self.pool is not None:
            y = self.pool(y)
        if not self.residual:
            return y
        return y + (x if self.skip is None else self.skip(x))


class Xception(nn.Module):
    """Figure 5: (N, 3, 299, 299) to (N, num_classes).

    Args:
        num_classes: width of the output.
        dropout: probability for a value before the classifier to be left out while training.
        residual: whether blocks add their input, as Figure 9 compares.
        between: activation inside separable convolutions, "none", "relu" or "elu" (Figure 10).

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 1000,
        dropout: float = 0.5,
        residual: bool = True,
        between: str = "none",
    ) -> None:
        require_below_one(dropout=dropout)
        super().__init__()
        if between not in BETWEEN:
            raise ValueError(f"between is {between!r}; it is 'none', 'relu' or 'elu'.")
        block = partial(Block, between=between, residual=residual)
        self.stem = nn.Sequential(
            OrderedDict[str, nn.Module](
                conv1=nn.Conv2d(3, 32, 3, stride=2, bias=False),  # 149 × 149
                bn1=nn.BatchNorm2d(32),
                relu1=nn.ReLU(),
                conv2=nn.Conv2d(32, 64, 3, bias=False),  # 147 × 147
                bn2=nn.BatchNorm2d(64),
                relu2=nn.ReLU(),
            )
        )
        self.entry = nn.Sequential(
            block(64, 128, 128, relu_first=False),  # 74 × 74
            block(128, 256, 256),  # 37 × 37
            block(256, 728, 728),  # 19 × 19
        )
        self.middle = nn.Sequential(*(block(728, 728, 728, 728) for _ in range(8)))
        self.exit = nn.Sequential(
            block(728, 728, 1024),  # 10 × 10
            separable(1024, 1536, between, relu_first=False),  # its ReLU begins the next one
            separable(1536, 2048, between),
            nn.ReLU(),
        )
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(2048, num_classes)
        _initialise(self, rectified=between != "none")
        limit_input_size(self, smallest=7)

    def forward(self, x: Tensor) -> Tensor:
        x = self.exit(self.middle(self.entry(self.stem(x))))
        return self.fc(self.dropout(self.avgpool(x).flatten(1)))


def _initialise(network: nn.Module, rectified: bool) -> None:
    """Normal weights that keep the variance: 2 / inputs of a unit behind a ReLU, else 1 / inputs.

    He's rule alone would double the variance in every separable convolution.
    """
    for name, module in network.named_modules():
        if isinstance(module, nn.Conv2d) and not module.weight.is_meta:
            linear = name.endswith("pointwise") and not rectified
            kind = "linear" if linear else "relu"
            nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity=kind)
        elif isinstance(module, nn.Linear) and not module.weight.is_meta:
            nn.init.normal_(module.weight, std=0.01)
            nn.init.zeros_(module.bias)


SPECS = (
    ModelSpec(
        key="xception",
        family="inception",
        display_name="Xception",
        build=Xception,
        input_shape=(3, 299, 299),
        num_classes=1000,
        paper=Paper(
            "Xception: Deep Learning with Depthwise Separable Convolutions",
            "François Chollet",
            2016,
            "CVPR 2017",
            "1610.02357",
        ),
        idea="Space and channels are looked at apart: a depthwise 3×3 convolution for each channel "
        "alone, then a 1×1 convolution across them, with residual connections around.",
        stages=("stem", "entry.0", "entry.1", "entry.2", "middle", "exit", "fc"),
        initialisation="He's normal rule, variance 2 / inputs of a unit, but 1 / inputs in "
        "pointwise convolutions, which follow no ReLU, linear layers normal, standard deviation "
        "0.01; the paper names none",
        exact_params=22_855_952,
        exact_macs=8_357_403_496,
        counts_source="the paper's own count of parameters (Table 3) and timm's network, which has "
        "the same layers",
        published=published("xception"),
        departures=(
            "The pooling from 74 × 74 to 37 × 37 pads one pixel on every side, as timm's network; "
            "TensorFlow, where the weights were trained, pads behind the last pixel only.",
            "Batch norm adds 0.00001 to the variance, as in timm's network; the paper names no "
            "constant.",
        ),
        weights=public_weights("xception"),
    ),
)
