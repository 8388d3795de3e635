import contextlib
import io
import random
import struct
import tracemalloc
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from analysis.vision.images import BadImage, open_image, open_with_notes

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")


def encode(image: Image.Image, format_: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def corners() -> Image.Image:
    """48 × 32: red, green, blue and white quarters, in reading order."""
    image = Image.new("RGB", (48, 32), RED)
    image.paste(GREEN, (24, 0, 48, 16))
    image.paste(BLUE, (0, 16, 24, 32))
    image.paste(WHITE, (24, 16, 48, 32))
    return image


def quarters(image: Image.Image) -> list[tuple[int, ...]]:
    """Colours in the middle of the four quarters, in reading order."""
    pixels = np.asarray(image)
    height, width = pixels.shape[:2]
    return [
        tuple(int(v) for v in pixels[height * y // 4, width * x // 4])
        for y in (1, 3)
        for x in (1, 3)
    ]


def close(colours, expected, tolerance=12) -> bool:
    return bool(np.abs(np.subtract(colours, expected)).max() <= tolerance)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(pixels))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + body + png_chunk(b"IEND", b"")


@pytest.mark.parametrize("format_", FORMATS)
def test_each_format_opens_with_its_colours(format_):
    opened = open_with_notes(encode(corners(), format_))
    assert opened.image.mode == "RGB"
    assert opened.image.size == (48, 32)
    assert close(quarters(opened.image), [RED, GREEN, BLUE, WHITE], tolerance=30)
    assert opened.notes == ()


@pytest.mark.parametrize("format_", FORMATS)
def test_one_pixel_is_a_picture(format_):
    image = open_image(encode(Image.new("RGB", (1, 1), (250, 240, 230)), format_))
    assert image.size == (1, 1)
    assert close(image.getpixel((0, 0)), (250, 240, 230))


def test_a_large_picture_is_brought_to_2048():
    large = corners().resize((4500, 3000))
    for data in (encode(large), encode(large, "JPEG"), encode(large.convert("RGBA"))):
        image = open_image(data)
        assert max(image.size) == 2048
        assert abs(image.width / image.height - 1.5) < 0.01
        assert close(quarters(image), [RED, GREEN, BLUE, WHITE])


def test_cmyk_of_a_printer_and_of_adobe():
    inks = corners().convert("CMYK")  # Pillow writes JPEG as Adobe does, 255 for no ink
    for data in (encode(inks, "JPEG", quality=95), encode(inks, "TIFF")):
        opened = open_with_notes(data)
        assert close(quarters(opened.image), [RED, GREEN, BLUE, WHITE], tolerance=20)
        assert opened.notes == ("CMYK colours turned into RGB",)


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_sixteen_bits_are_divided_and_not_cut(format_):
    values = np.array([[0, 257, 223 * 257, 65535]], dtype=np.uint16)
    opened = open_with_notes(encode(Image.fromarray(values), format_))
    assert np.asarray(opened.image)[0, :, 0].tolist() == [0, 1, 223, 255]
    assert "16-bit" in opened.notes[0]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0.0, 0.5, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[0.0, 10.0, 255.0]], np.float32), [0, 10, 255]),
        (np.array([[-1.0, 0.0, 1.0]], np.float32), [0, 128, 255]),
        (np.array([[np.nan, 0.0, np.inf, 1.0]], np.float32), [0, 0, 0, 255]),
        (np.array([[7.0, 7.0]], np.float32), [7, 7]),
        (np.array([[0, 257, 65535]], np.int32), [0, 1, 255]),
        (np.array([[0, 1_000_000]], np.int32), [0, 255]),
        (np.array([[-5, -5]], np.int32), [0, 0]),
    ],
)
def test_thirty_two_bits(values, expected):
    opened = open_with_notes(encode(Image.fromarray(values), "TIFF"))
    assert np.asarray(opened.image)[0, :, 0].tolist() == expected
    assert "32-bit" in opened.notes[0]


@pytest.mark.parametrize("type_", [np.uint16, np.float32])
def test_a_large_picture_of_many_bits_is_brought_to_2048(type_):
    values = np.zeros((20, 5000), type_)
    values[:, 2500:] = np.iinfo(np.uint16).max if type_ is np.uint16 else 1
    image = open_image(encode(Image.fromarray(values), "TIFF"))
    assert image.size == (2048, 8)
    assert image.getpixel((1000, 4)) == (0, 0, 0)
    assert image.getpixel((1048, 4)) == WHITE


def test_a_picture_without_a_single_number_is_refused():
    with pytest.raises(BadImage, match="damaged"):
        open_image(encode(Image.fromarray(np.full((2, 2), np.nan, np.float32)), "TIFF"))


def test_palette_bilevel_and_grey():
    palette = corners().convert("P", palette=Image.Palette.ADAPTIVE)
    assert close(quarters(open_image(encode(palette))), [RED, GREEN, BLUE, WHITE])
    bilevel = corners().convert("1", dither=Image.Dither.NONE)
    assert quarters(open_image(encode(bilevel)))[3] == WHITE
    assert quarters(open_image(encode(corners().convert("L"))))[3] == WHITE


def see_through(mode: str) -> bytes:
    """A picture, left half transparent black, right half opaque black, in one of many modes."""
    image = Image.new("RGBA", (8, 4), (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 4, 4))
    if mode == "P":
        indices = Image.new("P", (8, 4), 1)
        indices.putpalette([0, 0, 0, 0, 0, 0])
        indices.paste(0, (0, 0, 4, 4))
        return encode(indices, transparency=0)
    if mode == "P with shades":
        indices = Image.new("P", (8, 4), 1)
        indices.putpalette([0, 0, 0, 0, 0, 0])
        indices.paste(0, (0, 0, 4, 4))
        return encode(indices, transparency=bytes([0, 255]))
    if mode == "RGB with a key":
        keyed = Image.new("RGB", (8, 4), (0, 0, 0))
        keyed.paste((9, 9, 9), (0, 0, 4, 4))
        return encode(keyed, transparency=(9, 9, 9))
    return encode(image.convert(mode))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "P with shades", "RGB with a key"])
def test_transparent_parts_are_white(mode):
    opened = open_with_notes(see_through(mode))
    assert quarters(opened.image) == [WHITE, (0, 0, 0), WHITE, (0, 0, 0)]
    assert opened.notes == ("transparent parts shown on white",)


def test_an_opaque_alpha_channel_needs_no_note():
    assert open_with_notes(encode(corners().convert("RGBA"))).notes == ()


@pytest.mark.parametrize("format_", ["GIF", "PNG", "WEBP", "TIFF"])
def test_an_animation_gives_its_first_frame(format_):
    frames = [corners(), Image.new("RGB", (48, 32), (9, 9, 9)), Image.new("RGB", (48, 32), BLUE)]
    data = encode(frames[0], format_, save_all=True, append_images=frames[1:])
    opened = open_with_notes(data)
    assert close(quarters(opened.image), [RED, GREEN, BLUE, WHITE], tolerance=30)
    assert opened.notes == ("first of 3 frames",)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_stands_upright(format_, orientation):
    # how a camera stores the scene for each orientation: the inverse of what EXIF asks for
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    scene = corners() if stored is None else corners().transpose(stored)
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_with_notes(encode(scene, format_, exif=exif))
    assert opened.image.size == (48, 32)
    assert close(quarters(opened.image), [RED, GREEN, BLUE, WHITE], tolerance=30)
    assert not opened.image.info


def test_broken_exif_does_not_hide_the_picture():
    for exif in (b"Exif\x00\x00garbage", b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff"):
        assert open_image(encode(corners(), "JPEG", exif=exif)).size == (48, 32)


def test_a_misnamed_file_opens_and_is_called_what_it_is():
    opened = open_with_notes(encode(corners()), "holiday.JPG")
    assert opened.notes == ("named as JPEG, is PNG",)
    assert open_with_notes(encode(corners()), "holiday").notes == ()
    assert open_with_notes(encode(corners()), "holiday.png").notes == ()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (b"hello, world", "not a picture"),
        (b"\x00" * 100, "not a picture"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 ...", "ZIP"),
        (b'  <svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "SVG"),
        (b"\x00\x00\x00\x18ftypheic....", "HEIC"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "not a picture"),
        (b"BM and some text", "damaged"),
        (b"x" * (10 * 1024 * 1024 + 1), "10.0 MB"),
        (png(0, 0), "no pixels"),
        (png(0, 5), "no pixels"),
    ],
)
def test_what_is_not_a_picture_gets_one_sentence(data, sentence):
    with pytest.raises(BadImage, match=sentence) as failure:
        open_image(data, "<b>x</b>.png")
    message = str(failure.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert "<b>" not in message


def test_a_format_that_pillow_knows_but_this_page_does_not():
    for format_ in ("ICO", "PPM", "TGA", "PCX", "JPEG2000"):
        with pytest.raises(BadImage, match="not a picture"):
            open_image(encode(corners(), format_), "x.png")


@pytest.mark.parametrize("format_", FORMATS)
def test_a_truncated_file_is_a_picture_or_a_sentence(format_):
    data = encode(corners(), format_)
    sentences = 0
    for length in range(1, len(data), max(1, len(data) // 60)):
        try:
            assert open_image(data[:length]).mode == "RGB"
        except BadImage:
            sentences += 1
    assert sentences > 10


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), format_=st.sampled_from(FORMATS))
def test_flipped_bytes_give_a_picture_or_a_sentence(seed, format_):
    chance = random.Random(seed)  # noqa: S311 - to break files, not to keep secrets
    data = bytearray(encode(corners(), format_, exif=Image.Exif()))
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with contextlib.suppress(BadImage):
        assert open_image(bytes(data)).mode == "RGB"


def bomb(format_: str) -> bytes:
    """A few bytes that announce 20,000 × 20,000 pixels."""
    if format_ == "PNG":
        return png(20_000, 20_000, pixels=b"\x00" * 1000)
    data = bytearray(encode(Image.new("RGB", (16, 16)), format_))
    if format_ == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", 20_000, 20_000)
    elif format_ == "GIF":
        data[6:10] = struct.pack("<HH", 20_000, 20_000)
    elif format_ == "BMP":
        data[18:26] = struct.pack("<ii", 20_000, 20_000)
    elif format_ == "TIFF":  # tags 256 and 257, width and height, of type LONG
        for tag in (256, 257):
            at = data.index(struct.pack("<HHI", tag, 4, 1)) + 8
            data[at : at + 4] = struct.pack("<I", 20_000)
    return bytes(data)


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "BMP", "TIFF"])
def test_a_bomb_is_refused_from_its_header(format_, monkeypatch):
    def explode(*_):
        raise AssertionError("a pixel was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", explode)
    with pytest.raises(BadImage, match=r"20,000 × 20,000 pixels and the limit is 50 million"):
        open_image(bomb(format_))


def test_the_largest_webp_is_refused():
    data = bytearray(encode(Image.new("RGB", (16, 16)), "WEBP", lossless=True))
    at = data.index(b"VP8L") + 9  # behind the signature byte: 14 bits each of size minus one
    rest = struct.unpack("<I", data[at : at + 4])[0] >> 28
    data[at : at + 4] = struct.pack("<I", rest << 28 | 16382 << 14 | 16382)
    with pytest.raises(BadImage, match="limit is 50 million"):
        open_image(bytes(data))


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt", b"iTXt"])
def test_a_chunk_that_unfolds_to_gigabytes_does_not(kind):
    lots = zlib.compress(bytes(100_000_000), 9)  # 100 kB
    body = {
        b"iCCP": b"x\x00\x00" + lots,
        b"zTXt": b"x\x00\x00" + lots,
        b"iTXt": b"x\x00\x01\x00\x00\x00" + lots,
    }[kind]
    data = png(1, 1, png_chunk(kind, body), pixels=b"\x00\xff\xff\xff")
    tracemalloc.start()
    try:
        with pytest.raises(BadImage, match="damaged"):
            open_image(data)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_pillow_and_the_warning_filters_are_left_as_they_were():
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters))
    open_image(encode(corners(), "JPEG"))
    with pytest.raises(BadImage):
        open_image(bomb("PNG"))
    after = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters))
    assert after == before


def test_eight_threads_open_eight_pictures():
    shades = [30 * i for i in range(8)]
    files = [encode(Image.new("L", (300, 200), shade)) for shade in shades] * 4
    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(open_image, files))
    assert [image.getpixel((5, 5)) for image in images] == [(s, s, s) for s in shades] * 4


def test_the_result_is_not_tied_to_the_file():
    first = open_image(encode(corners()))
    second = open_image(encode(corners()))
    first.putpixel((0, 0), (1, 2, 3))
    assert second.getpixel((0, 0)) == RED
