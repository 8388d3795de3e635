"""Bubbles that are clicked, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import settled


def click_first_bubble(page: Page) -> None:
    """Click the largest bubble; Plotly takes the mouse above it, not the bubble itself."""
    bubble = page.locator(".js-plotly-plot .scatterlayer .points path").first
    expect(bubble).to_be_visible()
    box = bubble.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_click_a_bubble_put_it_in_focus_and_open_it(page: Page, server: str) -> None:
    page.goto(f"{server}/landscape?families=alexnet&networks=vgg11")
    settled(page)
    click_first_bubble(page)  # of that family only the network of one tower has public weights
    expect(page.get_by_text("AlexNet (one tower) (2014)")).to_be_visible()
    page.wait_for_url(re.compile("bubble=alexnet_owt"))
    page.get_by_role("button", name="Put in focus").click()
    page.wait_for_url(re.compile("networks=vgg11&networks=alexnet_owt"))
    expect(page.get_by_role("button", name="Take out of focus")).to_be_visible()
    page.get_by_role("link", name="Open in Architecture").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How is AlexNet (one tower)")
    page.wait_for_url(re.compile("architecture.*networks=vgg11&networks=alexnet_owt"))
