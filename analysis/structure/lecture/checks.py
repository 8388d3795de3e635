"""Every claim with its verdict: which checker answers it, and what the answers come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.structure.lecture import (
    blocks,
    counts,
    experiments,
    formulas,
    gates,
    published,
    shapes,
)
from analysis.structure.lecture.claims import Claim
from analysis.structure.lecture.findings import Finding, Link, Trace
from analysis.structure.lecture.sentences import reason, shown
from analysis.structure.lecture.verdict import Judged, Verdict, judge

_MOST_SENTENCES = 2  # on a claim that simply holds

CHECKERS: dict[str, Callable[[Claim, Trace], Finding]] = {
    "layer sequence": shapes.layer_sequence,
    "windows": shapes.windows,
    "filters": shapes.filters,
    "output": shapes.output,
    "output of a norm": shapes.output_of_a_norm,
    "row of the VGG-16 table": shapes.row_of_vgg16,
    "row of the GoogLeNet table": shapes.row_of_googlenet,
    "branches": shapes.branches,
    "parameters": counts.parameters,
    "parameters of GoogLeNet": counts.parameters_of_googlenet,
    "operations of GoogLeNet": counts.operations_of_googlenet,
    "multiply-adds and parameters": counts.multiply_adds_and_parameters,
    "multiply-adds of ResNet": counts.multiply_adds_of_resnet,
    "times fewer parameters": counts.times_fewer_parameters,
    "weight layers": counts.weight_layers,
    "layers with pooling": counts.layers_with_pooling,
    "building blocks": counts.building_blocks,
    "blocks in each stage": counts.blocks_in_each_stage,
    "layers in each dense block": counts.blocks_in_each_stage,
    "kinds of layers": counts.kinds_of_layers,
    "memory of one image": counts.memory_of_one_image,
    "where it is spent": counts.where_it_is_spent,
    "cost with a gate": gates.cost_with_a_gate,
    "small cost with a gate": gates.small_cost_with_a_gate,
    "base architecture": gates.base_architecture,
    "field of a stack": blocks.field_of_a_stack,
    "weights of a stack": blocks.weights_of_a_stack,
    "inception output": blocks.inception_output,
    "naive inception": blocks.naive_inception,
    "bottlenecked inception": blocks.bottlenecked_inception,
    "separable": blocks.separable,
    "printed": published.printed,
    "challenge": published.challenge,
    "printed in an earlier version": published.printed_in_an_earlier_version,
    "margin": published.margin,
    "fewer errors": published.fewer_errors,
    "compressed size": published.compressed_size,
    "crops": formulas.crops,
    "views": formulas.views,
    "sampled variance": formulas.sampled_variance,
    "variance in ResNet": formulas.variance_in_resnet,
    "squeeze": formulas.squeeze,
    "excitation": formulas.excitation,
    "dense connectivity": formulas.dense_connectivity,
    "block of zeros": experiments.block_of_zeros,
    "zero initialisation": experiments.zero_initialisation,
    "deeper is worse": experiments.deeper_is_worse,
    "deeper is better": experiments.deeper_is_better,
    "search loop": experiments.search_loop,
}


@dataclass(frozen=True)
class Check:
    """A claim, what is computed for it, and what becomes of it.

    The verdict is that of the part that holds worst; `reason` speaks of the parts that need it.
    """

    claim: Claim
    computed: str
    verdict: Verdict
    reason: str
    parts: tuple[Judged, ...]
    where: Link | None


def check(claim: Claim, trace: Trace) -> Check:
    """Recompute one claim; `trace` gives the graph of a network by its key.

    Raises:
        KeyError: if no checker answers what the claim is about.
    """
    finding = CHECKERS[claim.quantity](claim, trace)
    parts = tuple(judge(answer) for answer in finding.answers)
    worst = max((part.verdict for part in parts), key=lambda verdict: verdict.rank)
    computed = "; ".join(_computed(part) for part in parts)
    return Check(claim, computed, worst, _reasons(parts, worst), parts, finding.where)


def _reasons(parts: Sequence[Judged], worst: Verdict) -> str:
    """Sentences on the parts that do not simply hold, the worst first; on all where all hold."""
    if worst is Verdict.HOLDS and len(parts) > _MOST_SENTENCES:
        return f"All {len(parts)} of its numbers are the same, to the digit."
    least = min(worst.rank, Verdict.READING.rank)
    ranked = sorted(parts, key=lambda part: -part.verdict.rank)
    told: dict[object, str] = {}
    for part in ranked:
        if part.verdict.rank >= least:  # what one reading explains is explained once
            told.setdefault((part.verdict, part.reading), reason(part))
    return " ".join(dict.fromkeys(told.values()))


def _computed(judged: Judged) -> str:
    """The value under the nearest reading."""
    return shown(judged.answer.readings[0]) if judged.answer.readings else "–"
