"""What a class does with maps of attribution, in a real browser."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

SAMPLES = Path(__file__).parents[2] / "assets" / "samples"
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PAIR = "networks=cifar_resnet20&networks=cifar_plain20"


def test_slow_work_stops_and_starts_again(page: Page, server: str) -> None:
    """One square in 28 and a quarter of it at a time: 11,881 pictures through the network."""
    slow = "networks=mobilenet_v2&methods=occlusion&methods=saliency&window=28&stride=4"
    page.goto(f"{server}/attribution?{slow}")
    stop = page.get_by_test_id("stButton").get_by_role("button", name="Stop", exact=True)
    again = page.get_by_role("button", name="Start again")
    stop.dispatch_event("click")  # on a slow machine the bar above it never comes to rest
    expect(again).to_be_visible()
    page.wait_for_selector(SETTLED)
    expect(page.get_by_role("img", name=re.compile("^Saliency of "))).to_be_visible()
    again.click()
    expect(stop).to_be_visible()
    expect(again).to_have_count(0)
    stop.dispatch_event("click")
    expect(again).to_be_visible()


def test_upload_grid_change_the_class_and_share(page: Page, server: str, browser: Browser) -> None:
    page.goto(f"{server}/attribution?{PAIR}&methods=saliency&methods=grad_cam&source=upload")
    page.wait_for_selector(SETTLED)
    page.locator('input[type="file"]').set_input_files(SAMPLES / "shape-heart.png")
    expect(page.get_by_text("Maps for heart; the probability of heart is")).to_have_count(2)
    drawn = page.get_by_role("img", name=re.compile("^(Saliency|Grad-CAM) of "))
    expect(drawn).to_have_count(4)
    before = drawn.first.get_attribute("src")
    page.get_by_role("combobox", name="Which pixels speak for the class").click()
    page.get_by_role("option", name="ring", exact=True).click()
    expect(page.get_by_text("Maps for ring")).to_have_count(2)
    page.wait_for_url(re.compile("class=ring"))
    page.wait_for_selector(SETTLED)
    assert drawn.first.get_attribute("src") != before
    expect(drawn.first).to_have_js_property("complete", True)
    assert drawn.first.evaluate("image => image.naturalWidth") >= 224
    expect(page.get_by_text("but not your picture")).to_be_visible()
    other = browser.new_context().new_page()
    other.goto(page.url)
    other.wait_for_selector(SETTLED)
    expect(other.get_by_text("but not your picture")).to_be_visible()
    other.get_by_role("radio", name="A sample").click()
    expect(other.get_by_text("Maps for ring")).to_have_count(2)
    expect(other.get_by_role("img", name=re.compile("^(Saliency|Grad-CAM) of "))).to_have_count(4)
    other.context.close()
