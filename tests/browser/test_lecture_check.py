"""What a lecturer does with the slides, in a real browser."""

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import settled


def test_a_claim_leads_to_the_page_that_shows_it(page: Page, server: str) -> None:
    page.goto(f"{server}/lecture_check?claim=c073")
    settled(page)
    page.get_by_role("link", name="See where it comes from").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How is GoogLeNet built")
    settled(page)
    assert "layer=inception3b.cat" in page.url
