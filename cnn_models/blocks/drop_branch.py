"""Stochastic depth image by image: while training, some images skip the branch of a block."""

from __future__ import annotations

from torch import Tensor, nn


class DropBranch(nn.Module):
    """What a residual branch (N, …) adds: with probability `survival` an image keeps it.

    The rest get zeros, and what is kept is divided by `survival`, so that the mean stays; in
    evaluation the branch passes as it is. Huang et al. (ECCV 2016) drew once for a whole batch
    and scaled in evaluation; drawing for each image is what EfficientNet and ConvNeXt do.
    """

    def __init__(self, survival: float) -> None:
        super().__init__()
        self.survival = survival

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.survival == 1:
            return x
        kept = x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(self.survival)
        return x * (kept / self.survival)  # (N, 1, 1, 1) beside (N, C, H, W)

    def extra_repr(self) -> str:
        return f"survival={self.survival:g}"
