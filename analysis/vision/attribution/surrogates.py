"""A linear model of the network around one picture: pieces are shown or covered at random.

Captum draws what it covers from torch's generator, which all threads share, and its data loader
draws from it too. So the coalitions come from a generator of their own, and the model is fitted
in one step of linear algebra.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import exp, sqrt
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from analysis.vision.attribution.attribution_map import AttributionMap
from analysis.vision.attribution.method import Question
from analysis.vision.attribution.pieces import cut

_WIDTH = 0.25  # of LIME's kernel, and its ridge, as its authors' code for images has them
_RIDGE = 1.0


def lime(network: nn.Module, asked: Question) -> AttributionMap:
    """What each piece gives to the score, by ridge regression on pictures close to this one."""
    from captum.attr import Lime

    model: Any = _LeastSquares(_RIDGE)  # Captum's own class comes with its training loop
    method = Lime(
        asked.counted(network, asked.options.samples),
        interpretable_model=model,
        similarity_func=_near,
        perturb_func=_halves(asked.options.seed),
    )
    worth, numbers = _fitted(method, asked)
    return AttributionMap(worth[numbers], "lime", signed=True)


def kernel_shap(network: nn.Module, asked: Question) -> AttributionMap:
    """Each piece's Shapley value, estimated, in equal shares on its pixels."""
    from captum.attr import KernelShap

    method: Any = KernelShap(asked.counted(network, asked.options.samples))
    method.interpretable_model = _LeastSquares(0.0)
    method.perturb_func = _coalitions(asked.options.seed)
    worth, numbers = _fitted(method, asked)
    values = (worth / np.bincount(numbers.ravel()))[numbers]
    with torch.no_grad():
        ends = asked.score(network)(torch.cat([asked.image, asked.baseline()]))
    delta = float(worth.sum()) - float(ends[0] - ends[1])
    return AttributionMap(values.astype(np.float32), "kernel_shap", signed=True, delta=delta)


def _fitted(method: Any, asked: Question) -> tuple[np.ndarray, np.ndarray]:
    """The worth of each piece, and the number of each pixel's piece (H, W)."""
    options, image = asked.options, asked.image.detach()
    numbers = cut(image[0].cpu().numpy(), options.pieces, options.superpixels)
    if numbers.max() == 0:
        raise ValueError("This picture is a single piece; the method needs 2 or more to compare.")
    with torch.inference_mode():
        worth = method.attribute(
            image,
            baselines=asked.baseline(),
            feature_mask=torch.from_numpy(numbers).to(image.device)[None, None],
            n_samples=options.samples,
            perturbations_per_eval=options.batch,
            return_input_shape=False,
        )
    return worth.flatten().float().cpu().numpy(), numbers


class _LeastSquares:
    """score ≈ constant + Σ worth · shown, weighted, as Captum wants its models to look."""

    def __init__(self, ridge: float) -> None:
        self._ridge = ridge

    def fit(self, loader: Any) -> None:
        shown, scores, weights = (part.double().cpu().numpy() for part in loader.dataset.tensors)
        root = np.sqrt(weights)[:, None]
        centred = shown - np.average(shown, axis=0, weights=weights)
        scores = scores - np.average(scores, weights=weights)
        left = np.concatenate([root * centred, sqrt(self._ridge) * np.eye(shown.shape[1])])
        right = np.concatenate([root[:, 0] * scores, np.zeros(shown.shape[1])])
        self._worth = np.linalg.lstsq(left, right, rcond=None)[0]

    def representation(self) -> Tensor:
        return torch.from_numpy(self._worth)


def _near(_image: Tensor, _covered: Tensor, shown: Tensor, **_: Any) -> float:
    """LIME's weight: how near a picture is to the whole one, by the cosine of what is shown."""
    distance = 1 - sqrt(float(shown.float().mean()))
    return sqrt(exp(-((distance / _WIDTH) ** 2)))


def _halves(seed: int) -> Callable[..., Iterator[Tensor]]:
    def draw(image: Tensor, num_interp_features: int, **_: Any) -> Iterator[Tensor]:
        drawing = torch.Generator().manual_seed(seed)
        yield torch.ones(1, num_interp_features, dtype=torch.long, device=image.device)
        while True:
            shown = torch.randint(2, (1, num_interp_features), generator=drawing)
            yield shown.to(image.device)

    return draw


def _coalitions(seed: int) -> Callable[..., Iterator[Tensor]]:
    """All pieces, none, then by the Shapley kernel, each followed by its opposite."""

    def draw(image: Tensor, num_interp_features: int, **_: Any) -> Iterator[Tensor]:
        count, drawing = num_interp_features, torch.Generator().manual_seed(seed)
        yield torch.ones(1, count, dtype=torch.long, device=image.device)
        yield torch.zeros(1, count, dtype=torch.long, device=image.device)
        sizes = torch.arange(1, count)
        chances = 1 / (sizes * (count - sizes))
        while True:
            size = 1 + int(torch.multinomial(chances, 1, generator=drawing))
            shown = (torch.randperm(count, generator=drawing) < size).long()[None].to(image.device)
            yield shown
            yield 1 - shown

    return draw
