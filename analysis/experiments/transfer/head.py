"""A linear probe: the network stays as it is, and a new last layer is fitted to its features.

The layer is scikit-learn's logistic regression on standardised features. Its weights, with the
standardisation worked into them, become the last layer of the network, so that the result is one
network like any other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn

from analysis.experiments.training import TrainingError

STRENGTH = 1.0  # C of scikit-learn: the inverse of the weight of the penalty on large weights
MOST_STEPS = 1000  # of the solver


class Head(NamedTuple):
    """A linear layer for features (N, D): `weight` (classes, D) and `bias` (classes,), float32."""

    weight: Tensor
    bias: Tensor

    def scores(self, features: np.ndarray) -> np.ndarray:
        """(N, classes) before the softmax."""
        given = nn.functional.linear(torch.from_numpy(features).float(), self.weight, self.bias)
        return given.numpy()


def fitted(features: np.ndarray, labels: np.ndarray, classes: int) -> Head:
    """Fit the layer to features (N, D) with labels (N,) from 0 to `classes` - 1.

    There is no chance in it: the same features give the same layer.

    Raises:
        TrainingError: if a class has no picture among them.
    """
    if set(np.unique(labels).tolist()) != set(range(classes)) or classes < 2:
        raise TrainingError(
            f"The pictures to learn from are of {len(np.unique(labels))} of {classes} classes; "
            "at least two classes are needed, and a picture of each."
        )
    scaler = StandardScaler().fit(features.astype(np.float64))
    regression = LogisticRegression(C=STRENGTH, max_iter=MOST_STEPS)
    regression.fit(scaler.transform(features.astype(np.float64)), labels)
    weight = regression.coef_ / scaler.scale_  # (classes, D), or (1, D) for two classes
    bias = regression.intercept_ - weight @ scaler.mean_
    if classes == 2:  # one score z, of which the softmax over (-z / 2, z / 2) is the sigmoid
        weight, bias = np.concatenate([-weight, weight]) / 2, np.concatenate([-bias, bias]) / 2
    return Head(torch.from_numpy(weight).float(), torch.from_numpy(bias).float())


@torch.no_grad()
def put(model: nn.Module, name: str, head: Head) -> None:
    """Make a fitted layer the layer `name` of a network that has one of its size."""
    layer = model.get_submodule(name)
    weight, bias = layer.get_parameter("weight"), layer.get_parameter("bias")
    weight.copy_(head.weight.view_as(weight))
    bias.copy_(head.bias)
