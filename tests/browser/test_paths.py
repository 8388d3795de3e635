"""What a class does on the page about paths, in a real browser."""

import re

from playwright.sync_api import Page, expect

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def test_blocks_are_switched_off(page: Page, server: str) -> None:
    page.goto(f"{server}/paths?networks=cifar_plain20")
    page.wait_for_selector(SETTLED)
    expect(page.get_by_text("gets 100.0% right with all blocks")).to_be_visible()
    page.get_by_role("button", name="layer3.1").click()
    page.wait_for_url(re.compile("off=layer1.1&off=layer3.1"))
    expect(page.get_by_text("Without layer1.1 and layer3.1")).to_be_visible()
    page.wait_for_selector(SETTLED)
    page.get_by_role("button", name="FractalNet-10").click()
    expect(page.get_by_text("Column 1: 5 convolutions in a row")).to_be_visible()
    page.wait_for_url(re.compile("networks=fractalnet_c2_cifar"))
