"""GoogLeNet's auxiliary heads at other image sizes than the paper's."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import cnn_models
from cnn_models.families.googlenet import Logits


def with_heads(key: str) -> nn.Module:
    with torch.device("meta"):
        return cnn_models.build(key, aux_heads=True)


def images(side: int) -> Tensor:
    return torch.empty(2, 3, side, side, device="meta")


@pytest.mark.parametrize("side", [223, 270])
def test_the_papers_heads_learn_from_images_that_pool_to_4x4(side: int) -> None:
    assert isinstance(with_heads("googlenet")(images(side)), Logits)


@pytest.mark.parametrize("side", [64, 222, 271])
def test_the_papers_heads_refuse_others_while_they_train(side: int) -> None:
    network = with_heads("googlenet")
    message = rf"{side} × {side}; GoogLeNet takes sides from 223 to 270 pixels in training mode\.$"
    with pytest.raises(ValueError, match=message):
        network(images(side))
    assert network.eval()(images(side)).shape == (2, 1000)
    network.train()._forward_pre_hooks.clear()
    with pytest.raises(RuntimeError):
        network(images(side))


@pytest.mark.parametrize("side", [15, 64, 299])
def test_torchvisions_heads_pool_adaptively_and_take_every_size(side: int) -> None:
    assert isinstance(with_heads("googlenet_bn")(images(side)), Logits)


@pytest.mark.parametrize("side", [64, 300])
def test_without_heads_training_takes_every_size(side: int) -> None:
    with torch.device("meta"):
        network = cnn_models.build("googlenet")
    assert network(images(side)).shape == (2, 1000)
