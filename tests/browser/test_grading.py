"""What a class does on the page about explanations, in a real browser."""

import re

from playwright.sync_api import Page, expect

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def test_from_the_pointing_game_to_the_cheat(page: Page, server: str) -> None:
    page.goto(f"{server}/grading?networks=cifar_resnet20&run=here&graded=5&rated=saliency")
    page.wait_for_selector(SETTLED)
    expect(page.get_by_text("5 of 5 pictures from the test split")).to_be_visible()
    page.get_by_role("radio", name="Share inside").click()
    page.wait_for_url(re.compile("score=inside"))
    expect(page.get_by_text("How much of what speaks for the class")).to_be_visible()
    page.get_by_role("radio", name="Shortcut").click()
    page.wait_for_url(re.compile("score=shortcut"))
    expect(page.get_by_text("No tag: circle")).to_be_visible()
