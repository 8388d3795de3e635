"""LeNet-5, the network that read digits (LeCun, Bottou, Bengio, Haffner, 1998).

The idea: small kernels, shared over the whole image, find strokes wherever they are; subsampling
then makes their exact place matter less. Figure 2 and Section II-B of the paper:

    C1 convolution 5×5   6 maps  28×28     156 parameters
    S2 subsampling 2×2   6 maps  14×14      12
    C3 convolution 5×5  16 maps  10×10    1516   sparse, by Table I
    S4 subsampling 2×2  16 maps   5×5       32
    C5 convolution 5×5 120 maps   1×1    48120
    F6 fully connected  84 units         10164
    output              10 distances         0   to fixed bitmaps of 7×12 pixels

`LeNet5` departs from it in the sign of its output and in the drawing of the bitmaps (see SPECS).
`ModernLeNet5` is what is usually called LeNet-5 today.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cnn_models.blocks.initialise import he_normal
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

# Table I: a row is one of the 6 maps of S2, a column one of the 16 maps of C3.
C3_TABLE = (
    "X...XXX..XXXX.XX",
    "XX...XXX..XXXX.X",
    "XXX...XXX..X.XXX",
    ".XXX..XXXX..X.XX",
    "..XXX..XXXX.XX.X",
    "...XXX..XXXX.XXX",
)

# The ten codes side by side, 7 pixels wide and 12 high each.
DIGITS = """
..###..|...##..|.#####.|#######|##...##|#######|..####.|#######|.#####.|.#####.
.##.##.|..###..|##...##|.....##|##...##|##.....|.##....|.....##|##...##|##..###
##...##|.####..|.....##|....##.|##...##|##.....|##.....|.....##|##...##|##...##
##...##|...##..|.....##|...##..|##...##|##.....|##.....|....##.|##...##|##...##
##...##|...##..|....##.|..####.|##...##|######.|######.|....##.|.#####.|##..###
##...##|...##..|...##..|.....##|#######|.....##|###..##|...##..|##...##|.######
##...##|...##..|..##...|.....##|.....##|.....##|##...##|...##..|##...##|.....##
##...##|...##..|.##....|.....##|.....##|.....##|##...##|..##...|##...##|.....##
.##.##.|...##..|##.....|##...##|.....##|##...##|###..##|..##...|##...##|....##.
..###..|.######|#######|.#####.|.....##|.#####.|.#####.|..##...|.#####.|.####..
.......|.......|.......|.......|.......|.......|.......|.......|.......|.......
.......|.......|.......|.......|.......|.......|.......|.......|.......|.......
"""


class ScaledTanh(nn.Module):
    """The paper's squashing function, 1.7159 tanh(2x / 3): it maps 1 to 1 and -1 to -1."""

    def __init__(self) -> None:
        super().__init__()
        self.tanh = nn.Tanh()

    def forward(self, x: Tensor) -> Tensor:
        return 1.7159 * self.tanh(x * (2 / 3))


class Subsampling(nn.Sequential):
    """The sum of each 2×2 square, times one trained weight a map, plus one trained bias a map."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.sum = nn.AvgPool2d(2, divisor_override=1)
        self.scale = nn.Conv2d(maps, maps, 1, groups=maps)


class SparseConvolution(nn.Module):
    """C3: each of the 16 output maps sees only the input maps that Table I gives it.

    Maps 0 to 5 see three inputs, 6 to 14 see four and 15 sees all six. The inputs of each kind
    are laid side by side, so that a grouped convolution gives every map its own.
    """

    def __init__(self) -> None:
        super().__init__()
        seen = [[row for row in range(6) if C3_TABLE[row][column] == "X"] for column in range(16)]
        self.inputs_of_three = [row for rows in seen[:6] for row in rows]
        self.inputs_of_four = [row for rows in seen[6:15] for row in rows]
        self.three = nn.Conv2d(18, 6, 5, groups=6)
        self.four = nn.Conv2d(36, 9, 5, groups=9)
        self.six = nn.Conv2d(6, 1, 5)

    def forward(self, x: Tensor) -> Tensor:
        three = self.three(x[:, self.inputs_of_three])  # (N, 18, 14, 14) -> (N, 6, 10, 10)
        four = self.four(x[:, self.inputs_of_four])  # (N, 36, 14, 14) -> (N, 9, 10, 10)
        return torch.cat((three, four, self.six(x)), dim=1)  # (N, 16, 10, 10)


def digit_codes() -> Tensor:
    """Read the ten bitmaps of DIGITS as rows of +1 (ink) and -1 (paper), shape (10, 84)."""
    rows = [line.split("|") for line in DIGITS.split()]  # 12 lines of 10 pieces
    pictures = ["".join(row[digit] for row in rows) for digit in range(10)]
    return torch.tensor([[1.0 if pixel == "#" else -1.0 for pixel in p] for p in pictures])


class RadialBasis(nn.Module):
    """Minus the squared distance of F6 (N, 84) to the code of each digit: (N, num_classes)."""

    codes: Tensor

    def __init__(self, num_classes: int) -> None:
        super().__init__()
        self.register_buffer("codes", digit_codes()[:num_classes])

    def forward(self, x: Tensor) -> Tensor:
        difference = x.unsqueeze(1) - self.codes  # (N, num_classes, 84)
        return -difference.square().sum(dim=2)


class LeNet5(nn.Module):
    """The network of 1998, for images (N, 1, 32, 32).

    Raises:
        ValueError: if `num_classes` is over 10, for only the ten digits have a code.
    """

    def __init__(self, num_classes: int = 10) -> None:
        if not 1 <= num_classes <= 10:
            raise ValueError(f"num_classes is {num_classes}; lenet5 has codes for 1 to 10 digits.")
        super().__init__()
        self.c1, self.squash1 = nn.Conv2d(1, 6, 5), ScaledTanh()
        self.s2, self.squash2 = Subsampling(6), ScaledTanh()
        self.c3, self.squash3 = SparseConvolution(), ScaledTanh()
        self.s4, self.squash4 = Subsampling(16), ScaledTanh()
        self.c5, self.squash5 = nn.Conv2d(16, 120, 5), ScaledTanh()
        self.f6, self.squash6 = nn.Linear(120, 84), ScaledTanh()
        self.output = RadialBasis(num_classes)
        self._initialise()
        limit_input_size(self, 32, 35)

    def _initialise(self) -> None:
        """Uniform within 2.4 / fan-in, the number of inputs of one unit (Appendix A)."""
        fan_in: dict[nn.Module, int] = {self.s2.scale: 4, self.s4.scale: 4}
        for unit in self.modules():
            if isinstance(unit, nn.Conv2d | nn.Linear) and not unit.weight.is_meta:
                bound = 2.4 / fan_in.get(unit, unit.weight[0].numel())
                with torch.no_grad():
                    for parameter in unit.parameters():
                        parameter.uniform_(-bound, bound)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squash1(self.c1(x))  # (N, 6, 28, 28)
        x = self.squash2(self.s2(x))  # (N, 6, 14, 14)
        x = self.squash3(self.c3(x))  # (N, 16, 10, 10)
        x = self.squash4(self.s4(x))  # (N, 16, 5, 5)
        x = self.squash5(self.c5(x))  # (N, 120, 1, 1)
        x = self.squash6(self.f6(x.flatten(1)))  # (N, 84)
        return self.output(x)  # (N, num_classes)


class ModernLeNet5(nn.Module):
    """LeNet-5 as it is taught today: full C3, ReLU, max pooling, a linear output."""

    def __init__(self, num_classes: int = 10) -> None:
        super().__init__()
        self.c1, self.relu1, self.s2 = nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2)
        self.c3, self.relu3, self.s4 = nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)
        self.c5, self.relu5 = nn.Conv2d(16, 120, 5), nn.ReLU()
        self.f6, self.relu6 = nn.Linear(120, 84), nn.ReLU()
        self.output = nn.Linear(84, num_classes)
        he_normal(self, mode="fan_in")
        limit_input_size(self, 32, 35)

    def forward(self, x: Tensor) -> Tensor:
        x = self.s2(self.relu1(self.c1(x)))  # (N, 6, 14, 14)
        x = self.s4(self.relu3(self.c3(x)))  # (N, 16, 5, 5)
        x = self.relu5(self.c5(x))  # (N, 120, 1, 1)
        x = self.relu6(self.f6(x.flatten(1)))  # (N, 84)
        return self.output(x)  # (N, num_classes)


_PAPER = Paper(
    title="Gradient-Based Learning Applied to Document Recognition",
    authors="Yann LeCun, Léon Bottou, Yoshua Bengio, Patrick Haffner",
    year=1998,
    venue="Proceedings of the IEEE 86(11), 1998",
)

SPECS = (
    ModelSpec(
        key="lenet5",
        family="lenet",
        display_name="LeNet-5 (1998)",
        build=LeNet5,
        input_shape=(1, 32, 32),
        num_classes=10,
        paper=_PAPER,
        idea="Small shared kernels find strokes anywhere; subsampling makes their exact place "
        "matter less.",
        stages=("c1", "s2", "c3", "s4", "c5", "f6", "output"),
        initialisation="uniform within ±2.4 / inputs of a unit (Appendix A)",
        exact_params=60_000,
        exact_macs=327_256,
        counts_source=(
            "the 60,000 trainable parameters that Section II-B of the paper counts, and for the "
            "multiply-adds against a sum by hand: C1 117,600, S2 1,176, C3 150,000, S4 400, "
            "C5 48,000 and F6 10,080, without the 840 squared differences of the output"
        ),
        published=published("lenet5"),
        departures=(
            "The output is minus the squared distance to each code, so that the largest of the 10 "
            "outputs is the answer; in the paper it is the smallest distance.",
            "The ten 7×12 bitmaps are drawn in the style of the paper's Figure 3, not copied from "
            "it pixel by pixel.",
            "The paper counts 7 layers; the last of them, the distances to the codes, has no "
            "trainable weights, so the depth given here is 6.",
        ),
        weights=public_weights("lenet5"),
    ),
    ModelSpec(
        key="lenet5_modern",
        family="lenet",
        display_name="LeNet-5 (modern)",
        build=ModernLeNet5,
        input_shape=(1, 32, 32),
        num_classes=10,
        paper=_PAPER,
        idea="LeNet-5 with today's parts: max pooling, ReLU and a trained linear output.",
        stages=("c1", "s2", "c3", "s4", "c5", "f6", "output"),
        initialisation="He's normal rule, variance 2 / inputs of a unit; linear layers normal, "
        "standard deviation 0.01; biases 0",
        exact_params=61_706,
        exact_macs=416_520,
        counts_source="layer-by-layer arithmetic, with every map of C3 seeing all 6 maps of S2",
        published=published("lenet5_modern"),
        departures=(
            "C3 sees all maps of S2: 2,416 parameters, where the paper's sparse C3 has 1,516.",
            "Max pooling, without parameters, replaces the trained subsampling (44 parameters).",
            "ReLU replaces 1.7159 tanh(2x / 3).",
            "The output is a trained linear layer (850 parameters) instead of distances to codes.",
        ),
        weights=public_weights("lenet5_modern"),
    ),
)
