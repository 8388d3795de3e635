"""The page on counting, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import settled


def test_another_optimiser_moves_the_number(page: Page, server: str) -> None:
    page.goto(f"{server}/counting?networks=lenet5_modern")
    expect(page.get_by_role("heading", level=1)).to_contain_text("four counters")
    settled(page)
    page.get_by_role("radio", name="Memory").click()
    said = page.get_by_text("To train LeNet-5 (modern) on 32 images takes")
    expect(said).to_contain_text("takes 2.44 MiB")  # with two numbers for each weight
    page.get_by_role("combobox", name="Optimiser").click()
    page.get_by_role("option", name="SGD", exact=True).click()
    expect(said).to_contain_text("takes 1.97 MiB")  # 2 × 4 × 61,706 bytes less
    page.wait_for_url(re.compile("count=memory.*optimiser=sgd"))
