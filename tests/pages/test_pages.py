"""Every page from the front door, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.app import FRONT, opened, words

PAGES = {
    "architecture": "How is VGG-16",
    "compare": "Where do VGG-16",
    "counting": "Why do four counters",
    "predict": "What do VGG-16",
    "attribution": "Which pixels speak",
    "features": "What do the filters",
    "paths": "Which paths",
    "train": "How does a network learn?",
}
# Without a network in focus these have something to show all the same.
WITHOUT_FOCUS = {
    "augmentation": "How many pictures are in one picture?",
    "blocks": "Which block trains best?",
    "channel_attention": "Which channels does SE-ResNet-20",
    "cost": "What does a design decision save",
    "depth": "Why do plain networks get worse with depth?",
    "gradient_flow": "Does the gradient reach the first layer?",
    "grading": "Which explanation can be believed",
    "initialisation": "How should the weights begin?",
    "landscape": "Which network gives most",
    "lecture_check": "Are the numbers on the slides right",
    "normalisation": "What does batch normalisation change?",
    "receptive_field": "What does one value see",
    "scaling": "Width, depth or resolution?",
    "search": "Can a network design networks?",
}


def test_home_shows_the_years_and_quotes_them() -> None:
    app = AppTest.from_file(FRONT, default_timeout=60).run()
    assert not app.exception
    assert "28.2% in 2010" in words(app)
    assert "2.25% in 2017" in words(app)


@pytest.mark.parametrize(("page", "title"), (PAGES | WITHOUT_FOCUS).items())
def test_page_opens_with_its_defaults(page: str, title: str) -> None:
    app = opened(page)
    assert not app.exception
    assert app.title[0].value.startswith(title)


def test_architecture_opens_a_stage() -> None:
    app = opened("architecture", networks="googlenet")
    app.selectbox(key="stage").set_value("inception3a").run()
    assert not app.exception
    assert "5×5 convolution" in app.get("graphviz_chart")[0].proto.spec


def test_architecture_opens_a_block_and_shows_the_shortcut() -> None:
    app = opened("architecture", networks="resnet18", stage="layer2", block="layer2.0")
    assert not app.exception
    assert "addition" in app.get("graphviz_chart")[0].proto.spec
    app.selectbox(key="stage").set_value("layer3").run()
    assert not app.exception
    assert not app.warning


@pytest.mark.parametrize("page", PAGES)
def test_unknown_network_in_the_address_is_said_and_left_out(page: str) -> None:
    app = opened(page, networks=["alexnet", "<b>nope</b>"])
    assert not app.exception
    warnings = " ".join(w.value for w in app.warning)
    assert "bnopeb" in warnings
    assert "<b>" not in warnings


@pytest.mark.parametrize("page", PAGES)
def test_nothing_in_focus_asks_for_a_network(page: str) -> None:
    app = opened(page)
    app.multiselect(key="networks").set_value([]).run()
    assert not app.exception
    assert "Choose a network" in words(app)


def test_compare_quotes_both_networks() -> None:
    app = opened("compare", networks=["vgg16", "resnet50"])
    assert not app.exception
    text = words(app)
    assert "VGG-16 (D) has 138,357,544 parameters: 5.41 times as many as ResNet-50" in text


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_compare_takes_one_to_four_networks(count: int) -> None:
    keys = ["lenet5_modern", "cifar_resnet20", "mobilenet_v1", "vgg11"][:count]
    app = opened("compare", networks=keys)
    assert not app.exception
    assert len(app.dataframe) >= count


def test_choices_stand_in_the_address_and_come_back_on_another_page() -> None:
    app = opened("architecture", networks="vgg16", quantity="memory", stage="stage3")
    assert app.query_params["stage"] == "stage3"
    app.switch_page("pages/compare.py").run()
    assert app.query_params["networks"] == "vgg16"
    assert app.query_params["quantity"] == "memory"


def test_a_layer_shows_its_formulas_with_the_numbers_put_in() -> None:
    app = opened("architecture", networks="vgg16", layer="stage1.conv2")
    assert not app.exception
    # VGG-16's second convolution: 224 x 224 x 64 outputs of 3 x 3 x 64 products each
    assert "224 × 224 × 64 × 3 × 3 × 64 = **1,849,688,064**" in words(app)
    assert app.query_params["layer"] == "stage1.conv2"


def test_a_layer_of_another_network_is_said_not_to_be_here() -> None:
    app = opened("architecture", networks="vgg16", layer="layer1.0.conv1")
    assert not app.exception
    assert "layer1.0.conv1" in " ".join(warning.value for warning in app.warning)


def test_changing_the_network_forgets_the_layer_without_a_warning() -> None:
    app = opened("architecture", networks="vgg16", layer="stage1.conv2")
    app.multiselect(key="networks").set_value(["resnet18"]).run()
    assert not app.exception
    assert not app.warning
    assert "layer" not in app.query_params


@pytest.mark.parametrize("page", PAGES)
def test_page_keeps_its_sidebar_and_choices_when_it_runs_again(page: str) -> None:
    app = opened(page, networks="lenet5_modern")
    for _ in range(3):
        app.run()
        assert not app.exception
        assert app.multiselect(key="networks").value == ["lenet5_modern"]


@pytest.mark.parametrize("page", PAGES)
def test_a_network_named_twice_is_shown_once(page: str) -> None:
    app = opened(page, networks=["lenet5_modern", "lenet5_modern"])
    assert not app.exception
    assert app.multiselect(key="networks").value == ["lenet5_modern"]
    assert "more than once" in words(app)


def test_five_networks_are_cut_to_four_with_a_notice() -> None:
    app = opened("compare", networks=["lenet5", "alexnet", "vgg11", "resnet18", "plain18"])
    assert not app.exception
    assert len(app.multiselect(key="networks").value) == 4
    assert "at most 4" in words(app)


def test_a_choice_at_its_default_is_not_written() -> None:
    app = opened("architecture", networks="vgg16", quantity="memory")
    app.segmented_control(key="quantity").set_value("params").run()
    assert "quantity" not in app.query_params


def test_what_the_page_does_not_use_is_said() -> None:
    app = opened("compare", network="vgg16")
    assert not app.exception
    assert "`network`, which this page does not use" in words(app)


def test_the_block_is_forgotten_with_its_stage() -> None:
    app = opened("architecture", networks="resnet18", stage="layer2", block="layer2.0")
    app.selectbox(key="stage").set_value("all").run()
    assert not app.exception
    assert "block" not in app.query_params


def test_a_quick_second_click_wins_over_the_address_it_was_sent_with() -> None:
    app = opened("compare", networks="vgg16")
    app.multiselect(key="networks").set_value(["resnet18"]).run()
    assert app.query_params["networks"] == "resnet18"
    app.query_params["networks"] = "vgg16"  # as the browser still had it
    app.multiselect(key="networks").set_value(["alexnet"]).run()
    assert app.multiselect(key="networks").value == ["alexnet"]
    assert app.query_params["networks"] == "alexnet"


def test_back_in_the_browser_undoes_a_choice() -> None:
    app = opened("compare", networks="vgg16")
    app.multiselect(key="networks").set_value(["resnet18"]).run()
    app.query_params["networks"] = "vgg16"  # nobody has clicked
    app.run()
    assert app.multiselect(key="networks").value == ["vgg16"]


def test_a_malformed_address_falls_back_and_says_what_it_left_out() -> None:
    wrong = {"networks": "<img src=x>", "stage": "..", "quantity": "", "network": "vgg16"}
    app = opened("architecture", **wrong)
    assert not app.exception
    assert "VGG-16" in app.title[0].value
    warnings = " ".join(warning.value for warning in app.warning)
    for said in ("img srcx", "stage", "quantity", "names `network`,"):
        assert said in warnings, warnings
