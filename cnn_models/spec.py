"""What is known about a network before it is built: its paper, its counts, its public weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Paper:
    """Where a network was published.

    `year` is when it was first made public, `venue` where it appeared, with that year, such as
    2015 and "CVPR 2016". `arxiv` is the bare number, such as "1512.03385".
    """

    title: str
    authors: str
    year: int
    venue: str
    arxiv: str | None = None

    @property
    def url(self) -> str | None:
        return f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else None


@dataclass(frozen=True)
class Published:
    """One number as its paper prints it. Recalled numbers have no place here.

    `quantity` is "top-1 error", "top-5 error", "parameters" or "multiply-adds"; `protocol` says
    how it was measured (crops, split), `source` where it stands (table, page or release).
    """

    quantity: str
    value: str
    protocol: str
    source: str


@dataclass(frozen=True)
class Preprocessing:
    """What the owner of a set of weights does to an image, in this order.

    The shorter side is resized to `resize` pixels, the centre `crop` × `crop` pixels are cut out,
    values are scaled to 0..1, then `mean` is subtracted and `std` divided by, channel by channel.
    """

    resize: int
    crop: int
    interpolation: str
    mean: tuple[float, ...]
    std: tuple[float, ...]


@dataclass(frozen=True)
class PublicWeights:
    """Weights that somebody else trained and publishes: either at `url` or as `hub_id`.

    `digest` is the start of the file's SHA-256 in hexadecimal and `size_mib` its size in MiB,
    None where its owner states none; `top1` and `top5` are accuracies in percent on the ILSVRC
    2012 validation set, as the owner states them. `options` are the arguments of `build` that the
    file needs, such as `aux_heads=True`.
    """

    source: str
    name: str
    url: str | None
    hub_id: str | None
    digest: str | None
    size_mib: float | None
    preprocessing: Preprocessing
    top1: float
    top5: float
    default: bool
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelSpec:
    """One network of the lectures: how to build it, and what is known without building it.

    `input_shape` is (channels, height, width). `stages` names the submodules, in order of the
    forward pass, whose outputs a probe or a diagram shows. `exact_params` counts the trainable
    parameters for `num_classes` classes without auxiliary heads and `exact_macs` the multiply-adds
    of one image; `counts_source` says what they were checked against. `initialisation` is one line:
    how the weights start, and where the paper says so. `public_version` is the key of the network
    that public weights belong to, where it is not quite this one.
    """

    key: str
    family: str
    display_name: str
    build: Callable[..., nn.Module]
    input_shape: tuple[int, int, int]
    num_classes: int
    paper: Paper
    idea: str
    stages: tuple[str, ...]
    initialisation: str
    exact_params: int
    exact_macs: int | None = None
    counts_source: str = "layer-by-layer arithmetic from the paper"
    published: tuple[Published, ...] = ()
    departures: tuple[str, ...] = ()
    weights: tuple[PublicWeights, ...] = ()
    public_version: str | None = None
