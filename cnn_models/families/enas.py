"""ENAS: Pham, Guan, Zoph, Le, Dean, "Efficient Neural Architecture Search" (ICML 2018).

The idea: all networks that a search tries are parts of one large network and share its weights,
so that none is trained from scratch. This is what its "micro" search found on CIFAR-10: two cells,
stacked as NASNet stacks its own.

    conv 3×3   6 normal   1 reduction   6 normal   1 reduction   6 normal   linear
    32 × 32    32 × 32    16 × 16       16 × 16    8 × 8         8 × 8
    108        180        288           360        576           720        10
"""

from __future__ import annotations

from torch import nn

from cnn_models.blocks.cell_network import CellNetwork, Row, rows_of_three_stages
from cnn_models.blocks.cells import BEFORE, LAST, Cell, Plan, projection
from cnn_models.blocks.initialise import he_normal
from cnn_models.blocks.options import require_at_least_one
from cnn_models.records import published
from cnn_models.spec import ModelSpec, Paper

NORMAL = Plan(
    stride=1,
    blocks=(
        ("avg 3×3", BEFORE, "sep 3×3", BEFORE),  # 2
        ("identity", BEFORE, "sep 5×5", BEFORE),  # 3
        ("identity", BEFORE, "sep 5×5", LAST),  # 4
        ("sep 3×3", LAST, "sep 5×5", BEFORE),  # 5
        ("avg 3×3", BEFORE, "sep 5×5", LAST),  # 6
    ),
    output=(2, 3, 4, 5, 6),
)
REDUCTION = Plan(
    stride=2,
    blocks=(
        ("sep 3×3", LAST, "sep 3×3", LAST),  # 2
        ("max 3×3", BEFORE, "avg 3×3", BEFORE),  # 3
        ("sep 5×5", LAST, "sep 5×5", 3),  # 4
        ("sep 3×3", LAST, "identity", BEFORE),  # 5
        ("max 3×3", BEFORE, "sep 5×5", LAST),  # 6
    ),
    output=(2, 4, 5, 6),
)


def enas_cell(row: Row, last: int, before: int, halve: bool) -> Cell:
    """Make the cell of `row` on h[i] of `last` channels and h[i-1] of `before`."""
    width = row.channels
    fit_last = nn.Sequential(projection(last, width), projection(width, width))
    return Cell(row.plan, width, fit_last, projection(before, width, halve))


class ENAS(CellNetwork):
    """The network of the micro search: (N, 3, H, W) to (N, num_classes).

    Args:
        num_classes: width of the output.
        cells: normal cells in a row, at least 1; the authors' script has 5.
        channels: those of the operations in the first cells, at least 1.
        drop_path: how often a path of the last cell is dropped at the end of the training; the
            authors' script has 0.4.
        dropout: probability for a value to be left out before the linear layer.
        aux_heads: whether an auxiliary head follows the first normal cell of the last stage; it
            answers in training only, and takes images of 32 × 32.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        num_classes: int = 10,
        cells: int = 6,
        channels: int = 36,
        drop_path: float = 0.0,
        dropout: float = 0.2,
        aux_heads: bool = False,
    ) -> None:
        require_at_least_one(cells=cells, channels=channels)
        super().__init__(
            nn.Conv2d(3, 3 * channels, 3, padding=1, bias=False),
            rows_of_three_stages(NORMAL, REDUCTION, cells, channels),
            enas_cell,
            num_classes,
            aux=(f"normal_{2 * cells}", 2) if aux_heads else None,
            drop_path=drop_path,
            dropout=dropout,
            bias=False,
        )
        he_normal(self, mode="fan_in")


PAPER = Paper(
    "Efficient Neural Architecture Search via Parameter Sharing",
    "Hieu Pham, Melody Y. Guan, Barret Zoph, Quoc V. Le, Jeff Dean",
    2018,
    "ICML 2018",
    "1802.03268",
)

SPECS = (
    ModelSpec(
        key="cifar_enas_micro",
        family="nasnet",
        display_name="ENAS micro (CIFAR-10)",
        build=ENAS,
        input_shape=(3, 32, 32),
        num_classes=10,
        paper=PAPER,
        idea="All networks that a search tries share the weights of one large network, so that "
        "none is trained from scratch; these are the two cells that it found.",
        stages=(
            "conv0",
            "cells.normal_5",
            "cells.reduction_0",
            "cells.normal_11",
            "cells.reduction_1",
            "cells.normal_17",
            "fc",
        ),
        initialisation="He's normal rule, variance 2 / inputs of a unit, as in the authors' code; "
        "the linear layer normal, standard deviation 0.01",
        exact_params=4_587_372,
        exact_macs=727_702_560,
        counts_source="the paper's 4.6M, and for 5 cells in a row against a public test of the "
        "authors' code, which counts 3,894,372 parameters",
        published=published("cifar_enas_micro"),
        departures=(
            "Table 2 prints 4.6M parameters; six normal cells in a row have 4,587,372, but the "
            "script that the authors released sets five (cells=5), which have 3,894,372.",
            "The cells are read from the authors' script, not from the figure of the paper.",
            "h[i] passes two projections in a row, as in the authors' code; with one there would "
            "be 4,394,700 parameters.",
            "The auxiliary head is an option (aux_heads=True, 494,848 parameters more) and answers "
            "in training mode only; its last convolution covers the 2 × 2 map, where the authors' "
            "code pads the map and averages.",
            "An average pooling of stride 2 counts the zeros around the map; the authors' code "
            "leaves them out.",
        ),
    ),
)
