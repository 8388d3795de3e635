"""Memory of small networks, added up by hand, in float32."""

from collections.abc import Callable

from torch import Tensor, nn

from analysis.structure import alive
from analysis.structure.graph import trace

MAP = 4 * 8 * 8  # values of one map of the networks below


class Shortcut(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(4, 4, 3, padding=1)
        self.second = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(self.first(x))


def test_a_chain_holds_what_goes_in_and_what_comes_out() -> None:
    chain = nn.Sequential(*(nn.Conv2d(4, 4, 3, padding=1) for _ in range(5)))
    assert alive.peak_bytes(trace(chain, (4, 8, 8))) == 4 * 2 * MAP


def test_a_shortcut_keeps_its_map_alive() -> None:
    # while the second convolution writes: x, its input and its output
    assert alive.peak_bytes(trace(Shortcut(), (4, 8, 8))) == 4 * 3 * MAP


def test_work_in_place_and_views_take_nothing_and_keep_what_they_look_at() -> None:
    model = nn.Sequential(
        nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(MAP, 1000)
    )
    assert alive.peak_bytes(trace(model, (4, 8, 8))) == 4 * max(2 * MAP, MAP + 1000)


def test_vgg_needs_most_between_its_first_two_convolutions(traced: Callable) -> None:
    # input of the second 224 × 224 × 64 convolution and its output
    assert alive.peak_bytes(traced("vgg16")) == 4 * 2 * 64 * 224 * 224
