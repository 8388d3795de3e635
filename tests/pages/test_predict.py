"""The Predict page with good pictures, bad files and no connection."""

import io
import socket
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from streamlit.testing.v1 import AppTest
from torch import nn

import cnn_models
from analysis.vision.attribution import METHODS
from analysis.vision.samples import samples
from cnn_models import weights
from tests.pages.app import opened, words

SHIPPED = [own.key for own in weights.shipped_all()]


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def uploaded(name: str, data: bytes) -> AppTest:
    app = opened("predict", networks="lenet5_modern", source="upload", methods="saliency")
    return app.file_uploader[0].set_value((name, data, "application/octet-stream")).run()


@pytest.mark.parametrize("digit", [3, 5, 8])
def test_photographed_digit_is_read_and_explained(digit: int) -> None:
    methods = ["saliency", "grad_cam", "integrated_gradients", "occlusion"]
    app = opened("predict", networks="lenet5_modern", sample=f"digit-{digit}", methods=methods)
    assert not app.exception
    assert f"says **{digit}** with" in words(app)
    # the picture, what the network gets, four maps, six steps
    assert len(app.get("image")) == 1 + 1 + 4 + 6


@pytest.mark.parametrize("key", [key for key in SHIPPED if key != "lenet5_modern"])
@pytest.mark.parametrize("shape", ["star", "heart", "crescent"])
def test_shipped_networks_name_the_shape(key: str, shape: str) -> None:
    app = opened("predict", networks=key, sample=f"shape-{shape}", methods="grad_cam")
    assert not app.exception
    assert f"says **{shape}** with" in words(app)


def test_maps_answer_for_the_class_in_the_address() -> None:
    query = {"networks": "lenet5_modern", "sample": "digit-3", "class-lenet5_modern": "8"}
    app = opened("predict", **query)
    assert not app.exception
    assert "The maps answer for **8**" in words(app)


def test_uploaded_digit_is_read() -> None:
    app = uploaded("photo.jpg", samples()["digit-5"].path.read_bytes())
    assert not app.exception
    assert "says **5** with" in words(app)


BAD = {
    "empty": b"",
    "text": b"this is no picture",
    "truncated": samples()["digit-3"].path.read_bytes()[:2000],
    "html": b"<html><script>alert(1)</script></html>",
    "bomb": encoded(Image.new("1", (20_000, 20_000))),
}


def written_five(mode: str) -> Image.Image:
    with Image.open(samples()["digit-5"].path) as photograph:
        return photograph.convert(mode)


def with_clear_paper() -> Image.Image:
    image = written_five("RGBA")
    grey = np.asarray(image.convert("L"))
    image.putalpha(Image.fromarray(np.where(grey > 90, 0, 255).astype(np.uint8)))
    return image


def turned_by_exif() -> bytes:
    buffer, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # orientation: to be turned by 90° clockwise
    turned = written_five("RGB").transpose(Image.Transpose.ROTATE_90)
    turned.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def animated() -> bytes:
    buffer, first = io.BytesIO(), written_five("L")
    first.save(buffer, "GIF", save_all=True, append_images=[Image.new("L", first.size, 255)])
    return buffer.getvalue()


ODD = {
    "cmyk.jpg": encoded(written_five("CMYK"), "JPEG"),
    "sixteen-bit.png": encoded(written_five("I;16").point(lambda grey: grey * 257)),
    "palette.png": encoded(written_five("P")),
    "alpha.png": encoded(with_clear_paper()),
    "animated.gif": animated(),
    "turned.jpg": turned_by_exif(),
    "misnamed.jpg": encoded(written_five("RGB"), "PNG"),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_files_of_a_five_are_read_as_five(name: str) -> None:
    app = uploaded(name, ODD[name])
    assert not app.exception
    assert "says **5** with" in words(app)


@pytest.mark.parametrize("case", BAD)
def test_bad_file_gets_a_sentence_and_the_session_lives(case: str) -> None:
    app = uploaded(f"{case}.png", BAD[case])
    assert not app.exception
    said = " ".join(warning.value for warning in app.warning)
    assert said
    assert "Traceback" not in said
    app.segmented_control(key="source").set_value("sample").run()
    assert not app.exception
    assert "LeNet-5 (modern) says" in words(app)


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (400, 3)])
def test_tiny_and_thin_pictures_give_a_result_or_a_sentence(size: tuple[int, int]) -> None:
    app = uploaded("small.png", encoded(Image.new("RGB", size, "white")))
    assert not app.exception
    assert "says" in words(app) or app.warning


def test_blank_page_is_said_to_be_blank() -> None:
    page = np.full((200, 200, 3), 230, dtype=np.uint8)
    app = uploaded("blank.png", encoded(Image.fromarray(page)))
    assert not app.exception
    assert any("cannot answer" in warning.value for warning in app.warning)


def test_untrained_networks_say_so_and_point_to_those_that_learned() -> None:
    app = opened("predict", networks="plain18", methods="saliency")
    assert not app.exception
    assert "Untrained" in words(app)
    assert "These have: they ship with the atlas" in words(app)


def test_offline_says_which_file_to_fetch_and_where_to_put_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")  # nobody listens there now
    monkeypatch.setenv("CNN_ATLAS_WEIGHTS", str(tmp_path))
    app = opened("predict", networks="mobilenet_v1", methods="saliency")
    app.button(key="fetch-mobilenet_v1").click().run()
    assert not app.exception
    said = " ".join(warning.value for warning in app.warning)
    assert f"http://127.0.0.1:{port}/timm/mobilenetv1_100" in said
    assert str(tmp_path) in said


def test_a_wrong_weights_file_is_said_and_the_other_networks_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    monkeypatch.setenv("CNN_ATLAS_WEIGHTS", str(tmp_path))
    place = weights.location(cnn_models.spec("mobilenet_v1").weights[0])
    save_file({"not.its.name": torch.zeros(3)}, place)
    app = opened("predict", networks=["mobilenet_v1", "lenet5_modern"], sample="digit-3")
    assert not app.exception
    assert any("MobileNet v1 cannot answer" in warning.value for warning in app.warning)
    assert "LeNet-5 (modern) says **3**" in words(app)


def test_a_failing_method_leaves_no_hook_and_the_next_run_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lent: list[nn.Module] = []

    def broken(network: nn.Module, *_: object) -> None:
        network.register_forward_hook(lambda *_: None)
        network.train()
        lent.append(network)
        raise RuntimeError("broken on purpose")

    working = METHODS["saliency"]
    methods = {**METHODS, "saliency": replace(working, run=broken)}
    monkeypatch.setattr("analysis.vision.attribution.asking.METHODS", methods)
    query = {"networks": "lenet5_modern", "sample": "digit-8", "class-lenet5_modern": "1"}
    app = opened("predict", methods=["saliency", "occlusion"], **query)
    assert not app.exception
    assert any("broken on purpose" in warning.value for warning in app.warning)
    network = lent[0]
    assert not any(module.training or module._forward_hooks for module in network.modules())
    monkeypatch.undo()
    app.run()
    assert not app.warning
