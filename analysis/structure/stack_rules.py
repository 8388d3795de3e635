"""Which layers are possible, and the rule that an impossible one breaks."""

from __future__ import annotations

from analysis.structure.sliding import AVERAGE_POOLING, CONVOLUTION, KINDS, Layer, State, step

MOST_LAYERS = 200
MOST_CHANNELS = 100_000
LONGEST = 10_000  # of a kernel, stride, padding or dilation, in values
WIDEST = 10**9  # of a map, a jump or a receptive field, in pixels

_SMALLEST = {"kernel": 1, "stride": 1, "dilation": 1, "padding": -LONGEST}


class Impossible(ValueError):
    """A layer that cannot be; `position` counts from 1, and `rule` is a sentence without it."""

    def __init__(self, position: int, rule: str) -> None:
        super().__init__(f"Row {position}: {rule}")
        self.position = position
        self.rule = rule


def check(layer: Layer, before: State, position: int = 1) -> None:
    """Refuse a layer that no map, or not this one, can go through.

    Raises:
        Impossible: naming the rule that is broken and what would keep it.
    """
    rule = own_rule(layer) or _rule_with(layer, before)
    if rule is None and position > MOST_LAYERS:
        rule = f"A stack has at most {MOST_LAYERS} rows here."
    if rule is not None:
        raise Impossible(position, rule)


def own_rule(layer: Layer) -> str | None:
    """The rule that a layer breaks whatever comes before it; None if it breaks none."""
    if layer.kind not in KINDS:
        return f"A layer is one of {', '.join(KINDS)}."
    for name, value in _lengths(layer):
        rule = _out_of_range(name, value, _SMALLEST[name.split()[0]], LONGEST)
        if rule:
            return rule
    if layer.kind == CONVOLUTION:
        return _out_of_range("channels", layer.channels, 1, MOST_CHANNELS) or _out_of_range(
            "groups", layer.groups, 1, MOST_CHANNELS
        )
    return _rule_of_pooling(layer)


def _lengths(layer: Layer) -> list[tuple[str, int]]:
    return [
        ("kernel", layer.kernel),
        ("stride", layer.stride),
        ("padding", layer.padding),
        ("padding after", layer.after),
        ("dilation", layer.dilation),
    ]


def _out_of_range(name: str, value: int | None, least: int, most: int) -> str | None:
    if value is None or least <= value <= most:
        return None
    verb = "are" if name.endswith("s") else "is"
    return f"{name.capitalize()} {verb} from {least:,} to {most:,}, not {value:,}."


def _rule_of_pooling(layer: Layer) -> str | None:
    if layer.channels is not None or layer.groups != 1:
        return "Pooling keeps its channels; leave channels and groups empty."
    if layer.kind == AVERAGE_POOLING and layer.dilation != 1:
        return "Average pooling has no dilation; use 1."
    if max(layer.padding, layer.after) > layer.reach // 2:
        return (
            f"The padding of a pooling is at most half its window of {layer.reach}: "
            f"{layer.reach // 2}, not {max(layer.padding, layer.after)}."
        )
    return None


def _rule_with(layer: Layer, before: State) -> str | None:
    padded = before.size + layer.padding + layer.after
    if layer.reach > padded:
        window = f"{layer.reach}" if layer.dilation == 1 else f"{layer.reach} (dilated)"
        return (
            f"The window of {window} is larger than the padded map of {max(padded, 0)}; "
            "use a smaller kernel, more padding or a larger input."
        )
    rule = _rule_of_groups(layer, before.channels)
    after = step(layer, before)
    if rule is None and max(after.size, after.jump, after.receptive_field) > WIDEST:
        rule = f"Sizes, jumps and receptive fields end at {WIDEST:,} pixels here."
    return rule


def _rule_of_groups(layer: Layer, channels_in: int) -> str | None:
    channels_out = channels_in if layer.channels is None else layer.channels
    for channels, where in ((channels_in, "in"), (channels_out, "out")):
        if channels % layer.groups:
            return f"{layer.groups} groups do not divide {channels} channels {where}."
    return None
