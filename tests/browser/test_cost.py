"""The Cost page in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import settled


def test_a_slider_moves_the_sentence_and_the_link_shows_the_same(page: Page, server: str) -> None:
    page.goto(f"{server}/cost?networks=googlenet")
    settled(page)
    expect(page.get_by_text("3.15 times fewer")).to_be_visible()
    slider = page.get_by_role("slider", name="Bottleneck before 3×3")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("inception_three_reduce=96"))
    settled(page)
    # 64 to 96 channels: 784 x (32 x 256 + 9 x 192 x 32) more than 271,351,808
    expect(page.get_by_test_id("stMain")).to_contain_text("321,126,400")
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    settled(page)
    expect(page.get_by_test_id("stMain")).to_contain_text("321,126,400")
    page.get_by_role("radio", name="Head").click()
    expect(page.get_by_test_id("stMain")).to_contain_text("102,760,448")
