"""The Predict page with good pictures, bad files and no connection."""

import io
import socket

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from streamlit.testing.v1 import AppTest

import cnn_models
from analysis.vision.samples import samples
from analysis.vision.shape_batch import knowing_shapes
from cnn_models import weights
from tests.pages.app import opened, words


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def uploaded(name: str, data: bytes) -> AppTest:
    app = opened("predict", networks="lenet5_modern", source="upload")
    return app.file_uploader[0].set_value((name, data, "application/octet-stream")).run()


@pytest.mark.parametrize("digit", [3, 5, 8])
def test_photographed_digit_is_read_and_its_way_in_is_shown(digit: int) -> None:
    app = opened("predict", networks="lenet5_modern", sample=f"digit-{digit}")
    assert not app.exception
    assert f"says **{digit}** with" in words(app)
    assert "The network gets 1 × 1,024 numbers from 0.00 to 1.00" in words(app)
    assert len(app.get("image")) == 1 + 6 + 1  # the picture, the six steps, the channel of ink


@pytest.mark.parametrize(("shape", "first"), [("star", 0), ("heart", 0), ("crescent", -4)])
def test_shipped_networks_name_the_shape(shape: str, first: int) -> None:
    keys = list(knowing_shapes()[first:][:4])  # the last of five with the last shape
    app = opened("predict", networks=keys, sample=f"shape-{shape}")
    assert not app.exception
    assert words(app).count(f"says **{shape}** with") == len(keys) == 4


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
    app = opened("predict", networks="plain18")
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
    app = opened("predict", networks="mobilenet_v1")
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


SHAPES = ["cifar_plain20", "mobilenet_v1_x0_25"]


def test_ten_images_are_shown_with_their_answers_and_their_price() -> None:
    app = opened("predict", part="crops", networks="cifar_resnet20", sample="shape-star")
    assert not app.exception
    said = words(app)
    assert "says **star** with" in said
    # 40.55 M for one image, as the catalogue has it from another counter
    assert "10 times the work: 405.5 M multiply-adds" in said
    assert "Here it is 37" in said
    captions = [image.proto.imgs[0].caption for image in app.get("image")]
    assert sum("mirrored: star" in caption for caption in captions) == 5


@pytest.mark.parametrize("looks", ["flip", "ten", "dense"])
def test_a_digit_is_not_mirrored_or_cut_and_the_page_says_why(looks: str) -> None:
    app = opened("predict", part="crops", networks="lenet5_modern", looks=looks)
    assert not app.exception
    assert "1 image" in app.info[0].value


def test_dense_evaluation_is_shown_at_three_sizes() -> None:
    app = opened("predict", part="crops", networks="cifar_resnet20", looks="dense")
    assert not app.exception
    assert "at 32 × 32, " in words(app)
    assert "at 41 × 41 pixels" in words(app)


def test_networks_are_averaged_and_counted_on_shapes() -> None:
    app = opened("predict", part="together", networks=SHAPES, sample="shape-heart", judged="100")
    assert not app.exception
    said = words(app)
    assert "Together they say **heart**" in said
    assert "of 100 images, the best of them alone" in said
    assert "Images 0 to 99 of the test split of Shapes, seed 0" in said


def test_networks_of_different_classes_are_not_averaged() -> None:
    keys = ["lenet5_modern", "cifar_resnet20"]
    app = opened("predict", part="together", networks=keys)
    assert not app.exception
    assert words(app).count("is the only network in focus that knows its classes") == 2
    assert "two networks that know the same classes" in words(app)


def test_a_temperature_changes_the_probability_and_not_the_class() -> None:
    query = {"networks": "cifar_resnet20", "sample": "shape-ring", "judged": "100"}
    app = opened("predict", part="sure", temperature="4.0", **query)
    assert not app.exception
    assert "T = 4 brings **ring** from" in words(app)
    assert "expected calibration error" in words(app)


def test_a_network_without_truth_leads_to_those_that_have_one() -> None:
    app = opened("predict", part="sure", networks="lenet5_modern")
    assert not app.exception
    assert "only where the truth is known" in words(app)


def test_values_that_are_none_are_said_and_the_page_goes_on() -> None:
    query = {"temperature": "-1", "judged": "7", "drawn": "x"}
    app = opened("predict", part="sure", networks="cifar_resnet20", **query)
    assert not app.exception
    said = " ".join(warning.value for warning in app.warning)
    for value in query.values():
        assert f"`{value}`" in said


def several(*files: tuple[str, bytes]) -> AppTest:
    app = opened("predict", part="several", set="upload", networks=SHAPES)
    return app.file_uploader[0].set_value([(*file, "image/png") for file in files]).run()


def test_the_samples_stand_in_a_table() -> None:
    app = opened("predict", part="several", networks=SHAPES)
    assert not app.exception
    shown = app.dataframe[0].value
    assert len(shown) == len(samples())
    assert list(shown.loc[shown["file"] == "shape-star.png"].iloc[0].iloc[[3, 5]]) == [
        "star",
        "star",
    ]
    assert "Do they agree" in words(app)


def test_bad_files_in_a_batch_are_said_and_the_others_are_answered() -> None:
    star = samples()["shape-star"].path.read_bytes()
    bad = [(f"{case}.png", data) for case, data in BAD.items()]
    app = several(("<b>x</b>.png", star), *bad, ("**last**.png", star))
    assert not app.exception
    shown = app.dataframe[0].value
    assert list(shown["file"])[::6] == ["<b>x</b>.png", "**last**.png"]
    assert list(shown.iloc[[0, -1], 3]) == ["star", "star"]
    said = [warning.value for warning in app.warning]
    assert [text.split(":")[0] for text in said] == [f"File {n}" for n in range(2, 7)]
    assert "<b>" not in words(app)
    assert "last" not in words(app)


def test_uploads_of_one_session_are_not_kept_for_another() -> None:
    from pages.parts import work

    star = samples()["shape-star"].path.read_bytes()
    app = several(("secret-name.png", star))
    assert list(app.dataframe[0].value["file"]) == ["secret-name.png"]
    kept = work._answers()._kept
    assert kept
    assert not any(b"secret-name" in content for content in kept.values())
    assert not any("secret-name" in str(name) for name in kept)
