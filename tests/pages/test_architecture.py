"""Paper beside code, the family's table, and the choice among many networks."""

from streamlit.testing.v1 import AppTest

import cnn_models
from analysis.structure.relatives import relatives
from pages.parts import focus
from tests.networks import EVERY, one_of_each_family
from tests.pages.app import opened, words


def test_ledger_shows_three_columns_and_explains_the_differences() -> None:
    app = opened("architecture", networks="googlenet")
    assert not app.exception
    text = words(app)
    assert "torchvision, of GoogLeNet with batch norm" in text
    assert "13,004,888" in text  # the owner's file, with its auxiliary heads
    assert "5×5 convolutions are 3×3 here" in text


def test_a_network_without_public_weights_says_so() -> None:
    app = opened("architecture", networks="cifar_resnet110")
    assert not app.exception
    assert "none known" in words(app)


def test_vgg_shows_the_table_of_its_paper() -> None:
    text = words(opened("architecture", networks="vgg16"))
    for name in ("VGG-11 (A)", "VGG-11 (A-LRN)", "VGG-13 (B)", "VGG-16 (C)", "VGG-19 (E)"):
        assert f">{name}</a>" in text
    assert "<b>VGG-16 (D)</b>" in text
    assert "conv3-512" in text


def test_googlenet_shows_table_1() -> None:
    app = opened("architecture", networks="googlenet")
    table = next(frame.value for frame in app.dataframe if "#3×3 reduce" in frame.value)
    assert "inception (4e)" in list(table["type"])


def test_another_paper_of_the_family_stands_in_the_address() -> None:
    app = opened("architecture", networks="resnet50")
    app.selectbox(key="paper").set_value("cifar_resnet").run()
    assert not app.exception
    assert "ResNet-1202" in words(app)
    assert app.query_params["paper"] == "cifar_resnet"
    again = opened("architecture", networks="resnet50", paper="cifar_resnet")
    assert "ResNet-1202" in words(again)


def test_the_paper_is_forgotten_with_the_family() -> None:
    app = opened("architecture", networks="resnet50", paper="cifar_resnet")
    app.multiselect(key="networks").set_value(["inception_v3"]).run()
    assert not app.exception
    assert not app.warning
    assert "paper" not in app.query_params
    assert app.selectbox(key="paper").value == "inception_v3"


@one_of_each_family
def test_a_network_has_its_page_with_the_tables_of_its_family(key: str) -> None:
    spec = cnn_models.spec(key)
    app = opened("architecture", networks=key)
    assert not app.exception
    assert spec.display_name in app.title[0].value
    parameters = next(metric for metric in app.metric if metric.label == "Parameters")
    assert parameters.help == f"{spec.exact_params:,}"
    tables = relatives(spec.family)
    for table in tables[1:] if EVERY else tables[1:][-1:]:
        app.selectbox(key="paper").set_value(table.name).run()
        assert not app.exception
    frames = [frame.value for frame in app.dataframe if "network" in frame.value]
    counts = [len(rows) for rows in frames]
    last = len(tables[-1].keys)
    assert counts == ([last] if last > 1 else [])  # one network has its figures above already


def test_names_of_networks_are_unique() -> None:
    names = [focus.display_name(key) for key in cnn_models.names()]
    assert len(set(names)) == len(names)


def offered(app: AppTest) -> list[str]:
    return app.multiselect(key="networks").options


def test_all_networks_are_offered_in_teaching_order() -> None:
    app = opened("compare", networks="vgg16")
    assert offered(app) == [focus.display_name(key) for key in cnn_models.names()]


def test_a_family_shortens_the_list_and_keeps_what_is_in_focus() -> None:
    app = opened("compare", networks=["vgg16", "resnet50"])
    app.selectbox(key=focus.FAMILY).set_value("densenet").run()
    assert not app.exception
    assert app.multiselect(key="networks").value == ["vgg16", "resnet50"]
    assert len(offered(app)) == len(cnn_models.names("densenet")) + 2
    app.multiselect(key="networks").set_value(["vgg16", "densenet121"]).run()
    assert app.query_params["networks"] == ["vgg16", "densenet121"]
    app.selectbox(key=focus.FAMILY).set_value(None).run()
    assert app.multiselect(key="networks").value == ["vgg16", "densenet121"]
    assert len(offered(app)) == len(cnn_models.names())


def test_the_address_names_networks_of_any_family() -> None:
    app = opened("compare", networks="vgg16")
    app.selectbox(key=focus.FAMILY).set_value("densenet").run()
    app.query_params["networks"] = "alexnet"  # a link from elsewhere
    app.run()
    assert app.multiselect(key="networks").value == ["alexnet"]
    assert not app.warning
