"""Upload two classes, train, look at the confusion matrix, and ask the classifier."""

import io
import re
import zipfile

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

COLOURS = {"red": (200, 40, 40), "blue": (40, 40, 200)}


def zipped(each: int = 8) -> bytes:
    """A zip with a folder for each class, of pictures in about its colour."""
    rng = np.random.default_rng(0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, colour in COLOURS.items():
            for number in range(each):
                pixels = np.clip(rng.normal(colour, 30, (40, 40, 3)), 0, 255).astype(np.uint8)
                png = io.BytesIO()
                Image.fromarray(pixels).save(png, "PNG")
                archive.writestr(f"{name}/{number}.png", png.getvalue())
    return buffer.getvalue()


def step(page: Page, name: str) -> None:
    page.get_by_test_id("stButtonGroup").first.get_by_text(name).click()


def test_two_classes_are_uploaded_learned_judged_and_used(page: Page, server: str) -> None:
    page.goto(f"{server}/transfer?lesson=own&own=files")
    page.get_by_test_id("stFileUploader").locator("input").set_input_files(
        {"name": "colours.zip", "mimeType": "application/zip", "buffer": zipped()}
    )
    expect(page.get_by_text("16 pictures of 2 classes: blue (8) and red (8).")).to_be_visible()
    step(page, "2 Train")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text(re.compile(r"last layer only: 4 of 4 pictures right"))).to_be_visible()
    step(page, "3 Evaluate")
    expect(page.get_by_text(re.compile("16 of 16 pictures right, each held out"))).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart").first).to_contain_text("right class")
    step(page, "4 Use")
    expect(page.get_by_text("It is of the class red.")).to_be_visible()
    expect(page.get_by_text("Your classifier says red")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile("Weights, labels, card")).click()
    with zipfile.ZipFile(taken.value.path()) as archive:
        assert "predict.py" in archive.namelist()
    page.get_by_role("link", name="Beside other networks on Predict").click()
    expect(page.get_by_role("heading", name="Your classifier")).to_be_visible()
