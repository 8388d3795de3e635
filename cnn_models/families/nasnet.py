"""NASNet: Zoph, Vasudevan, Shlens, Le, "Learning Transferable Architectures" (CVPR 2018).

The idea: search on CIFAR-10 for two small cells only, one that keeps the size of a map and one
that halves it, and stack as many of them as an image needs. NORMAL and REDUCTION below are
Figure 4 (NASNet-A), block by block. "N @ P" is N normal cells in a row, and P channels behind
the last of them. Figure 2:
    ImageNet   conv 3×3, /2   2 reduction   N normal   reduction   N normal   reduction   N normal
    CIFAR-10   conv 3×3                     N normal   reduction   N normal   reduction   N normal
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import sqrt
from typing import NamedTuple

from torch import nn

from cnn_models.blocks.cell_network import CellNetwork, Row, rows_of_three_stages
from cnn_models.blocks.cells import BEFORE, LAST, Cell, Plan, projection
from cnn_models.blocks.input_size import limit_input_size
from cnn_models.records import public_weights, published
from cnn_models.spec import ModelSpec, Paper

NORMAL = Plan(
    stride=1,
    blocks=(
        ("sep 5×5", LAST, "sep 3×3", BEFORE),  # 2
        ("sep 5×5", BEFORE, "sep 3×3", BEFORE),  # 3
        ("avg 3×3", LAST, "identity", BEFORE),  # 4
        ("avg 3×3", BEFORE, "avg 3×3", BEFORE),  # 5
        ("sep 3×3", LAST, "identity", LAST),  # 6
    ),
    output=(BEFORE, 2, 3, 4, 5, 6),
)
REDUCTION = Plan(
    stride=2,
    blocks=(
        ("sep 5×5", LAST, "sep 7×7", BEFORE),  # 2
        ("max 3×3", LAST, "sep 7×7", BEFORE),  # 3
        ("avg 3×3", LAST, "sep 5×5", BEFORE),  # 4
        ("identity", 3, "avg 3×3", 2),  # 5
        ("sep 3×3", 2, "max 3×3", LAST),  # 6
    ),
    output=(3, 4, 5, 6),
)


class Frame(NamedTuple):
    """What the networks differ in beyond N and P.

    `stem` is the number of channels of the first convolution; None stands for CIFAR-10, with
    three times those of the first cell and no reduction cells at once. `bypass` says whether the
    cell after a reduction cell reads what lies below that cell's own input, `aux_side` how large
    the map in the auxiliary head is, and `eps` what batch normalisation adds to a variance.
    """

    stem: int | None
    bypass: bool
    aux_side: int
    eps: float


LARGE = Frame(stem=96, bypass=True, aux_side=6, eps=1e-3)
MOBILE = Frame(stem=32, bypass=False, aux_side=4, eps=1e-3)
CIFAR = Frame(stem=None, bypass=False, aux_side=4, eps=1e-5)


def nasnet_cell(row: Row, last: int, before: int, halve: bool) -> Cell:
    """Make the cell of `row` on h[i] of `last` channels and h[i-1] of `before`."""
    fit_last = projection(last, row.channels)
    if row.name == "stem_0":  # h[i] and h[i-1] are both the first convolution
        return Cell(row.plan, row.channels, fit_last, nn.Identity(), raw=before)
    return Cell(row.plan, row.channels, fit_last, projection(before, row.channels, halve))


class NASNet(CellNetwork):
    """NASNet-A (`cells` @ `filters`), as Figure 2 stacks it.

    Args:
        frame: the frame of one of the networks.
        num_classes: width of the output.
        cells: N, normal cells in a row, at least 1.
        filters: P, channels behind the last cell; a multiple of 96.
        drop_path: how often a path of the last cell is dropped at the end of the training; the
            authors' code has 0.3 for the large network, 0.4 for CIFAR-10, none for the mobile one.
        dropout: probability for a value to be left out before the linear layer.
        aux_heads: whether an auxiliary head follows the second row of normal cells; it answers
            in training only, and takes images of the paper's size.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        frame: Frame,
        /,
        num_classes: int = 1000,
        cells: int = 6,
        filters: int = 4032,
        drop_path: float = 0.0,
        dropout: float = 0.5,
        aux_heads: bool = False,
    ) -> None:
        if filters < 1 or filters % 96:
            raise ValueError(f"filters is {filters}; it is 96, 192, 288 or another multiple of 96.")
        channels = filters // 24  # six states side by side, doubled by two reductions
        rows = rows_of_three_stages(NORMAL, REDUCTION, cells, channels)
        if frame.stem is None:
            conv0 = nn.Conv2d(3, 3 * channels, 3, padding=1, bias=False)
        else:
            conv0 = nn.Conv2d(3, frame.stem, 3, stride=2, bias=False)
            stem = ("stem_0", channels // 4), ("stem_1", channels // 2)
            rows = [Row(name, REDUCTION, width) for name, width in stem] + rows
        super().__init__(
            conv0,
            rows,
            nasnet_cell,
            num_classes,
            bypassed=("reduction_0", "reduction_1") if frame.bypass else (),
            aux=(f"normal_{2 * cells - 1}", frame.aux_side) if aux_heads else None,
            drop_path=drop_path,
            dropout=dropout,
            eps=frame.eps,
        )
        _initialise(self)
        if frame.stem is not None:
            limit_input_size(self, smallest=3)


def _initialise(network: nn.Module) -> None:
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d) and not layer.weight.is_meta:
            outputs = layer.weight.numel() // layer.in_channels  # k² for a depthwise convolution
            nn.init.normal_(layer.weight, std=sqrt(2 / outputs))
        elif isinstance(layer, nn.Linear) and not layer.weight.is_meta:
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)


PAPER = Paper(
    "Learning Transferable Architectures for Scalable Image Recognition",
    "Barret Zoph, Vijay Vasudevan, Jonathon Shlens, Quoc V. Le",
    2017,
    "CVPR 2018",
    "1707.07012",
)

_IDEA = (
    "Two small cells are searched for on small images and then stacked as often as large images "
    "need: "
)
_SIX_STATES = (
    "Section 3 puts side by side what no block of a cell reads: five states of a normal and three "
    "of a reduction cell, which would make {without} parameters; the authors' code also keeps "
    "h[i-1] and block 3, and only six states make {filters} channels."
)
_AUX = (
    "The auxiliary head is an option (aux_heads=True, {params} parameters with it) and answers in "
    "training mode only."
)
_ZEROS = (
    "An average pooling of stride 2 counts the zeros around the map, as the public weights of the "
    "large network need; TensorFlow, in which the authors worked, leaves them out."
)


def _stages(cells: int, *stem: str) -> tuple[str, ...]:
    """The last cell of every size, and the reduction cells."""
    names = f"normal_{cells - 1}", "reduction_0", f"normal_{2 * cells - 1}", "reduction_1"
    return (
        "conv0",
        *(f"cells.{name}" for name in (*stem, *names, f"normal_{3 * cells - 1}")),
        "fc",
    )


def _spec(
    key: str,
    name: str,
    side: int,
    stages: tuple[str, ...],
    build: Callable[..., nn.Module],
    params: int,
    macs: int,
    source: str,
    idea: str,
    *departures: str,
) -> ModelSpec:
    return ModelSpec(
        key=key,
        family="nasnet",
        display_name=name,
        build=build,
        input_shape=(3, side, side),
        num_classes=10 if side == 32 else 1000,
        paper=PAPER,
        idea=_IDEA + idea,
        stages=stages,
        initialisation="He's normal rule, variance 2 / outputs of a unit, as in the authors' "
        "code; the linear layer normal, standard deviation 0.01; the paper names none",
        exact_params=params,
        exact_macs=macs,
        counts_source=source,
        published=published(key),
        departures=departures,
        weights=public_weights(key),
    )


SPECS = (
    _spec(
        "nasnet_a_large",
        "NASNet-A large (6 @ 4032)",
        331,
        _stages(6, "stem_0", "stem_1"),
        partial(NASNet, LARGE),
        88_753_150,
        23_783_414_658,
        "timm's network, which has the same layers",
        "six normal cells in a row with 4032 channels behind the last.",
        "Table 2 prints 88.9M parameters; the network of the authors' public weights has "
        "88,753,150.",
        _SIX_STATES.format(without="80,732,326", filters="4 × 6 × 168 = 4032"),
        "The other sizes of Tables 1 and 2 can be built (cells, filters), but come out larger "
        "than printed: 7 @ 1920 has 24.6 M parameters for 22.6M, 7 @ 2304 on CIFAR-10 32.4 M for "
        "27.6M, and 1538 is no multiple of 24.",
        _AUX.format(params="93,320,934"),
        _ZEROS,
    ),
    _spec(
        "nasnet_a_mobile",
        "NASNet-A mobile (4 @ 1056)",
        224,
        _stages(4, "stem_0", "stem_1"),
        partial(NASNet, MOBILE, cells=4, filters=1056),
        5_289_978,
        563_638_816,
        "the paper's 564M, and pytorchcv's network, which has the same parameters",
        "four normal cells in a row with 1056 channels behind the last.",
        "pytorchcv's network does 568,234,858 multiply-adds, because it computes one row and one "
        "column more in 15 separable convolutions and cuts them off: 4,596,042 that change "
        "nothing, without which they are the 563,638,816 built here and the 564M of Table 3.",
        _SIX_STATES.format(without="4,772,516", filters="4 × 6 × 44 = 1056"),
        _AUX.format(params="7,701,218"),
        _ZEROS,
    ),
    _spec(
        "cifar_nasnet_a_6_768",
        "NASNet-A 6 @ 768 (CIFAR-10)",
        32,
        _stages(6),
        partial(NASNet, CIFAR, cells=6, filters=768, dropout=0.0),
        3_328_234,
        525_786_624,
        "layer-by-layer arithmetic from the paper, which prints 3.3M",
        "six normal cells in a row with 768 channels behind the last, for images of 32 pixels.",
        "The paper does not say how wide the first convolution is: 96 channels here, three times "
        "those of the first cell, as in the authors' code.",
        "In the authors' code the first cell reads h[i-1] unprojected, with 96 channels, and "
        "projects what comes of it, which makes 3,346,538 parameters; here it is projected first, "
        "as in all other cells, and 3,328,234 are built.",
        _SIX_STATES.format(without="3,061,738", filters="4 × 6 × 32 = 768"),
        _AUX.format(params="4,959,732"),
        _ZEROS,
    ),
)
