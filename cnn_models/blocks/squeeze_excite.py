"""The gate of SENet inside a block of another family, with that family's functions."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn


class SqueezeExcite(nn.Module):
    """(N, channels, H, W) to the same shape, each channel scaled by 0 to 1 for each image.

    `squeezed` is the number of values between the two small layers, which are 1×1 convolutions.
    """

    def __init__(
        self,
        channels: int,
        squeezed: int,
        activation: Callable[[], nn.Module] = nn.ReLU,
        gate: Callable[[], nn.Module] = nn.Sigmoid,
    ) -> None:
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool2d(1)  # (N, channels, 1, 1)
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.act = activation()
        self.fc2 = nn.Conv2d(squeezed, channels, 1)
        self.gate = gate()

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gate(self.fc2(self.act(self.fc1(self.squeeze(x)))))
