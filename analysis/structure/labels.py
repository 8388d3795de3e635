"""Short names for boxes in a diagram."""

from __future__ import annotations

from analysis.structure.operations import Operation

# Names of functions, whose kinds say the same in plain words.
_FUNCTIONS = frozenset(("truediv", "chunk", "permute", "getitem"))


def label_of_operation(op: Operation) -> str:
    """Such as "conv1: 7×7 convolution, stride 2"; the bare kind where the name adds nothing."""
    own = op.name.rsplit(".", 1)[-1].split("#")[0]  # "add#2" is the second addition
    what = op.kind
    if op.kernel is not None:
        what = f"{'×'.join(str(side) for side in op.kernel)} {what}"
    if op.stride is not None and max(op.stride) > 1:
        what += f", stride {'×'.join(str(s) for s in dict.fromkeys(op.stride))}"
    if op.groups > 1:
        what += f", {op.groups} groups"
    adds_nothing = own.isdigit() or own in _FUNCTIONS or own[:3].lower() in op.kind.lower()
    return what if adds_nothing else f"{own}: {what}"


def label_of_group(name: str) -> str:
    """The last two parts of a module's path: "layer1.0"."""
    return ".".join(name.split(".")[-2:])
