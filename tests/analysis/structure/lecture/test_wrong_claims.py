"""What the decks have wrong, against sums made by hand and numbers from the papers."""

import pytest

from analysis.structure.lecture import Check, Verdict

# What is computed for each claim that does not hold, as somebody would work it out on paper.
BY_HAND = {
    # VGG-16: the input, 13 convolutions, 5 poolings and 3 linear layers, 4 bytes each
    "c065": [f"{4 * 15_237_608 / 1e6:.1f} MB"],
    # GoogLeNet Table 1, weights and biases of each row
    "c068": [f"{7 * 7 * 3 * 64 + 64:,}", f"{112 * 112 * 7 * 7 * 3 * 64:,}"],
    "c075": [f"{480 * (192 + 96 + 16 + 64) + 9 * 96 * 208 + 25 * 16 * 48 + 624:,}"],
    "c076": [f"{512 * (160 + 112 + 24 + 64) + 9 * 112 * 224 + 25 * 24 * 64 + 648:,}"],
    "c077": [f"{512 * (128 + 128 + 24 + 64) + 9 * 128 * 256 + 25 * 24 * 64 + 664:,}"],
    "c078": [f"{512 * (112 + 144 + 32 + 64) + 9 * 144 * 288 + 25 * 32 * 64 + 704:,}"],
    "c079": [f"{528 * (256 + 160 + 32 + 128) + 9 * 160 * 320 + 25 * 32 * 128 + 1024:,}"],
    "c081": [f"{832 * (256 + 160 + 32 + 128) + 9 * 160 * 320 + 25 * 32 * 128 + 1024:,}"],
    "c082": [f"{832 * (384 + 192 + 48 + 128) + 9 * 192 * 384 + 25 * 48 * 128 + 1264:,}"],
    "c088": ["6,998,552"],
    "c089": ["6,998,552"],
    "c090": ["6,998,552"],
    "c091": [f"{60_965_224 / 6_998_552:.4g}"],
    "c096": ["1,582,671,872"],
    "c098": [f"{28 * 28 * (128 + 192 + 96 + 256):,}"],
    "c100": [f"{28 * 28 * 256 * (128 + 9 * 192 + 25 * 96):,}"],
    "c101": [f"{28 * 28 * (256 * (128 + 3 * 64) + 64 * (9 * 192 + 25 * 96)):,}", "358,055,936"],
    "c165": ["7,969,996,800"],
    "c171": ["13,155,794,016"],
    "c192": ["0.00200", f"{(2 / 1000) ** 0.5:.4f}"],
    "c193": ["0.0050", f"{(2 / 400) ** 0.5:.4f}"],
    "c194": ["2 (", "He's normal rule"],
}


def test_these_and_no_others_do_not_hold(checks: dict[str, Check]) -> None:
    wrong = {name for name, check in checks.items() if check.verdict is Verdict.FAILS}
    assert wrong == set(BY_HAND)


@pytest.mark.parametrize("claim", BY_HAND)
def test_the_reason_gives_the_sum_made_by_hand(claim: str, checks: dict[str, Check]) -> None:
    for number in BY_HAND[claim]:
        assert number in checks[claim].reason


# Claims that hold only if they are read in one way, and words of that way.
READINGS = {
    "c001": ("covers its whole input", "conv, pool, conv, pool, fc, fc"),
    "c008": ("norm comes after the pooling", "27×27×96"),
    "c022": ("ensemble of 5 networks", "16.4%"),
    "c024": ("32 steps", "2,178"),
    "c028": ("the paper's other network", "384, 384, 256"),
    "c029": ("entry of Clarifai", "16.5%"),
    "c042": ("biases are left out", "1,792"),
    "c073": ("K means 1024", "388,736"),
    "c094": ("every operation is a block", "142, which rounds to 100 at 1 digit"),
    "c103": ("option A", "3,644,493,824"),
    "c104": ("cut off", "3,857,973,248"),
    "c118": ("cut off", "11,689,512"),
    "c120": ("comes from a ReLU", "ReLU(input)"),
    "c155": ("batches of 128", "4.92% − 4.00%"),
    "c157": ("multiplications by gates", "3,871,526,912"),
    "c159": ("additions of global pooling", "7,601,831,936"),
    "c177": ("7×7 that they replace", "154 layers"),
    "c188": ("only convolutions", "15,346,630,656"),
    "c191": ("compressed", "4.99 MB"),
}


@pytest.mark.parametrize("claim", READINGS)
def test_the_reading_is_stated(claim: str, checks: dict[str, Check]) -> None:
    assert checks[claim].verdict is Verdict.READING
    for words in READINGS[claim]:
        assert words in checks[claim].reason


def test_the_first_row_of_table_1_fits_a_separable_convolution(checks: dict[str, Check]) -> None:
    # 7·7·3·8 depthwise and 24·64 pointwise weights, on 112 × 112 places
    assert f"{7 * 7 * 3 * 8 + 24 * 64:,} weights" in checks["c068"].reason
    assert f"{112 * 112 * 2712:,} multiply-adds" in checks["c068"].reason


def test_printed_rows_of_table_1_add_up_to_the_number_of_the_mobilenet_paper(
    checks: dict[str, Check],
) -> None:
    rows = (2.7, 112, 159, 380, 364, 437, 463, 580, 840, 1072, 1388, 1000)
    assert f"add up to {1000 * sum(rows):,.0f}" in checks["c090"].reason


def test_an_unfinished_check_says_what_the_paper_prints(checks: dict[str, Check]) -> None:
    assert "28.54% with 34 plain layers, 27.94% with 18" in checks["c121"].reason
    assert "6.97% with 56 layers, 8.75% with 20" in checks["c122"].reason
    assert "28.4% / 9.4% re-implemented and 25.3% / 7.7% with SE" in checks["c174"].reason
