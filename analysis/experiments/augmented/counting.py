"""How many pictures an augmentation makes of one, from the sizes alone, with the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from analysis.experiments import augment

_LEARNED = 32  # pixels of a side of a CIFAR image


@dataclass(frozen=True)
class Sizes:
    """Windows of `window` pixels out of a picture of `whole` with a `margin` on each side."""

    label: str
    whole: int
    margin: int
    window: int
    source: str

    @property
    def frame(self) -> int:
        """Side of the picture with its margin."""
        return self.whole + 2 * self.margin

    @property
    def places(self) -> int:
        """At how many places a window fits, along one side."""
        return self.frame - self.window + 1


SIZES: dict[str, Sizes] = {
    "imagenet": Sizes(
        "224 of 256", 256, 0, 224, "Krizhevsky, Sutskever and Hinton (2012), section 4.1"
    ),
    "cifar": Sizes(
        "32 of 40",
        _LEARNED,
        augment.margin(_LEARNED),
        _LEARNED,
        "He, Zhang, Ren and Sun (2016), section 4.2",
    ),
}


class Count(NamedTuple):
    """So many pictures, and the sum that gives them; `number` is None where there is no end."""

    number: int | None
    arithmetic: str


CORNERS = 4


def flips() -> Count:
    """A picture and its mirror image."""
    return Count(2, "1 × 2")


def crops(sizes: Sizes) -> Count:
    """Every window, and the mirror image of each."""
    places = sizes.places
    return Count(2 * places**2, f"{places} × {places} × 2")


def ten() -> Count:
    """Four corners and the centre, and the mirror image of each."""
    return Count((CORNERS + 1) * 2, f"({CORNERS} + 1) × 2")


def holes(sizes: Sizes) -> Count:
    """The centre of the hole can be any pixel of the window, and no two give the same hole."""
    return Count(sizes.window**2, f"{sizes.window} × {sizes.window}")


def colours() -> Count:
    """Real numbers are drawn, so there is nothing to count."""
    return Count(None, "3 random numbers")


def together(sizes: Sizes) -> Count:
    """Each window, mirrored or not, with each hole, and each in any light."""
    return Count(None, f"{crops(sizes).arithmetic} × {sizes.window}² × any light")
