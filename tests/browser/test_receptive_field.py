"""What a class does with receptive fields, in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.test_journeys import settled

KERNEL = 114 + 40  # pixels from the left edge of the table, behind the layer


def test_a_cell_that_is_edited_moves_the_numbers_or_is_refused(page: Page, server: str) -> None:
    page.goto(f"{server}/receptive_field?part=build&stack=c3-c3-c3&side=9")
    settled(page)
    expect(page.get_by_text("sees 7 × 7 pixels")).to_be_visible()
    write(page, 1, "4")
    write(page, 2, "1")  # at once, while the page still runs
    expect(page.get_by_text("sees 6 × 6 pixels")).to_be_visible()
    page.wait_for_url(re.compile("stack=c4-c1-c3"))
    settled(page)
    write(page, 1, "11")
    expect(page.get_by_test_id("stAlert")).to_contain_text("Row 1: The window of 11 is larger")
    page.wait_for_url(re.compile("stack=c11-c1-c3"))
    settled(page)
    page.go_back()
    expect(page.get_by_text("sees 6 × 6 pixels")).to_be_visible()


def write(page: Page, row: int, kernel: str) -> None:
    """Put a kernel into a row of the table, counted from 1."""
    table = page.get_by_test_id("stDataFrame").first.locator(".dvn-scroller")
    table.dblclick(position={"x": KERNEL, "y": 35 * row + 17})
    cell = page.locator(".gdg-input, #portal input").first
    cell.fill(kernel)
    cell.press("Enter")


def test_a_click_on_a_point_shows_what_its_layer_sees(page: Page, server: str) -> None:
    page.goto(f"{server}/receptive_field?part=network&networks=alexnet_owt&measure=False")
    settled(page)
    expect(page.get_by_text("sees 195 × 195 pixels")).to_be_visible()
    chart = page.locator(".js-plotly-plot").nth(1)
    point = chart.locator(".scatterlayer .trace").nth(1).locator(".point").nth(1).bounding_box()
    assert point
    page.mouse.click(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    expect(page.get_by_text("sees 11 × 11 pixels")).to_be_visible()
    page.wait_for_url(re.compile("at="))
