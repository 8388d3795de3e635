"""Every page from the front door, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import cnn_models

ROOT = Path(__file__).parents[2]
PAGES = ("architecture", "compare", "predict")


def opened(page: str, **query: str | list[str]) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(f"pages/{page}.py").run()


def words(app: AppTest) -> str:
    shown = [*app.title, *app.subheader, *app.markdown, *app.caption, *app.info, *app.warning]
    return "\n".join(element.value for element in shown)


def test_home_shows_the_years_and_quotes_them() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    assert "28.2 % in 2010" in words(app)
    assert "2.25 % in 2017" in words(app)


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_with_its_defaults(page: str) -> None:
    app = opened(page)
    assert not app.exception
    assert app.title[0].value.endswith("?")


@pytest.mark.parametrize("key", cnn_models.names())
def test_every_network_has_its_architecture_page(key: str) -> None:
    app = opened("architecture", networks=key)
    assert not app.exception
    spec = cnn_models.spec(key)
    assert spec.display_name in app.title[0].value
    parameters = next(metric for metric in app.metric if metric.label == "Parameters")
    assert parameters.help == f"{spec.exact_params:,}"


def test_architecture_opens_a_stage() -> None:
    app = opened("architecture", networks="googlenet")
    app.selectbox(key="stage").set_value("inception3a").run()
    assert not app.exception


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
    assert "VGG-16" in text
    assert "ResNet-50" in text
    assert "138" in text


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_compare_takes_one_to_four_networks(count: int) -> None:
    keys = ["lenet5_modern", "cifar_resnet20", "mobilenet_v1", "vgg11"][:count]
    app = opened("compare", networks=keys)
    assert not app.exception
    assert len(app.dataframe) >= count
