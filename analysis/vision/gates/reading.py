"""What goes into the gates of a network and what they answer, for a batch of images.

z is the squeezed value of a channel, its mean over the map; s, from 0 to 1, is what the channel is
multiplied with (Hu et al., CVPR 2018, equations 2 and 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from analysis.progress import Report, silent
from analysis.vision.batches import batches
from analysis.vision.device import device_of
from analysis.vision.gates.places import Gate, NoGates, find, gates_of
from analysis.vision.probe import Shared, probe


@dataclass(frozen=True, eq=False)
class Reading:
    """One gate for N images: `squeezed` is z and `scale` is s, both (N, channels) float32."""

    gate: Gate
    squeezed: np.ndarray
    scale: np.ndarray


def read(model: nn.Module | Shared, images: Tensor, report: Report = silent) -> tuple[Reading, ...]:
    """Read all gates for images (N, C, H, W), normalised as the weights want them.

    Raises:
        NoGates: if the network has none.
        ValueError: if there is no image, or a value is not finite.
    """
    if images.ndim != 4 or not len(images):
        raise ValueError(f"Gates are read for images (N, C, H, W), not {tuple(images.shape)}.")
    with probe(model) as network, torch.no_grad():
        gates, parts = gates_of(network), find(network)
        if not gates:
            raise NoGates(f"This {type(network).__name__}")
        heard: dict[tuple[str, str], list[np.ndarray]] = {}
        for name, part in parts.items():
            part.squeeze.register_forward_hook(_into(heard.setdefault((name, "z"), [])))
            part.excite.register_forward_hook(_into(heard.setdefault((name, "s"), [])))
        where, done = device_of(network), 0
        for batch in batches(images):
            report(done, len(images))
            network(batch.to(where))
            done += len(batch)
        report(done, len(images))
    return tuple(
        Reading(gate, _joined(heard[gate.name, "z"]), _joined(heard[gate.name, "s"]))
        for gate in gates
    )


def _into(heard: list[np.ndarray]) -> Callable[[nn.Module, object, Tensor], None]:
    """A hook that keeps (N, channels) of what a module gives."""

    def hook(_: nn.Module, __: object, output: Tensor) -> None:
        heard.append(output.detach().flatten(1).float().cpu().numpy())

    return hook


def _joined(parts: list[np.ndarray]) -> np.ndarray:
    values = np.concatenate(parts)
    if not np.isfinite(values).all():
        raise ValueError(
            "A gate gets or gives a number that is not finite; the weights or the input are broken."
        )
    return values
