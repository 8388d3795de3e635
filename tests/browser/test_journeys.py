"""What a class does, in a real browser."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"


def settled(page: Page) -> None:
    """Wait until the script has run to its end."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')


def choose_network(page: Page, name: str) -> None:
    box = page.get_by_role("combobox", name=re.compile("Networks in focus"))
    box.click()
    box.fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    settled(page)


def test_choose_two_networks_and_compare_them(page: Page, server: str) -> None:
    page.goto(server)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Compare").click()
    settled(page)
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("Choose a network in the sidebar")).to_be_visible()
    choose_network(page, "GoogLeNet")
    choose_network(page, "MobileNet v1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Where do GoogLeNet and MobileNet v1 differ?"
    )
    expect(page.locator(".js-plotly-plot .scatterlayer .trace")).to_have_count(2)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(4)
    page.wait_for_url(re.compile("networks=googlenet&networks=mobilenet_v1"))  # at the run's end


def test_upload_a_digit_and_see_its_class(page: Page, server: str, tmp_path: Path) -> None:
    """A file that is no picture gets a sentence, and the next one an answer."""
    file = tmp_path / "notes.png"
    file.write_text("no picture at all", encoding="utf-8")
    page.goto(f"{server}/predict?networks=lenet5_modern&source=upload")
    settled(page)
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.get_by_test_id("stAlert")).to_contain_text("PNG, JPEG")
    page.locator('input[type="file"]').set_input_files(SAMPLES / "digit-5.jpg")
    expect(page.get_by_text("LeNet-5 (modern) says")).to_contain_text("says 5 with")
    expect(page.locator(".js-plotly-plot .barlayer .point").first).to_be_visible()


def test_copied_address_opens_the_same_state(page: Page, server: str, browser: Browser) -> None:
    page.goto(f"{server}/architecture?networks=googlenet")
    settled(page)
    page.get_by_role("combobox", name="Stage").click()
    page.get_by_role("option", name="inception3a").click()
    settled(page)
    page.get_by_role("radio", name="Memory").click()
    page.wait_for_url(re.compile("stage=inception3a.*quantity=memory"))
    copied = page.url
    other = browser.new_context().new_page()
    other.goto(copied)
    settled(other)
    expect(other.get_by_role("heading", level=1)).to_contain_text("GoogLeNet")
    expect(other.get_by_test_id("stGraphVizChart")).to_contain_text("5×5 convolution")
    expect(other.get_by_role("radio", name="Memory")).to_be_checked()
    assert other.url == copied
    other.context.close()


def test_the_network_chosen_at_home_stays_from_page_to_page(page: Page, server: str) -> None:
    page.goto(server)
    settled(page)
    page.get_by_test_id("stMain").get_by_role("link", name="2014 GoogLeNet").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How is GoogLeNet built")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Counting").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("GoogLeNet")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What made")
    page.get_by_test_id("stSidebar").get_by_role("link", name="Architecture").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How is GoogLeNet built")
    page.wait_for_url(re.compile("networks=googlenet"))


def test_back_undoes_choices_and_then_leaves_the_page(page: Page, server: str) -> None:
    page.goto(server)
    settled(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Architecture").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("How is VGG-16")
    settled(page)
    page.get_by_role("radio", name="Memory").click()
    page.wait_for_url(re.compile("quantity=memory"))
    settled(page)
    page.go_back()
    expect(page.get_by_role("radio", name="Parameters")).to_be_checked()
    settled(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What made")
