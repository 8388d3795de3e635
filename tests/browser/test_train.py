"""Start a training, go elsewhere, come back, and take the curves along."""

import re

from playwright.sync_api import Page, expect

QUERY = "networks=cifar_resnet20&pixels=16&learned=64&unseen=20&batch=16&epochs=10"


def test_a_training_goes_on_while_another_page_is_shown(page: Page, server: str) -> None:
    page.goto(f"{server}/train?{QUERY}")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("ResNet-20 trains")).to_be_visible()
    expect(page.get_by_text(re.compile(r"step \d+ of 40, loss"))).to_be_visible()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What made")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Train").click()
    expect(page.get_by_text("ResNet-20 is done")).to_be_visible(timeout=120_000)
    expect(page.get_by_text("of 20 unseen pictures right after 10 epochs")).to_be_visible()
    with page.expect_download() as curves:
        page.get_by_role("button", name="Curves (CSV)").click()
    text = curves.value.path().read_text(encoding="utf-8")
    assert len(text.splitlines()) == 1 + 10
    expect(page.get_by_role("button", name="Weights of ResNet-20")).to_be_visible()
