"""What a class does on the page about savings, in a real browser."""

import re

from playwright.sync_api import Browser, Page, expect

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def test_a_slider_moves_the_sentence(page: Page, server: str) -> None:
    page.goto(f"{server}/cost")
    page.wait_for_selector(SETTLED)
    expect(page.get_by_text("271.4 M multiply-adds, the naive module")).to_be_visible()
    page.get_by_role("slider", name="Bottleneck before 3×3").press("ArrowRight")
    # 8 channels more: 28·28·8·(256 + 192·9) = 12.4 M
    expect(page.get_by_text("283.8 M multiply-adds, the naive module")).to_be_visible()
    page.wait_for_url(re.compile("inception_three_reduce=72"))


def test_a_shared_link_opens_the_same_sums(page: Page, server: str, browser: Browser) -> None:
    page.goto(f"{server}/cost?networks=vgg16")
    page.wait_for_selector(SETTLED)
    page.get_by_role("radio", name="Head").click()
    expect(page.get_by_text("241 times fewer")).to_be_visible()
    page.get_by_role("slider", name="Height and width of the map").press("ArrowRight")
    page.get_by_role("radio", name="Multiply-adds").click()
    page.wait_for_url(re.compile("quantity=macs"))
    copied = page.url
    other = browser.new_context().new_page()
    other.goto(copied)
    other.wait_for_selector(SETTLED)
    # 512·8·8·4096 + 4096·4096 + 4096·1000
    expect(other.get_by_text("fully connected head has 155.1 M")).to_be_visible()
    expect(other.get_by_role("radio", name="Multiply-adds")).to_be_checked()
    assert other.url == copied
    other.context.close()
