"""Fire modules with another squeeze ratio."""

from __future__ import annotations

from torch import nn

from analysis.amounts import counted
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import named
from cnn_models.families.squeezenet import Fire

RATIOS = (0.125, 0.25, 0.5, 0.75, 1.0)  # from the paper's own to the end of Figure 3(a)


def _offer(network: Network) -> Offer | None:
    if not named(network.model, Fire):
        return None
    ratios = sorted({*RATIOS, network.options["squeeze_ratio"]})
    return Offer(
        decision="fire",
        label="Squeeze ratio",
        values=tuple(map(str, ratios)),
        texts=tuple(f"{ratio:g} squeezed maps for each expanded one" for ratio in ratios),
        present=str(network.options["squeeze_ratio"]),
        sentence="The 1×1 convolution that begins each Fire module gives more maps or fewer to "
        "those that expand them. The expanded maps stay.",
    )


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    model = network.rebuilt(squeeze_ratio=float(value))
    squeezed = [fire.squeeze.out_channels for fire in named(model, Fire).values()]
    what = f"The {counted(len(squeezed), 'Fire module')} of {network.name} now squeeze to "
    return model, f"{what}{min(squeezed)} to {max(squeezed)} maps."


FIRE = Decision(
    absent="has no Fire module",
    example="squeezenet1_0",
    offer=_offer,
    change=_change,
)
