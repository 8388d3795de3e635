"""What design decisions save: sums by hand, and rules that hold for every decision and size."""

import math
from typing import Any

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
    Setting,
    Shuffle,
    Side,
    SqueezeExcite,
    saving,
)
from analysis.structure.costs.readings import near_misses
from tests.analysis.structure.arithmetic import worked_out


def test_the_inception_module_of_the_lecture() -> None:
    naive, narrow = Inception().before(), Inception().after()
    assert naive.macs == 28 * 28 * 256 * (128 + 9 * 192 + 25 * 96) == 854_196_224
    assert naive.output_shape == (672, 28, 28)
    assert naive.values == 526_848
    assert [term.macs for term in narrow.terms] == [
        25_690_112,
        12_845_056,
        86_704_128,
        12_845_056,
        120_422_400,
        0,
        12_845_056,
    ]
    assert narrow.macs == 271_351_808
    assert narrow.output_shape == (480, 28, 28)


def test_what_the_deck_prints_of_inception() -> None:
    readings = {note.printed: note.reading for note in Inception.deck_notes()}
    assert readings["854M"] == "It holds, rounded."
    assert "rounds to 854M; two of its digits are exchanged" in readings["845M"]
    assert "counted twice, 3×3, 64 → 192 with 86,704,128" in readings["358M"]
    assert "358,055,936" in readings["358M"]
    assert "675 channels" in readings["529k"]
    assert "rounds to 527k" in readings["529k"]


def test_a_printed_sum_that_nothing_explains_is_said_to_be_so() -> None:
    assert "No single slip" in near_misses("500M", Inception().after(), "macs")
    left_out = near_misses("151M", Inception().after(), "macs")  # 271.35 − 120.42
    assert "left out, 5×5" in left_out
    assert near_misses("526k", Inception().before(), "values").endswith("instead of rounded.")
    with pytest.raises(ValueError, match="no number"):
        near_misses("much", Inception().after(), "macs")


def test_the_other_sums_by_hand() -> None:
    assert (Separable().before().params, Separable().after().params) == (81, 36)
    assert Bottleneck().before().params == 2 * 9 * 256 * 256
    assert Bottleneck().after().params == 256 * 64 + 9 * 64 * 64 + 64 * 256 == 69_632
    assert Fire().after().params == 96 * 16 + 16 * 64 + 9 * 16 * 64
    assert [side.params for side in Shuffle().sides()] == [
        2 * 240 * 60 + 9 * 60 * 60,
        2 * 240 * 60 // 3 + 9 * 60,
        2 * 240 * 60 + 9 * 60 * 60 // 3,
    ]
    gate = SqueezeExcite()
    assert gate.after().params - gate.before().params == 2 * 256 * 256 // 16
    assert Head().before().params == 102_760_448 + 16_777_216 + 4_096_000
    assert Head().after().params == 512_000
    # Layer i of 24 reads 256 + 32·i maps.
    maps = sum(256 + 32 * i for i in range(24))
    assert DenseBlock().before().params == 9 * 32 * maps + 1024 * 1024
    assert DenseBlock().after().params == 128 * maps + 24 * 9 * 128 * 32 + 1024 * 512


@pytest.mark.parametrize(("paths", "width"), [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4)])
def test_paths_of_equal_cost_are_those_of_the_paper(paths: int, width: int) -> None:
    block = Cardinality(paths=paths)  # Table 2 of the ResNeXt paper
    assert block.path == width
    assert block.after().params == pytest.approx(70_000, rel=0.025)


def test_a_separable_convolution_leaves_the_share_that_its_paper_says() -> None:
    for n, k in ((3, 3), (64, 5), (1024, 3)):
        case = Separable(inputs=32, outputs=n, kernel=k)
        assert case.after().params / case.before().params == pytest.approx(1 / n + 1 / k**2)


def test_a_basic_block_of_equal_cost_cannot_be_bettered() -> None:
    case = Bottleneck(width=512, neck=128)
    target = case.after().params
    for other in (case.equal - 1, case.equal + 1):
        assert abs(18 * other**2 - target) >= abs(18 * case.equal**2 - target)


def test_what_a_basic_block_can_have_for_the_cost_of_a_bottleneck() -> None:
    assert "can be only 62 channels wide (69,192 weights" in Bottleneck().remarks()[0]
    assert "can be 367 channels wide" in Bottleneck(width=64, neck=512).remarks()[0]


def test_from_which_layer_on_a_bottleneck_in_a_dense_block_pays() -> None:
    def layer(maps: int, growth: int) -> tuple[int, int]:
        return 9 * maps * growth, 4 * growth * maps + 9 * 4 * growth * growth

    case = DenseBlock(inputs=64, layers=12, growth=32)
    pays = [i for i in range(12) if layer(64 + 32 * i, 32)[1] < layer(64 + 32 * i, 32)[0]]
    assert f"from layer {pays[0] + 1} on" in case.remarks()[0]
    assert "in none of the 6 layers" in DenseBlock(inputs=64, layers=6).remarks()[0]


def test_bottlenecks_that_widen_are_allowed_and_said() -> None:
    assert "saves none" in " ".join(Inception(inputs=64, three_reduce=96).remarks())
    assert "no bottleneck" in " ".join(Bottleneck(width=64, neck=64).remarks())
    assert "nothing is squeezed" in " ".join(Fire(inputs=16, ratio=0.5).remarks())
    assert saving(*_pair(Inception(inputs=64, three_reduce=512)), "macs").endswith("more**.")


def test_a_difference_below_three_digits_is_given_in_full() -> None:
    said = saving(*_pair(SqueezeExcite()), "macs")
    assert "218,374,144" in said
    assert "0.0038% more" in said
    assert "3.15 times fewer" in saving(*_pair(Inception()), "macs")
    assert saving(*_pair(Shuffle(groups=1, neck=1)), "params").endswith("as many.")


def _pair(decision: Decision) -> tuple[Side, Side]:
    return decision.before(), decision.after()


def test_groups_that_do_not_divide_are_refused_with_what_would_do() -> None:
    with pytest.raises(
        BadSizes, match=r"8 groups do not divide the 60 bottleneck .* Take 56 or 64"
    ):
        Shuffle(groups=8)
    with pytest.raises(BadSizes, match=r"16 groups do not divide the 8 channels c.* Take 16 of"):
        Shuffle(groups=16, channels=8, neck=16)
    with pytest.raises(BadSizes, match="reduction of at most 8"):
        SqueezeExcite(width=8, reduction=16)
    with pytest.raises(BadSizes, match="leaves none"):
        DenseBlock(inputs=8, layers=1, growth=1, theta=0.1)


ALL_SETTINGS = [(d, setting) for d in DECISIONS.values() for setting in d.settings()]
BAD = [0, -1, 10**9, math.nan, math.inf, 1e300, "64", None, True, [64], 2.5]


@pytest.mark.parametrize(
    ("decision", "setting"), ALL_SETTINGS, ids=[f"{d.name} {s.name}" for d, s in ALL_SETTINGS]
)
def test_what_is_no_size_is_refused_by_name(decision: type[Decision], setting: Setting) -> None:
    for bad in BAD:
        given_size: dict[str, Any] = {setting.name: bad}
        with pytest.raises(BadSizes, match=r"it can be|groups") as refusal:
            decision(**given_size)
        assert setting.label in str(refusal.value)


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    """Any decision with any sizes that go together."""
    kind = draw(st.sampled_from(list(DECISIONS.values())))
    sizes: dict[str, Any] = {
        setting.name: draw(st.sampled_from(setting.values)) for setting in kind.settings()
    }
    if kind is Shuffle:
        sizes["channels"] = sizes["groups"] * draw(st.integers(1, 96))
        sizes["neck"] = sizes["groups"] * draw(st.integers(1, 24))
    try:
        return kind(**sizes)
    except BadSizes:
        return kind()


@given(decisions())
def test_every_sum_that_is_printed_comes_to_its_number(decision: Decision) -> None:
    for side in decision.sides():
        for cost in COSTS:
            assert side.amount(cost) == sum(map(worked_out, _printed(side, cost)))
        assert side.terms[-1].output_shape[1:] == side.output_shape[1:] or side.name.endswith(
            "gate"
        )
    for formula in decision.formulas():
        if "." not in formula.numbers + formula.value:
            assert worked_out(formula.numbers) == int(formula.value.replace(",", ""))
    assert all(remark.endswith(".") for remark in decision.remarks())
    before, after = decision.before(), decision.after()
    assert saving(before, after, "macs").count("**") >= 4


def _printed(side: Side, cost: str) -> list[str]:
    return [term.numbers_of(cost) for term in side.terms]


def test_every_decision_tells_its_story_with_its_defaults() -> None:
    for decision in (kind() for kind in DECISIONS.values()):
        assert 2 <= sum(setting.in_sight for setting in decision.settings()) <= 3
        before, after = decision.before(), decision.after()
        spends = isinstance(decision, SqueezeExcite)
        assert (after.amount(decision.cost) > before.amount(decision.cost)) == spends
        assert all(note.computed and note.reading for note in decision.deck_notes())
