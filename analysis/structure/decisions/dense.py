"""Dense blocks with another growth rate, and without bottlenecks or compression."""

from __future__ import annotations

from typing import Any

from torch import nn

from analysis.amounts import counted, listed
from analysis.structure.decisions.change import Offer, Value
from analysis.structure.decisions.decision import Decision, Network
from analysis.structure.decisions.surgery import named
from cnn_models.families.densenet import BOTTLENECK, COMPRESSION, DenseLayer, Transition

GROWTH_RATES = (12, 16, 24, 32, 40, 48)
# What each value sets, where it is no growth rate.
_OPTIONS: dict[Value, dict[str, Any]] = {
    "neither": {"bottleneck": None, "compression": 1.0},
    "bottleneck": {"bottleneck": BOTTLENECK, "compression": 1.0},
    "compression": {"bottleneck": None, "compression": COMPRESSION},
    "both": {"bottleneck": BOTTLENECK, "compression": COMPRESSION},
}
_TEXTS: dict[Value, str] = {
    "neither": "neither bottlenecks nor compression",
    "bottleneck": "bottlenecks, no compression",
    "compression": "compression, no bottlenecks",
    "both": "bottlenecks and compression",
}


def _offer(network: Network) -> Offer | None:
    if not named(network.model, DenseLayer):
        return None
    growth = network.options["growth"]
    now = {name: network.options[name] for name in ("bottleneck", "compression")}
    others = [value for value, options in _OPTIONS.items() if options != now]
    values = (*sorted({*GROWTH_RATES, growth}), *others)
    built = next((text for value, text in _TEXTS.items() if _OPTIONS[value] == now), "")
    return Offer(
        decision="dense",
        label="Dense blocks",
        values=values,
        texts=tuple(_TEXTS.get(value, f"growth rate {value}") for value in values),
        present=growth,
        sentence=f"Each layer adds k maps instead of {growth}, or bottlenecks and compression come "
        f"or go at the growth rate of {growth}; now there are {built}. The number of layers stays.",
        telling=("neither", "both"),
    )


def _change(network: Network, value: Value) -> tuple[nn.Module, str]:
    model = network.rebuilt(**_OPTIONS.get(value, {"growth": value}))
    layers = counted(len(named(model, DenseLayer)), "dense layer")
    kept = [layer.conv.out_channels for layer in named(model, Transition).values()]
    done = f"with {_TEXTS[value]}" if value in _TEXTS else f"that add {value} maps each"
    what = f"{network.name} was built anew, {layers} {done}"
    channels = f"; its transitions keep {listed(f'{n:,}' for n in kept)} channels" if kept else ""
    return model, f"{what}{channels}."


DENSE = Decision(
    absent="has no dense block",
    example="densenet121",
    offer=_offer,
    change=_change,
)
