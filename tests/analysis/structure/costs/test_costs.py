"""Sums of design decisions: by hand, against the networks of the papers, and with any sizes."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.structure.costs import (
    COSTS,
    DECISIONS,
    BadSizes,
    Bottleneck,
    Cardinality,
    Decision,
    DenseBlock,
    Fire,
    Head,
    Inception,
    Separable,
    Shuffle,
    Side,
    SqueezeExcite,
    saving,
)
from analysis.structure.costs.readings import near_misses
from analysis.structure.graph import Graph

# The block as the paper's network has it, and the part of the network where it stands.
BUILT = {
    # GoogLeNet's Table 1: 3a, 4a and 5b
    "inception 3a": (
        Inception(28, 192, 64, 128, 32, 96, 16, 32).after(),
        "googlenet",
        ("inception3a",),
    ),
    "inception 4a": (
        Inception(14, 480, 192, 208, 48, 96, 16, 64).after(),
        "googlenet",
        ("inception4a",),
    ),
    "inception 5b": (
        Inception(7, 832, 384, 384, 128, 192, 48, 128).after(),
        "googlenet",
        ("inception5b",),
    ),
    "bottleneck": (Bottleneck(256, 64, 56).after(), "resnet50", ("layer1.1",)),
    "basic block": (Bottleneck(128, 32, 28).before(), "resnet34", ("layer2.1",)),
    "32 x 4d": (Cardinality(32, 256, 64, 56).after(), "resnext50_32x4d", ("layer1.1",)),
    "separable": (Separable(512, 512, 3, 14).after(), "mobilenet_v1", ("stage4.1",)),
    "fire2": (Fire(0.125, 0.5, 96, 128, 54).after(), "squeezenet1_0", ("fire2",)),
    "shuffle unit": (Shuffle(3, 240, 60, 28).after(), "shufflenet_v1_g3", ("stage2.1",)),
    "gate": (SqueezeExcite(16, 256, 64, 56).after(), "se_resnet50", ("layer1.1",)),
    "dense block 3": (
        DenseBlock(32, 24, 256, 4, 0.5, 14).after(),
        "densenet121",
        ("denseblock3", "transition3"),
    ),
    "head": (Head(512, 7, 4096, 1000).before(), "vgg16", ("classifier",)),
}


def weights_and_macs(graph: Graph, parts: tuple[str, ...]) -> tuple[int, int]:
    """Weights without biases and norms, and multiply-adds, of the operations below `parts`."""
    inside = [op for op in graph.operations if op.name.startswith(tuple(f"{p}." for p in parts))]
    kernels = (shape for op in inside for shape in op.param_shapes if len(shape) > 1)
    return sum(map(prod, kernels)), sum(op.macs for op in inside)


@pytest.mark.parametrize("name", BUILT)
def test_the_sum_is_what_the_papers_network_has(name: str, traced: Callable[[str], Graph]) -> None:
    side, key, parts = BUILT[name]
    assert (side.params, side.macs) == weights_and_macs(traced(key), parts)


def test_the_lectures_inception_module() -> None:
    naive, narrow = Inception().before(), Inception().after()
    assert [term.macs for term in naive.terms] == [25_690_112, 346_816_512, 481_689_600, 0]
    assert naive.macs == 854_196_224
    assert naive.output_shape == (672, 28, 28)
    assert naive.values == 526_848
    assert narrow.macs == 271_351_808
    assert narrow.output_shape == (480, 28, 28)
    assert "**3.15 times fewer**" in saving(naive, narrow, "macs")


def test_the_lectures_separable_convolution() -> None:
    case = Separable()
    assert case.before().params == 81
    assert [term.params for term in case.after().terms] == [27, 9]
    assert case.formulas()[0].value == f"{1 / 3 + 1 / 9:.4g}"


def test_what_the_papers_print() -> None:
    assert Cardinality().after().params == 32 * (256 * 4 + 9 * 4 * 4 + 4 * 256)
    assert all(note.reading == "It holds." for note in Cardinality.deck_notes())
    assert [term.params for term in Head().before().terms] == [102_760_448, 16_777_216, 4_096_000]
    # two 3 x 3 on 256 channels, and 2 x 256 x 64 + 9 x 64 x 64
    assert (Bottleneck().before().params, Bottleneck().after().params) == (1_179_648, 69_632)
    # ShuffleNet, Section 3.2: 2cm + 9m^2, 2cm/g + 9m, 2cm + 9m^2/g
    assert [side.params for side in Shuffle().sides()] == [61_200, 10_140, 39_600]


def test_a_transition_keeps_whole_maps_and_none_is_lost_to_rounding() -> None:
    # 176 + 4 = 180 maps: 0.7 of them are 126, and in floating point 0.7 * 180 is a bit less
    assert DenseBlock(4, 1, 176, theta=0.7).after().output_shape[0] == 126
    assert DenseBlock(8, 1, 8, theta=0.3).after().output_shape[0] == 4  # of 16: 4.8


@pytest.mark.parametrize(
    ("printed", "side", "quantity", "said"),
    [
        ("854M", Inception().before(), "macs", "It holds, rounded."),
        ("845M", Inception().before(), "macs", "two of its digits are exchanged"),
        ("529k", Inception().before(), "values", "28 × 28 × 675 = 529,200"),
        (
            "358M",
            Inception().after(),
            "macs",
            "64 → 192 with 86,704,128: that sum is 358,055,936",
        ),
        ("271M", Inception().after(), "macs", "It holds, rounded."),
        ("700M", Inception().after(), "macs", "No single slip"),
    ],
)
def test_how_a_printed_number_can_have_come_about(
    printed: str, side: Side, quantity: str, said: str
) -> None:
    assert said in near_misses(printed, side, quantity)


def test_a_text_without_a_number_has_no_reading() -> None:
    with pytest.raises(ValueError, match="no number in it"):
        near_misses("many", Inception().before(), "macs")


def sizes(decision: type[Decision]) -> st.SearchStrategy[dict[str, float]]:
    def of(values: range | tuple[float, ...]) -> st.SearchStrategy[float]:
        if isinstance(values, range):
            return st.integers(values[0], values[-1])
        return st.sampled_from(values)

    return st.fixed_dictionaries({s.name: of(s.values) for s in decision.settings()})


def worked_out(numbers: str) -> Fraction:
    """The value of a sum that is written with ×, + and /."""
    assert re.fullmatch(r"[\d ×+/().−⌊⌋,]+", numbers), numbers
    text = numbers.replace("×", "*").replace("−", "-").replace(",", "")
    text = re.sub(r"⌊(\d+) / (\d+)⌋", r"(\1 // \2)", text)
    text = re.sub(r"\d+\.?\d*", lambda found: f"Fraction('{found[0]}')", text)
    return Fraction(eval(text, {"Fraction": Fraction}))  # noqa: S307 - digits and signs only


@pytest.mark.parametrize("name", DECISIONS)
@given(data=st.data())
def test_numbers_put_in_come_to_the_amount(name: str, data: st.DataObject) -> None:
    given_sizes = data.draw(sizes(DECISIONS[name]))
    try:
        decision = DECISIONS[name](**given_sizes)
    except BadSizes:
        return
    for side in decision.sides():
        for cost in COSTS:
            assert sum(worked_out(t.numbers_of(cost)) for t in side.terms) == side.amount(cost)
        assert side.macs >= 0
        assert side.output_shape[0] >= 1
    shapes = {side.output_shape[1:] for side in decision.sides()}
    assert len(shapes) == 1
    assert all(sentence.endswith(".") for sentence in decision.remarks())
    before, after = decision.before(), decision.after()
    said = saving(before, after, "params")
    assert ("fewer" in said) == (after.params < before.params)
    assert ("as many" in said) == (after.params == before.params)


@given(st.integers(1, 512), st.integers(1, 512), st.sampled_from((1, 3, 5, 7)))
def test_a_separable_convolution_leaves_one_in_n_and_one_in_k_squared(
    inputs: int, outputs: int, kernel: int
) -> None:
    case = Separable(inputs, outputs, kernel, 8)
    left = Fraction(case.after().macs, case.before().macs)
    assert left == Fraction(1, outputs) + Fraction(1, kernel**2)


@pytest.mark.parametrize("wrong", [0, -8, 10**9, 2.5, True, float("nan"), "64", None])
@pytest.mark.parametrize("name", DECISIONS)
def test_absurd_sizes_are_refused_with_their_bounds(name: str, wrong: object) -> None:
    setting = DECISIONS[name].settings()[-1]
    with pytest.raises(BadSizes, match=re.escape(f"it can be {setting.bounds}")):
        DECISIONS[name](**{setting.name: wrong})


def test_sizes_that_do_not_go_together_are_refused_with_what_would_work() -> None:
    with pytest.raises(BadSizes, match=r"3 groups do not divide the 61 .* Take 60 or 63 of them"):
        Shuffle(neck=61)
    with pytest.raises(BadSizes, match="at most 8, or more channels"):
        SqueezeExcite(reduction=16, width=8)


def test_the_overhead_of_a_gate_against_its_reduction() -> None:
    # 2 x 256 x 256 / r of the bottleneck's 69,632 weights
    said = " ".join(SqueezeExcite().remarks())
    for r, share in ((1, "188.2%"), (2, "94.1%"), (4, "47.1%"), (16, "11.8%"), (64, "2.9%")):
        assert f"{share} for r = {r}" in said
    assert "r = 16" not in " ".join(SqueezeExcite(reduction=8, width=8).remarks())


def test_a_gate_in_the_whole_of_resnet50(traced: Callable[[str], Graph]) -> None:
    # 2 C^2 / 16 in 3 + 4 + 6 + 3 blocks of 256 to 2048 channels
    gates = sum(n * 2 * c * c // 16 for n, c in ((3, 256), (4, 512), (6, 1024), (3, 2048)))
    assert gates == 2_514_944
    said = SqueezeExcite().in_network(traced("resnet50"))
    assert f"{gates / 1e6:.3f} M weights to 25.56 M parameters" in said
