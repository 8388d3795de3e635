"""One network is traced while other sessions run and trace theirs."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import torch
from torch import nn

from analysis.structure.graph import trace


class Small(nn.Module):
    """One convolution, and what happens while its forward pass is traced."""

    def __init__(self, meanwhile) -> None:
        super().__init__()
        self.layer = nn.Conv2d(1, 1, 3)
        self.meanwhile = meanwhile

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.meanwhile()
        return self.layer(x)


def names(meanwhile) -> list[str]:
    return [op.name for op in trace(Small(meanwhile), (1, 8, 8)).operations]


def test_a_network_runs_while_another_is_traced():
    """torch.fx took the modules of all threads for those of the network that it traced."""
    shapes = []

    def run_another() -> None:
        other = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU())
        with ThreadPoolExecutor(1) as pool:
            shapes.append(pool.submit(other, torch.zeros(1, 1, 8, 8)).result().shape)

    assert names(run_another) == ["layer"]
    assert shapes
    assert set(shapes) == {(1, 2, 6, 6)}


def test_networks_are_traced_one_after_the_other():
    """Else the first to end leaves the second with an untouched nn.Module."""
    first_inside, second_inside = Event(), Event()
    met = []

    def wait_for_the_second() -> None:
        first_inside.set()
        met.append(second_inside.wait(0.2))

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(names, wait_for_the_second)
        assert first_inside.wait(10)
        second = pool.submit(names, lambda: second_inside.set())  # functions are not copied
        assert first.result() == second.result() == ["layer"]
    assert not any(met)
