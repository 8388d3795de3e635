"""Counting right answers as blocks go, on a network whose answers are planted."""

import pytest
import torch
from torch import Tensor, nn

from analysis.vision.paths import judged, lesions
from analysis.vision.paths.block import Block
from analysis.vision.paths.judged import Pictures
from analysis.vision.voices import voice


class Adds(nn.Module):
    """Three residual blocks, each of which adds 1 to one of three scores."""

    def __init__(self) -> None:
        super().__init__()
        linear = [nn.Linear(3, 3) for _ in range(3)]
        self.blocks = nn.ModuleList(linear)
        for number, block in enumerate(linear):
            nn.init.zeros_(block.weight)
            with torch.no_grad():
                block.bias.copy_(torch.eye(3)[number])

    def forward(self, x: Tensor) -> Tensor:
        for block in self.blocks:
            x = x + block(x)
        return x


BLOCKS = [Block(f"blocks.{n}", (f"blocks.{n}",), "the identity", residual=True) for n in range(3)]
# Each row leads by half a point for class 1, so that a class which loses its block loses.
SEEN = Pictures(torch.tensor([[0.5, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.5]]), torch.arange(3))


def test_each_block_is_missed_by_its_own_class() -> None:
    found = lesions.fall(Adds(), BLOCKS, SEEN)
    assert found.whole == 1
    assert found.alone == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert found.removed == (0, 1, 2, 3)
    assert found.random[0] == (1,) * lesions.ORDERS
    assert found.random[1] == found.alone
    # Without two blocks the third one's class beats the other two pictures' lead of half a point.
    assert found.random[2] == pytest.approx((1 / 3,) * lesions.ORDERS)
    assert found.random[3] == (1,) * lesions.ORDERS
    assert found.pictures == 3


def test_seeds_decide_the_orders() -> None:
    assert lesions._orders(9, 0) == lesions._orders(9, 0)
    assert lesions._orders(9, 0) != lesions._orders(9, 1)
    assert all(sorted(order) == list(range(9)) for order in lesions._orders(9, 3))


def test_many_blocks_go_in_few_steps() -> None:
    numbers = lesions._numbers(54)
    assert (numbers[0], numbers[-1], len(numbers)) == (0, 54, lesions.PATIENCE + 1)


def test_report_counts_to_the_end_and_may_stop_the_work() -> None:
    steps: list[tuple[int, int]] = []
    lesions.fall(Adds(), BLOCKS, SEEN, 0, lambda done, total: steps.append((done, total)))
    assert steps[0][0] == 0
    assert steps[-1][0] == steps[-1][1]

    def stop(done: int, _: int) -> None:
        if done == 2:
            raise InterruptedError

    model = Adds()
    with pytest.raises(InterruptedError):
        lesions.fall(model, BLOCKS, SEEN, 0, stop)
    assert not any(module._forward_hooks for module in model.modules())


def test_no_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="no block"):
        lesions.fall(Adds(), [], SEEN)


def test_notice_quotes_the_measurement() -> None:
    found = lesions.Fall(
        blocks=("a", "b"),
        whole=1.0,
        alone=(0.9, 0.5),
        removed=(0, 1, 2),
        random=((1.0, 1.0), (0.9, 0.5), (0.1, 0.1)),
        pictures=100,
        seed=7,
    )
    said = lesions.notice("Net", found)
    assert "100.0% right with all blocks and 70.0% on average without one" in said
    assert "it misses `b` most (50.0%)" in said
    assert "Without 1 of its 2 blocks 70.0% are left on average" in said
    protocol = lesions.protocol(found)
    assert "first 100 test pictures" in protocol
    assert "seed 7" in protocol


def test_pictures_are_those_of_the_card_and_only_for_shapes() -> None:
    seen = judged.pictures(voice("cifar_resnet20"), 20)
    assert seen.inputs.shape == (20, 3, 32, 32)
    assert seen.labels.tolist() == [*range(10), *range(10)]
    with pytest.raises(ValueError, match="learned Shapes"):
        judged.pictures(voice("lenet5_modern"), 20)
    with pytest.raises(ValueError, match="at least 1"):
        judged.pictures(voice("cifar_resnet20"), 0)
