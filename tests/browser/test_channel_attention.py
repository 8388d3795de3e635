"""From early gates to late ones, in a real browser."""

import re

from playwright.sync_api import Page, expect


def test_from_one_block_to_the_classes(page: Page, server: str) -> None:
    page.goto(f"{server}/channel_attention")
    expect(page.get_by_text("VGG-16 (D) and ResNet-50 have no gates.")).to_be_visible()
    page.get_by_role("button", name="SE-ResNet-20 (CIFAR-10)").click()
    page.wait_for_url(re.compile("networks=cifar_se_resnet20"))
    expect(page.get_by_text("have no gates")).to_be_hidden()
    expect(page.get_by_text("The second picture moves them by")).to_be_visible()
    page.get_by_role("radio", name="By class").click()
    expect(page.get_by_text("Early gates are much the same for every class")).to_be_visible()
    page.get_by_role("combobox", name=re.compile("Block of SE-ResNet-20")).click()
    page.get_by_role("option", name=re.compile(r"layer3\.2")).click()
    page.wait_for_url(re.compile(r"gate=layer3\.2"))
    expect(page.get_by_text("The average gate for some classes in")).to_contain_text("layer3.2")
