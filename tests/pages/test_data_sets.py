"""What a page offers for data that is not here yet: a download, and the user's own pictures."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from analysis.experiments import cifar
from analysis.experiments.workshop import Workshop
from pages.parts.training import shop
from tests.pages.app import opened, words


def png(red: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (red, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "/") + ".png", data)
    return buffer.getvalue()


def choosing() -> None:
    """A page with nothing on it but the choice of pictures."""
    import streamlit as st

    from pages.parts import url
    from pages.parts.data_sets import own

    with url.addressed():
        found = own.choose()
        st.caption(f"classes: {found.classes if found else None}")


def fetching() -> None:
    """A page with nothing on it but CIFAR-10."""
    import streamlit as st

    from analysis.experiments.sources import SOURCES
    from pages.parts.data_sets import archive

    st.caption(f"is here: {archive.is_here(SOURCES['cifar10'])}")


def test_a_zip_is_read_and_what_is_not_used_is_said() -> None:
    app = AppTest.from_function(choosing, default_timeout=60)
    app.query_params["own"] = "files"
    app.run()
    assert "classes: None" in words(app)
    good = zipped(cat_1=png(1), cat_2=png(2), dog_1=png(3), dog_2=png(4), dog_3=b"<b>no</b>")
    app.file_uploader[0].upload("pets.zip", good, "application/zip").run()
    assert not app.exception
    text = words(app)
    assert "4 pictures of 2 classes: cat (2) and dog (2). 1 file not used." in text
    assert "classes: ('cat', 'dog')" in text
    assert "- 3.png: This is not a picture in a format that is read here" in text
    assert len(app.get("image")) == 1


def test_one_class_is_refused_in_a_sentence() -> None:
    app = AppTest.from_function(choosing, default_timeout=60)
    app.query_params["own"] = "files"
    app.run()
    app.file_uploader[0].upload("z.zip", zipped(cat_1=png(1), cat_2=png(2)), "a/zip").run()
    assert not app.exception
    assert "There is one class, cat, among 2 pictures." in app.warning[0].value
    assert "classes: None" in words(app)
    app.run()
    assert "There is one class" in app.warning[0].value


def test_pictures_are_kept_for_another_page() -> None:
    app = AppTest.from_function(choosing, default_timeout=60)
    app.query_params["own"] = "files"
    app.run()
    good = zipped(cat_1=png(1), cat_2=png(2), dog_1=png(3), dog_2=png(4))
    app.file_uploader[0].upload("pets.zip", good, "application/zip").run()
    app.segmented_control(key="own").set_value("folder").run()  # another widget, empty
    assert "Upload others to replace them." in words(app)
    assert "classes: ('cat', 'dog')" in words(app)


def test_a_data_set_is_fetched_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CNN_ATLAS_DATA", str(tmp_path))
    monkeypatch.setattr(cifar, "is_intact", lambda path, _: path.exists())
    monkeypatch.setattr(cifar, "download", lambda _, path, *__: path.write_bytes(b"whole"))
    app = AppTest.from_function(fetching, default_timeout=60).run()
    assert "is here: False" in words(app)
    assert "CIFAR-10 comes from its owner, [https://www.cs.toronto.edu/~kriz/cifar-10" in words(app)
    assert app.button[0].label == "Fetch CIFAR-10 (162 MiB)"
    app.button[0].click().run()
    assert not app.exception
    assert "is here: True" in words(app)
    assert not app.button


def test_without_a_connection_the_page_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CNN_ATLAS_DATA", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # the discard port: nobody listens
    app = AppTest.from_function(fetching, default_timeout=60).run()
    app.button[0].click().run()
    assert not app.exception
    assert "CIFAR-10 could not be fetched." in app.warning[0].value
    assert f"put the file at {tmp_path}" in app.warning[0].value


def button(app: AppTest, label: str) -> Button:
    return next(one for one in app.button if one.label == label)


def test_the_train_page_learns_the_users_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workshop, "_next", lambda _: None)  # jobs wait: nothing is trained here
    queue = Workshop(slots=1)
    monkeypatch.setattr(shop, "workshop", lambda: queue)
    query = {"networks": "cifar_resnet20", "pixels": "16", "epochs": "1", "batch": "4"}
    app = opened("train", **query, data="folder", own="files", augment="crop+flip")
    assert not app.exception
    assert "There are no pictures of your own to learn from" in words(app)
    assert button(app, "Train").disabled
    many = {f"cat_{i}": png(i) for i in range(9)} | {f"dog_{i}": png(10 + i) for i in range(9)}
    app.file_uploader[0].upload("pets.zip", zipped(**many), "application/zip").run()
    assert not button(app, "Train").disabled
    button(app, "Train").click().run()
    assert not app.exception
    (ticket,) = queue.open()
    ticket.order("cancel")
    (run,) = ticket.job.runs
    assert (run.train, run.test, run.augment) == (14, 4, "crop+flip")
    assert ticket.job.folder is not None
    assert ticket.job.folder.counts() == {"cat": 9, "dog": 9}
    assert "--data folder" in run.command()
    assert "--augment crop+flip" in run.command()
    assert run.command().endswith("--pictures FOLDER")
    queue.close()


def test_the_train_page_offers_to_fetch_what_is_not_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CNN_ATLAS_DATA", str(tmp_path))
    app = opened("train", networks="cifar_resnet20", data="cifar100")
    assert not app.exception
    assert button(app, "Fetch CIFAR-100 (161 MiB)")
    assert button(app, "Train").disabled
    assert "CIFAR-100 is not on this machine" in words(app)
