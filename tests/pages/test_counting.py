"""The page on counting, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from analysis.structure import gpu_memory
from pages.parts.counting import counts
from tests.pages.app import opened, words


def test_totals_quote_each_tool_and_leave_nothing_over() -> None:
    app = opened("counting", networks="vgg16")
    assert not app.exception
    assert app.title[0].value == "Why do four counters give four numbers for VGG-16 (D)?"
    text = words(app)
    assert "**torchinfo** prints 15,483,821,032, 13,556,712 more than the 15,470,264,320" in text
    assert "+13,556,712 from bias (1 for each value written)" in text
    assert "FLOPs, not multiply-adds (2 for each: a product and a sum)" in text
    assert "nothing is left over" in text
    assert "no rule for `max_pool2d` (5 ×)" in text


def test_auxiliary_heads_stand_in_the_address() -> None:
    app = opened("counting", networks="googlenet", heads="with")
    assert not app.exception
    assert "+8,372,224 from auxiliary heads" in words(app)
    assert "torchinfo finds 13,378,280 (+6,379,728)" in words(app)
    app.segmented_control(key="heads").set_value("without").run()
    assert "auxiliary heads (" not in words(app)
    assert "heads" not in app.query_params


def test_layer_by_layer_has_a_column_for_each_tool() -> None:
    app = opened("counting", networks="cifar_resnet20", count="layers")
    assert not app.exception
    tools = ["CNN Atlas", "torchinfo", "fvcore", "FlopCounterMode"]
    for table in app.dataframe:
        rows = table.value.to_dict("records")
        assert list(table.value.columns[-4:]) == tools
        assert sum(row["CNN Atlas"] for row in rows) == 40_551_040
        assert sum(row["FlopCounterMode"] for row in rows) == 2 * 40_551_040
    assert "Not all tools count batch norm" in words(app)


def in_bytes(app: AppTest) -> dict[tuple[str, str], int]:
    rows = app.dataframe[0].value.to_dict("records")
    return {(row["for"], row["part"]): row["bytes"] for row in rows}


def test_another_optimiser_changes_the_sum() -> None:
    app = opened("counting", networks="vgg16", count="memory", images="2")
    assert not app.exception
    sums = in_bytes(app)
    assert sums["training", "Optimiser state"] == 2 * 4 * 138_357_544
    app.selectbox(key="optimiser").set_value("momentum").run()
    less = in_bytes(app)
    assert sums["training", "Sum"] - less["training", "Sum"] == 4 * 138_357_544
    assert app.query_params["optimiser"] == "momentum"
    assert app.query_params["images"] == "2"


def test_a_step_can_be_followed() -> None:
    app = opened("counting", networks="lenet5_modern", count="memory", precision="mixed")
    app.button[0].click().run()
    assert not app.exception
    assert "At its worst moment the step holds" in words(app)


@pytest.mark.parametrize("images", ["0", "-3", "1000000000", "4097", "many", "1.5", ""])
def test_what_is_no_batch_is_said_and_the_default_shown(images: str) -> None:
    app = opened("counting", networks="lenet5_modern", count="memory", images=images)
    assert not app.exception
    assert "a batch of" in " ".join(warning.value for warning in app.warning)
    assert app.number_input(key="images").value == 32


def test_other_nonsense_in_the_address_is_said() -> None:
    wrong = {"count": "all", "optimiser": "rmsprop", "precision": "int8", "heads": "two"}
    app = opened("counting", networks="lenet5_modern", **wrong)
    assert not app.exception
    warnings = " ".join(warning.value for warning in app.warning)
    assert "asks for count `all`" in warnings
    assert "`optimiser`, `precision`, `heads`" in warnings


def test_the_peak_on_a_gpu_stands_beside_the_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened("counting", networks="lenet5_modern", count="memory")
    assert "no GPU that torch can use" in words(app)
    monkeypatch.setattr(gpu_memory, "device_name", lambda: "Some GPU")
    monkeypatch.setattr(gpu_memory, "measured", lambda *_: (2**31, 2**20))
    counts.on_gpu.clear()
    app.run()
    assert not app.exception
    assert "measured on Some GPU" in words(app)
    assert "Measured peak" in app.get("plotly_chart")[0].proto.spec
    counts.on_gpu.clear()


def test_the_reason_for_no_peak_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_small(*_: object) -> None:
        raise gpu_memory.NotMeasured("The memory of it is too small; try a smaller batch.")

    monkeypatch.setattr(gpu_memory, "device_name", lambda: "Some GPU")
    monkeypatch.setattr(gpu_memory, "measured", too_small)
    counts.on_gpu.clear()
    app = opened("counting", networks="lenet5_modern", count="memory")
    assert not app.exception
    assert "try a smaller batch" in words(app)
    counts.on_gpu.clear()
