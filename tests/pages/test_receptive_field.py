"""The page Receptive field, without a browser."""

import pytest

from tests.pages.app import opened, words

PAGE = "receptive_field"


def numbers(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def test_it_opens_with_three_3x3_against_one_7x7() -> None:
    app = opened(PAGE)
    assert not app.exception
    text = words(app)
    assert "They cost 27C² weights against 49C²" in text
    assert "27 × 256² = **1,769,472**" in text  # 27 × 65,536
    assert len(app.get("plotly_chart")) == 2


def test_a_number_that_changes_takes_the_others_with_it() -> None:
    app = opened(PAGE)
    app.number_input(key="layers").set_value(2).run()
    assert not app.exception
    assert app.number_input(key="large").value == 5
    assert "18C² weights against 25C²" in words(app)
    app.number_input(key="channels").set_value(10).run()
    assert "18 × 10² = **1,800**" in words(app)
    assert app.query_params["layers"] == "2"
    assert "large" not in app.query_params


def test_a_kernel_of_ones_own_stays() -> None:
    app = opened(PAGE, large="11")
    app.number_input(key="layers").set_value(4).run()
    assert app.number_input(key="large").value == 11
    assert "9 × 9 px" in words(app)


def test_two_equal_sides_and_cones_too_wide_to_draw() -> None:
    app = opened(PAGE, layers="1", small="7")
    assert not app.exception
    assert "Both cost the same" in words(app)
    app = opened(PAGE, layers="20", small="15", large="281")
    assert not app.exception
    assert "281 pixels in 21 maps are too many cells" in words(app)
    assert len(app.get("plotly_chart")) == 1


def test_an_absurd_address_is_said_and_left_out() -> None:
    app = opened(PAGE, layers="1000000000", channels="-3", height="x")
    assert not app.exception
    assert "layers `1000000000`" in words(app)
    assert "27C²" in words(app)


def test_the_stack_is_alexnets_as_it_was_traced() -> None:
    app = opened(PAGE, part="build")
    assert not app.exception
    assert "sees **195 × 195 pixels**" in words(app)
    lines = app.dataframe[-1].value
    assert lines["receptive field"].iloc[-1] == "163 + 1 × (3 − 1) × 16 = 195"
    assert lines["output size"].iloc[0] == "⌊(224 + 2 × 2 − 1 × (11 − 1) − 1) / 4⌋ + 1 = 55"


@pytest.mark.parametrize(("name", "seen"), [("vgg16", 212), ("resnet50", 11), ("dilated", 67)])
def test_a_known_stack_is_one_click_away_and_stands_in_the_address(name: str, seen: int) -> None:
    app = opened(PAGE, part="build")
    app.button(key=f"start with {name}").click().run()
    assert not app.exception
    assert f"sees **{seen} × {seen} pixels**" in words(app)
    shared = app.query_params["stack"]
    shared = shared if isinstance(shared, str) else shared[0]
    assert f"sees **{seen} × {seen} pixels**" in words(opened(PAGE, part="build", stack=shared))


def test_an_impossible_row_is_refused_where_it_stands() -> None:
    app = opened(PAGE, part="build", stack="c3f8-c3s0-c3f1000000000-c3g3", side="9")
    assert not app.exception
    text = words(app)
    assert "Row 2: Stride is from 1 to 10,000, not 0." in text
    assert "Row 3: Channels are from 1 to 100,000, not 1,000,000,000." in text
    assert "Row 4" not in text  # it depends on what comes before
    assert "sees **3 × 3 pixels**" in text


def test_a_stack_whose_first_row_is_refused_and_an_empty_one() -> None:
    app = opened(PAGE, part="build", stack="c9", side="5")
    assert not app.exception
    assert "window of 9 is larger than the padded map of 5" in words(app)
    app = opened(PAGE, part="build", stack="")
    assert not app.exception
    assert "The table is empty" in words(app)


def test_layers_are_added_and_removed_by_buttons() -> None:
    app = opened(PAGE, part="build", stack="m2")
    next(button for button in app.button if button.label.startswith("Add")).click().run()
    assert app.query_params["stack"] == "m2-m2"
    assert "sees **4 × 4 pixels**" in words(app)
    for _ in range(2):
        next(button for button in app.button if button.label.startswith("Remove")).click().run()
    assert not app.exception
    assert "The table is empty" in words(app)
    next(button for button in app.button if button.label.startswith("Add")).click().run()
    assert app.query_params["stack"] == "c3"


def test_a_text_that_is_no_stack_is_said_and_left_out() -> None:
    app = opened(PAGE, part="build", stack="<b>c3</b>")
    assert not app.exception
    assert "bc3b" in words(app)
    assert "sees **195 × 195 pixels**" in words(app)


@pytest.mark.parametrize(
    ("key", "size"),
    [
        ("alexnet_owt", 195),
        ("vgg16", 212),
        ("resnet50", 483),
        ("resnet152_v1_5", 1451),
        ("densenet121", 2071),
    ],
)
def test_a_network_opens_at_its_last_window(key: str, size: int) -> None:
    app = opened(PAGE, part="network", networks=key, measure="False")
    assert not app.exception
    assert numbers(app)["Receptive field"] == f"{size} × {size} px"
    assert f"sees {size} × {size} pixels" in words(app)


def test_another_layer_and_a_corner_of_its_map() -> None:
    app = opened(PAGE, part="network", networks="vgg16", measure="False", at="stage2.pool")
    app.slider(key="row").set_value(1).run()
    app.slider(key="column").set_value(1).run()
    assert not app.exception
    # The window begins as far before the image as all paddings reach: 1 + 1 + 2 + 2 = 6 pixels.
    assert numbers(app)["Receptive field"] == "16 × 16 px"
    assert numbers(app)["On the image"] == "10 × 10 px"
    assert app.query_params["at"] == "stage2.pool"
    assert app.query_params["row"] == "1"
    app.selectbox(key="at").set_value("stage5.pool").run()
    assert app.slider(key="row").value == 1


def test_what_sees_everything_is_said_to() -> None:
    app = opened(PAGE, part="network", networks="resnet50", at="avgpool")
    assert not app.exception
    assert "Every value of `avgpool` sees the whole image" in words(app)
    assert numbers(app)["Receptive field"] == "everything"
    app = opened(PAGE, part="network", networks="cifar_se_resnet20")
    assert not app.exception
    assert "Behind a gate it sees everything besides" in words(app)
    assert "the rest comes through a gate" in words(app) or "exactly the part" in words(app)


def test_a_small_network_is_measured_at_once_and_a_large_one_when_asked() -> None:
    app = opened(PAGE, part="network", networks="lenet5_modern", at="c3")
    assert not app.exception
    text = words(app)
    assert "196 pixels have a path to this value, in a box of 14 × 14: exactly" in text
    assert "95% of the magnitude lies in" in text
    app.run()  # from the cache
    assert not app.exception
    app = opened(PAGE, part="network", networks="vgg16")
    assert not app.exception
    assert "Switch it on" in words(app)


def test_a_network_too_large_to_be_measured_is_refused_with_its_size() -> None:
    app = opened(PAGE, part="network", networks="fractalnet34", measure="True")
    assert not app.exception
    assert "625.8 MiB of weights" in " ".join(info.value for info in app.info)


def test_a_layer_of_another_network_is_said_not_to_be_here() -> None:
    app = opened(PAGE, part="network", networks="vgg16", at="layer1.0.conv1", row="999")
    assert not app.exception
    assert "layer1.0.conv1" in words(app)
    assert numbers(app)["Receptive field"] == "212 × 212 px"


def test_nothing_in_focus_asks_for_a_network() -> None:
    app = opened(PAGE, part="network")
    app.multiselect(key="networks").set_value([]).run()
    assert not app.exception
    assert "Choose a network" in words(app)
