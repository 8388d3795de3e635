"""What a class does with feature maps, in a real browser."""

import re

from playwright.sync_api import Page, expect

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def test_a_click_on_a_map_shows_the_pixels_that_it_answers_to(page: Page, server: str) -> None:
    page.goto(f"{server}/features?networks=lenet5_modern&sample=digit-3")
    page.wait_for_selector(SETTLED)
    page.get_by_role("combobox", name="Layer").click()
    page.get_by_role("option", name="c1 ·").click()
    expect(page.get_by_text("The 6 strongest of 6 maps, 28 × 28 values each")).to_be_visible()
    page.wait_for_url(re.compile("layer=c1"))
    page.wait_for_selector(SETTLED)
    grid = page.locator(".js-plotly-plot").first
    third = grid.locator(".bars .point").nth(2).bounding_box()
    channel = grid.locator(".annotation").nth(2).text_content()
    assert third
    assert channel
    page.mouse.click(third["x"] + third["width"] / 2, third["y"] + third["height"] * 0.7)
    page.wait_for_url(re.compile(r"channel=\d"))
    number = page.url.split("channel=")[1].split("&")[0]
    assert channel.startswith(number)
    question = page.get_by_role("heading", name=f"Which pixels does channel {number} answer to?")
    expect(question).to_be_visible()
    expect(page.get_by_text("of the gradient lies in the box")).to_be_visible()
