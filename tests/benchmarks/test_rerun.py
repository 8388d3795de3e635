"""How long a page takes to run again when everything it shows is cached."""

import pytest

from tests.pages.app import opened

PAGES = {
    "architecture": {"networks": "resnet50"},
    "compare": {"networks": ["vgg16", "resnet50", "googlenet", "mobilenet_v1"]},
    "cost": {"networks": "resnet50", "saving": "bottleneck"},
    "counting": {"networks": "resnet50", "count": "memory"},
    "landscape": {"networks": ["vgg16", "resnet50"], "bubble": "resnet18"},
    "lecture_check": {"verdict": "fails"},
    "receptive_field": {"part": "network", "networks": "googlenet"},
    "predict": {"networks": "lenet5_modern", "methods": ["saliency", "grad_cam", "occlusion"]},
}


@pytest.mark.parametrize("page", PAGES)
def test_rerun(benchmark, page: str) -> None:
    if benchmark.disabled and page != "cost":
        pytest.skip("the tests of the pages open it: timed by make benchmark")
    app = opened(page, **PAGES[page])
    benchmark.pedantic(app.run, rounds=5, warmup_rounds=1)
    assert not app.exception
    assert "Which network?" not in app.title[0].value
