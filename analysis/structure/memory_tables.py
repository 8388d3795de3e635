"""Tables and sentences on the memory of a network."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.amounts import memory, percent
from analysis.structure.liveness import Moment
from analysis.structure.saved_tensors import WHY, Kept
from analysis.structure.training_memory import Part, total

SUMS_RULE = (
    "The bytes are those of one number: 4 in float32, 2 in 16 bit. The state is the numbers that "
    "the optimiser keeps for each weight, as it does in one step of PyTorch. In training all that "
    "backward needs is kept; in inference only what is alive at once counts, if each map is freed "
    "after its last use. Mixed precision keeps weights, gradients and state in float32 and works "
    "on 16-bit copies."
)
KEPT_RULE = (
    "Measured, not estimated: on tensors without memory, PyTorch tells a hook of each tensor that "
    "it keeps for the backward pass. A tensor that two layers keep is counted once, for the first. "
    "So a convolution adds nothing where its input is the output of a ReLU, which is kept already. "
    "On a GPU, dropout keeps a smaller mask than here."
)


def sums(training: Sequence[Part], inference: Sequence[Part]) -> pd.DataFrame:
    """One row a part. Columns: "for", "part", "rule", "numbers", "bytes" (int64), "memory"."""
    rows = []
    for what, parts in (("training", training), ("inference", inference)):
        rows += [_row(what, part.name, part.rule, part.numbers, part.bytes) for part in parts]
        numbers = " + ".join(memory(part.bytes) for part in parts)
        rows.append(_row(what, "Sum", "all parts", numbers, total(parts)))
    return pd.DataFrame(rows)


def _row(what: str, part: str, rule: str, numbers: str, size: int) -> dict[str, object]:
    return {
        "for": what,
        "part": part,
        "rule": rule,
        "numbers": numbers,
        "bytes": size,
        "memory": memory(size),
    }


def kept(rows: Sequence[Kept]) -> pd.DataFrame:
    """One row a kind. Columns: "kind", "keeps", "for each image", "once" (int64, bytes)."""
    table = [
        {
            "kind": row.kind,
            "keeps": WHY.get(row.kind, "what the gradient of this step needs"),
            "for each image": row.each,
            "once": row.fixed,
        }
        for row in rows
        if row.each or row.fixed
    ]
    return pd.DataFrame(table, columns=["kind", "keeps", "for each image", "once"])


def held(worst: Moment, peak: int) -> str:
    """At which operation most is alive, and what the Python code really holds, in sentences."""
    holders = ", ".join(f"`{name}`" for name in worst.holders)
    return (
        f"In inference most is alive while `{worst.operation}` runs: the image and what {holders} "
        f"wrote, {worst.values:,} values for each image. PyTorch, run line by line, holds "
        f"{memory(peak)} at its worst moment, weights included: the Python code keeps the input of "
        "a block until the block is done, and a layer may need room for steps of its own."
    )


def stepped(peak: int, estimate: int) -> str:
    """How the peak of a followed step compares with the sum, in sentences."""
    apart = percent(abs(peak / estimate - 1))
    than = f"{apart} {'more' if peak > estimate else 'less'} than" if apart != "0.0%" else "just"
    return (
        f"At its worst moment the step holds {memory(peak)}, {than} the sum above. The gradients "
        "come while the kept activations go, which saves memory; the optimiser makes temporary "
        "tensors, which takes some. The workspace of a GPU's convolutions is in neither number."
    )
