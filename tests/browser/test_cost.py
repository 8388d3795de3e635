"""What a class does on the page about savings, in a real browser."""

import re

from playwright.sync_api import Page, expect

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def test_a_slider_moves_the_sentence(page: Page, server: str) -> None:
    page.goto(f"{server}/cost")
    page.wait_for_selector(SETTLED)
    expect(page.get_by_text("271.4 M multiply-adds, the naive module")).to_be_visible()
    page.get_by_role("slider", name="Bottleneck before 3×3").press("ArrowRight")
    # 8 channels more: 28·28·8·(256 + 192·9) = 12.4 M
    expect(page.get_by_text("283.8 M multiply-adds, the naive module")).to_be_visible()
    page.wait_for_url(re.compile("inception_three_reduce=72"))
