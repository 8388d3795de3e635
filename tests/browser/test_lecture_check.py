"""What a lecturer does with the slides, in a real browser."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journeys import settled


def test_filter_the_claims_and_share_the_link(page: Page, server: str, browser: Browser) -> None:
    page.goto(f"{server}/lecture_check?claim=c101")
    settled(page)
    expect(page.get_by_text("Of 200 claims")).to_be_visible()
    expect(page.get_by_text("not 358M, which is 31.9% too high")).to_be_visible()
    page.get_by_role("combobox", name="Verdict").click()
    page.get_by_role("option", name="does not hold").click()
    page.wait_for_url(re.compile("verdict=fails"))
    settled(page)
    rows = page.get_by_test_id("stDataFrame").locator("canvas table")
    expect(rows).to_contain_text("The values that VGG-16 keeps for one image take 96 MB.")
    other = browser.new_context().new_page()
    other.goto(page.url)
    settled(other)
    expect(other.get_by_role("combobox", name="Verdict")).to_have_value("does not hold")
    expect(other.get_by_text("not 358M, which is 31.9% too high")).to_be_visible()
    assert other.url == page.url
    other.context.close()


def test_a_claim_leads_to_the_page_that_shows_it(page: Page, server: str) -> None:
    page.goto(f"{server}/lecture_check?claim=c073")
    settled(page)
    page.get_by_role("link", name="See where it comes from").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How is GoogLeNet built")
    settled(page)
    assert "layer=inception3b.cat" in page.url
