"""What a class does on the Predict page with files of its own, in a real browser."""

import csv
import io
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from analysis.vision.samples import samples

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def test_two_files_one_broken_become_a_table_and_a_csv(page: Page, server: str) -> None:
    page.goto(f"{server}/predict?networks=cifar_resnet20")
    page.wait_for_selector(SETTLED)
    page.get_by_role("radio", name="Several pictures").click()
    page.wait_for_url(re.compile("part=several"))
    page.get_by_role("radio", name="Your pictures").click()
    page.wait_for_url(re.compile("set=upload"))
    star = samples()["shape-star"].path.read_bytes()
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "=1+1.png", "mimeType": "image/png", "buffer": star},
            {"name": "<b>cut</b>.png", "mimeType": "image/png", "buffer": star[:200]},
        ]
    )
    expect(page.get_by_text("File 2: This PNG file is damaged")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page.locator("b", has_text="cut")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the answers").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    _, good, bad = csv.reader(io.StringIO(text, newline=""))
    assert good[:2] == ["'=1+1.png", "star"]
    assert bad[:2] == ["<b>cut</b>.png", ""]
    assert "damaged" in bad[-1]
