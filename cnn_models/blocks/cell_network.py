"""Cells in a row, each on the outputs of the two below it, between a convolution and a classifier.

This is the frame that NASNet and ENAS share; the cells and their number are theirs.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor, nn

from cnn_models.blocks.cells import Cell, Plan
from cnn_models.blocks.drop_branch import DropBranch
from cnn_models.blocks.options import require_at_least_one, require_below_one


class Row(NamedTuple):
    """One cell of a network: its name, its plan, and the channels of its operations."""

    name: str
    plan: Plan
    channels: int


def rows_of_three_stages(normal: Plan, reduction: Plan, cells: int, channels: int) -> list[Row]:
    """Three stages of `cells` normal cells; a reduction cell between two doubles the channels.

    Raises:
        ValueError: if a stage would have less than 1 cell.
    """
    require_at_least_one(cells=cells)
    rows: list[Row] = []
    for stage in range(3):
        if stage > 0:
            rows.append(Row(f"reduction_{stage - 1}", reduction, channels * 2**stage))
        numbers = range(stage * cells, (stage + 1) * cells)
        rows += [Row(f"normal_{number}", normal, channels * 2**stage) for number in numbers]
    return rows


class AuxiliaryHead(nn.Module):
    """A classifier on the way, for training: (N, channels, H, W) to (N, num_classes).

    `side` is what a 5×5 pooling of stride 3 leaves of H and W at the image size of the paper.
    """

    def __init__(self, channels: int, side: int, num_classes: int, bias: bool) -> None:
        super().__init__()
        self.relu0 = nn.ReLU()
        self.pool = nn.AvgPool2d(5, stride=3)
        self.conv1 = nn.Conv2d(channels, 128, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(128)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(128, 768, side, bias=False)  # 1 × 1
        self.bn2 = nn.BatchNorm2d(768)
        self.relu2 = nn.ReLU()
        self.fc = nn.Linear(768, num_classes, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu1(self.bn1(self.conv1(self.pool(self.relu0(x)))))
        return self.fc(self.relu2(self.bn2(self.conv2(x))).flatten(1))


class Logits(NamedTuple):
    """What a network answers in training with its auxiliary head; each (N, num_classes).

    The loss of `aux` counts with weight 0.4.
    """

    logits: Tensor
    aux: Tensor


MakeCell = Callable[[Row, int, int, bool], Cell]  # channels of h[i], of h[i-1], whether to halve it


class CellNetwork(nn.Module):
    """(N, 3, H, W) to (N, num_classes), or to `Logits` in training with an auxiliary head.

    Args:
        conv0: the first convolution; a batch norm follows.
        rows: the cells in their order.
        make: makes a cell of a row.
        num_classes: width of the output.
        bypassed: names of cells after which the next one reads the same h[i-1] again, instead of
            what that cell read as h[i].
        aux: None, or the name of the cell that the auxiliary head follows, and the head's `side`.
        drop_path: how often the last cell drops a path for an image at the end of the training;
            cells below it do so less often, in proportion to their place.
        dropout: probability for a value to be left out before the linear layer.
        bias: whether the linear layers have biases.
        eps: what batch normalisation adds to a variance.

    Raises:
        ValueError: if `drop_path` or `dropout` is out of its range.
    """

    def __init__(
        self,
        conv0: nn.Conv2d,
        rows: list[Row],
        make: MakeCell,
        num_classes: int,
        *,
        bypassed: tuple[str, ...] = (),
        aux: tuple[str, int] | None = None,
        drop_path: float = 0.0,
        dropout: float = 0.0,
        bias: bool = True,
        eps: float = 1e-3,
    ) -> None:
        require_below_one(dropout=dropout, drop_path=drop_path)
        super().__init__()
        self.drop_path = drop_path
        self.bypassed = bypassed
        layers: dict[str, nn.Module] = {"conv": conv0, "bn": nn.BatchNorm2d(conv0.out_channels)}
        self.conv0 = nn.Sequential(OrderedDict(layers))
        cells: dict[str, Cell] = {}
        last = before = conv0.out_channels
        last_halved = before_halved = 0  # how often the map was halved on the way to each
        for row in rows:
            cell = cells[row.name] = make(row, last, before, before_halved < last_halved)
            if row.name not in bypassed:
                before, before_halved = last, last_halved
            last, last_halved = cell.outputs, last_halved + row.plan.stride - 1
        self.cells = nn.ModuleDict(cells)
        self.aux_after = aux[0] if aux else ""
        self.aux = AuxiliaryHead(cells[aux[0]].outputs, aux[1], num_classes, bias) if aux else None
        self.relu = nn.ReLU()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(last, num_classes, bias=bias)
        for norm in self.modules():
            if isinstance(norm, nn.BatchNorm2d):
                norm.eps = eps
        self.schedule_drop_path(1)

    def schedule_drop_path(self, progress: float) -> None:
        """Let paths be dropped as often as after `progress` (0 to 1) of the training.

        Raises:
            ValueError: if `progress` is out of that range.
        """
        if not 0 <= progress <= 1:
            raise ValueError(f"progress is {progress}; it goes from 0 to 1.")
        for number, cell in enumerate(self.cells.values(), start=1):
            for part in cell.modules():
                if isinstance(part, DropBranch):
                    part.survival = 1 - progress * self.drop_path * number / len(self.cells)

    def forward(self, x: Tensor) -> Tensor | Logits:
        x = before = self.conv0(x)
        aux = None
        for name, cell in self.cells.items():
            above = cell(x, before)
            x, before = above, before if name in self.bypassed else x
            if name == self.aux_after and self.training and self.aux is not None:
                aux = self.aux(x)
        logits = self.fc(self.dropout(self.avgpool(self.relu(x)).flatten(1)))
        return logits if aux is None else Logits(logits, aux)
