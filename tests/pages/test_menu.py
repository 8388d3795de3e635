"""What the menu takes along from page to page."""

from urllib.parse import parse_qs

from streamlit.testing.v1 import AppTest

from tests.pages.app import opened


def carried(app: AppTest, page: str) -> dict[str, list[str]]:
    """The choices in the menu's link to a page."""
    links = [element.proto for element in app.get("page_link")]
    link = next(proto for proto in links if proto.label == page)
    return parse_qs(link.query_string)


def test_the_picture_goes_along_to_pages_that_look_at_one():
    app = opened("attribution", networks="lenet5_modern", sample="digit-5", methods="saliency")
    assert carried(app, "Predict")["sample"] == ["digit-5"]
    assert "sample" not in carried(app, "Compare")
    app.selectbox(key="sample").set_value("digit-8").run()
    assert carried(app, "Predict")["sample"] == ["digit-8"]
    app.segmented_control(key="source").set_value("upload").run()
    assert carried(app, "Predict")["source"] == ["upload"]


def test_a_picture_that_nobody_chose_is_not_carried():
    app = opened("attribution", networks="lenet5_modern", methods="saliency")
    assert "sample" not in carried(app, "Predict")
    assert carried(app, "Predict")["networks"] == ["lenet5_modern"]


def test_a_choice_that_another_page_knows_is_no_error_in_an_address():
    app = opened("attribution", networks="lenet5_modern", sample="digit-5", methods="saliency")
    app.query_params["sample"] = "digit-3"
    app.switch_page("pages/architecture.py").run()
    assert not app.warning
    app.query_params["nonsense"] = "1"
    app.run()
    assert "`nonsense`" in app.warning[0].value


def test_the_picture_is_not_forgotten_where_none_is_shown():
    app = opened("features", networks="lenet5_modern", sample="flower", part="maps")
    app.segmented_control(key="part").set_value("filters").run()
    app.run()
    assert carried(app, "Attribution")["sample"] == ["flower"]


def test_the_link_to_the_page_in_sight_carries_what_was_chosen_there():
    app = opened("features", networks="lenet5_modern", part="filters")
    assert carried(app, "Features")["part"] == ["filters"]
    app.segmented_control(key="part").set_value("excite").run()
    assert carried(app, "Features")["part"] == ["excite"]
    app.segmented_control(key="part").set_value("maps").run()
    assert "part" not in carried(app, "Features")
