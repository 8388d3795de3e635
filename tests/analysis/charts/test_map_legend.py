from analysis.charts.map_legend import colour_bar
from analysis.vision.overlay import DIVERGING, SEQUENTIAL


def words(fig) -> list[str]:
    return [note.text for note in fig.layout.annotations]


def test_the_bar_has_the_colours_of_the_maps_from_end_to_end():
    for signed, scale in ((True, DIVERGING), (False, SEQUENTIAL)):
        bar = colour_bar(signed).to_dict()["data"][0]
        assert [colour for _, colour in bar["colorscale"]] == [f"rgb{colour}" for colour in scale]
        assert (bar["z"][0][0], bar["z"][0][-1]) == (-1 if signed else 0, 1)


def test_ends_are_numbered_where_all_maps_share_them():
    assert words(colour_bar(True)) == ["against", "nothing", "for the class"]
    assert words(colour_bar(True, 0.25)) == ["−0.25 against", "0 nothing", "0.25 for the class"]
    assert words(colour_bar(False, 3)) == ["0 nothing", "", "3 most"]
