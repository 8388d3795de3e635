"""The landscape: choices, filters, what is said where nothing can be shown, and measuring."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from analysis.vision.latency import Bench, Trial
from analysis.vision.timing import Plan
from pages.parts.landscape import speed
from tests.pages.app import opened, words

QUICK = Plan(warm_up=0, least=1, most=1, budget=60)


def shown(app: AppTest) -> list[str]:
    """Keys of the networks that the chart shows."""
    (chart,) = app.get("plotly_chart")
    figure = json.loads(chart.proto.spec)
    return [key for trace in figure["data"] for key, _ in trace.get("customdata", [])]


def test_the_page_opens_with_the_story_told() -> None:
    app = opened("landscape")
    assert not app.exception
    assert len(shown(app)) == 54
    text = words(app)
    assert "Pareto front, from 60.6% for 40.48 M multiply-adds" in text  # ShuffleNet v2 ×0.5
    assert "**VGG-19 (E)** is farthest from the front" in text
    assert "one centre crop of each validation image" in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"size": "small"}, 34),
        ({"size": "all"}, 136),
        ({"axis": "params"}, 89),
        ({"measured": "paper"}, 79),
        ({"families": ["vgg", "resnet"]}, 13),  # 8 of VGG, ResNet-18, -34 and three of v1.5
        ({"until": "2014"}, 10),  # 8 of VGG, AlexNet, GoogLeNet
        ({"axis": "top5", "measured": "newest"}, 54),
    ],
)
def test_the_address_filters_the_networks(query: dict, count: int) -> None:
    app = opened("landscape", **query)
    assert not app.exception
    assert not app.warning
    assert len(shown(app)) == count


def test_choices_reach_the_address_and_defaults_do_not() -> None:
    app = opened("landscape")
    app.segmented_control(key="axis").set_value("params").run()
    app.select_slider(key="until").set_value(2015).run()
    assert app.query_params["axis"] == "params"
    assert app.query_params["until"] == "2015"
    assert "area" not in app.query_params
    assert app.segmented_control(key="area").value == "activations"
    app.segmented_control(key="axis").set_value("accuracy").run()
    assert "axis" not in app.query_params
    assert app.segmented_control(key="area").value == "params"


def test_a_height_that_does_not_fit_the_size_is_left_without_a_warning() -> None:
    app = opened("landscape", axis="top5")
    app.segmented_control(key="size").set_value("all").run()
    assert not app.exception
    assert not app.warning
    assert app.segmented_control(key="axis").value == "params"


def test_unknown_values_in_the_address_are_said_and_left_out() -> None:
    app = opened(
        "landscape",
        size="huge",
        axis="<b>luck",
        measured="rumour",
        families=["vgg", "nope"],
        until="1066",
        area="-1",
        bubble="nothing",
        view="moon",
    )
    assert not app.exception
    said = " ".join(warning.value for warning in app.warning)
    for text in ("huge", "bluck", "rumour", "nope", "1066", "-1", "nothing", "moon"):
        assert f"`{text}`" in said
    assert all(key.startswith("vgg") for key in shown(app))


def test_an_empty_chart_says_what_would_help() -> None:
    app = opened("landscape", families="fractalnet")
    assert not app.exception
    assert not app.get("plotly_chart")
    assert "Choose the parameters as height" in words(app)
    app = opened("landscape", families="lenet")
    assert "Choose another size" in words(app)


def test_a_picked_network_is_told_and_leads_on() -> None:
    app = opened("landscape", networks=["vgg11", "resnet50"], bubble="densenet121")
    assert not app.exception
    assert "**DenseNet-121** (2016): Every layer reads" in words(app)
    app.button(key="focus").click().run()
    assert app.query_params["networks"] == ["vgg11", "resnet50", "densenet121"]
    assert app.query_params["bubble"] == "densenet121"
    app.button(key="focus").click().run()
    assert app.query_params["networks"] == ["vgg11", "resnet50"]


def test_a_picked_network_that_is_not_shown_says_so() -> None:
    app = opened("landscape", bubble="lenet5")
    assert "It is not among the bubbles shown." in words(app)


def test_four_in_focus_are_enough() -> None:
    four = ["lenet5_modern", "cifar_resnet20", "mobilenet_v1", "vgg11"]
    app = opened("landscape", networks=four, bubble="alexnet")
    assert not app.exception
    assert app.button(key="focus").disabled
    assert app.query_params["networks"] == four


def test_nothing_in_focus_still_shows_the_bubbles() -> None:
    app = opened("landscape")
    app.multiselect(key="networks").set_value([]).run()
    assert not app.exception
    assert len(shown(app)) == 54
    app.segmented_control(key="view").set_value("speed").run()
    assert not app.exception
    assert "Choose a network" in words(app)


def test_entries_and_single_networks_of_the_challenge() -> None:
    app = opened("landscape", view="years")
    assert not app.exception
    assert "ResNet 3.57% with 6 networks, ResNet-152 alone 4.49%" in words(app)
    assert app.dataframe[0].value["protocol"].iloc[2] == "ILSVRC 2012 val, 10-view average"


def test_accuracy_for_the_cost_by_both_costs() -> None:
    app = opened("landscape", view="per_cost", networks="vgg16")
    assert not app.exception
    assert "**ShuffleNet v2 ×0.5** gives most" in words(app)
    app.segmented_control(key="per").set_value("params").run()
    assert not app.exception
    assert "**MobileNet" in words(app) or "**SqueezeNet" in words(app)
    assert app.query_params["per"] == "params"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench that runs each network once."""
    bench = Bench(plan=QUICK)
    monkeypatch.setattr(speed, "bench", lambda: bench)
    return bench


def press(app: AppTest) -> AppTest:
    return app.button(key="measure").click().run()


def test_times_are_measured_when_asked_and_kept(quick: Bench) -> None:
    app = opened("landscape", view="speed", networks=["lenet5_modern", "cifar_resnet20"])
    assert not app.exception
    assert not app.dataframe
    press(app)
    assert not app.exception
    assert list(app.dataframe[0].value["network"]) == ["LeNet-5 (modern)", "ResNet-20 (CIFAR-10)"]
    assert "Multiply-adds are not time" in words(app)
    assert quick.known(Trial("lenet5_modern", 1)) is not None
    app.segmented_control(key="together").set_value(4).run()
    assert app.query_params["together"] == "4"
    assert not app.dataframe


def test_one_network_is_measured_without_a_comparison(quick: Bench) -> None:
    app = press(opened("landscape", view="speed", networks="lenet5"))
    assert not app.exception
    assert quick.known(Trial("lenet5", 1)) is not None
    assert "Put a second network in focus" in words(app)


def test_a_network_too_big_is_refused_and_the_others_are_measured(quick: Bench) -> None:
    app = opened("landscape", view="speed", networks=["vgg16", "lenet5_modern"], together="16")
    press(app)
    assert not app.exception
    assert "247.5 G multiply-adds for 16 images" in app.warning[0].value
    assert quick.known(Trial("lenet5_modern", 16)) is not None
    assert quick.known(Trial("vgg16", 16)) is None


def test_who_comes_second_is_told_to_wait(quick: Bench) -> None:
    app = opened("landscape", view="speed", networks="lenet5_modern")
    seen: list[str] = []

    def another(_: float) -> None:
        press(app)
        seen.append(app.warning[0].value)

    quick.measure([Trial("lenet5", 1)], another)
    assert "Wait some seconds" in seen[0]
    assert not press(app).warning
