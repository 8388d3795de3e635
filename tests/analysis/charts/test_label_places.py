"""Where names go: never over each other, at any width of the screen."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from analysis.charts.label_places import PLOTS, Spot, placed

SHARES = st.floats(0, 1)
SPOTS = st.lists(
    st.builds(
        Spot,
        x=SHARES,
        y=SHARES,
        radius=st.floats(4, 27),
        name=st.sampled_from(["", "VGG-16", "DenseNet-BC-190", "NASNet-A large"]),
        wanted=st.booleans(),
    ),
    max_size=14,
)
STEPS = {"top": 1, "bottom": -1, "middle": 0, "right": 1, "left": -1, "center": 0}


def box(spot: Spot, side: str, width: float, height: float) -> tuple[float, float, float, float]:
    """Left, low, right, high of a name of 7 pixels a letter.

    Plotly keeps it away from the middle of its point by 1.25 times the radius and a pixel.
    """
    vertical, horizontal = side.split()
    wide, high, out = 7 * len(spot.name), 14, 1.25 * spot.radius + 1
    x = spot.x * width + STEPS[horizontal] * (out + wide / 2)
    y = spot.y * height + STEPS[vertical] * (out + high / 2)
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


@given(SPOTS)
def test_names_stay_inside_and_apart(spots: list[Spot]) -> None:
    labels = placed(spots, most=6)
    assert len(labels) <= 6
    for width, height in PLOTS:
        boxes = [box(spots[label.place], label.side, width, height) for label in labels]
        for left, low, right, high in boxes:
            assert left >= 0
            assert low >= 0
            assert right <= width
            assert high <= height
        for one, other in combinations(boxes, 2):
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            assert wide <= 0 or high <= 0


def test_one_name_in_the_middle_is_placed_and_an_empty_one_is_not() -> None:
    assert [label.place for label in placed([Spot(0.5, 0.5, 8, "VGG-16")], 5)] == [0]
    assert placed([Spot(0.5, 0.5, 8)], 5) == []


def test_the_more_important_of_two_names_wins() -> None:
    crowd = [Spot(0.5, 0.5, 4, f"Network-{n}", wanted=True) for n in range(20)]
    assert placed(crowd, 20)[0].place == 0
    assert len(placed(crowd, 20)) < 10


def test_a_name_avoids_its_neighbour_unless_it_is_wanted() -> None:
    other = [Spot(0.5, 0.5 + up, 27, "") for up in (0.1, 0.14)]
    above = placed([Spot(0.5, 0.5, 8, "VGG-16"), *other], 5)
    assert not above[0].side.startswith("top")
    around = [Spot(0.5 + dx, 0.5 + dy, 27, "x") for dx in (-0.1, 0, 0.1) for dy in (-0.1, 0, 0.1)]
    assert 0 not in {label.place for label in placed([Spot(0.5, 0.5, 8, "VGG-16"), *around], 1)}
    wanted = placed([Spot(0.5, 0.5, 8, "VGG-16", wanted=True), *around], 1)
    assert [label.place for label in wanted] == [0]
