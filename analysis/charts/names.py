"""Names of networks for charts, as short as can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def short_names(names: Sequence[str]) -> Mapping[str, str]:
    """Each name without what stands in brackets, unless another would then be the same."""
    cut = {name: name.split(" (")[0] for name in names}
    held = list(cut.values())
    return {name: text if held.count(text) == 1 else name for name, text in cut.items()}


def told_apart(names: Sequence[str]) -> list[str]:
    """The names, with a number behind each further one that is the same."""
    return [
        f"{name} ({before + 1})" if (before := list(names[:at]).count(name)) else name
        for at, name in enumerate(names)
    ]
