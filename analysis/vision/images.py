"""Opening a picture that somebody uploaded, without trusting a byte of it.

Everything happens in memory. Six formats are known by their first bytes, whatever the file is
called, and only those decoders of Pillow ever run; the size is read from the header and refused
before a pixel is decoded. No setting of Pillow is changed, so sessions do not disturb each other.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from PIL import (
    BmpImagePlugin,
    ExifTags,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from analysis.vision.pixel_modes import flatten, to_eight_bits

MAX_BYTES = 10 * 1024 * 1024  # the upload limit of one picture
MAX_PIXELS = 50_000_000  # what a telephone takes at most; about 200 MB decoded
MAX_SIDE = 2048  # longest side of what is kept; networks look at 32 to 331 pixels

WANTED = "upload a PNG, JPEG, GIF, WebP, BMP or TIFF file"

# The decoder classes themselves and not Image.open: that would judge the size by its own limit.
_DECODERS: tuple[tuple[bytes, str, type[ImageFile.ImageFile]], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG", PngImagePlugin.PngImageFile),
    (b"\xff\xd8\xff", "JPEG", JpegImagePlugin.JpegImageFile),
    (b"GIF8", "GIF", GifImagePlugin.GifImageFile),
    (b"RIFF", "WebP", WebPImagePlugin.WebPImageFile),
    (b"BM", "BMP", BmpImagePlugin.BmpImageFile),
    (b"II*\x00", "TIFF", TiffImagePlugin.TiffImageFile),
    (b"MM\x00*", "TIFF", TiffImagePlugin.TiffImageFile),
)
_SUFFIXES = {
    ".png": "PNG", ".apng": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF",
    ".webp": "WebP", ".bmp": "BMP", ".tif": "TIFF", ".tiff": "TIFF",
}  # fmt: skip
_OTHER_FILES = (
    (b"%PDF", "a PDF document; take a screenshot of the page and upload that"),
    (b"PK\x03\x04", f"a ZIP archive or an office document; unpack it and {WANTED}"),
    (b"<svg", f"an SVG drawing; export it as PNG and {WANTED}"),
    (b"<?xml", f"an XML or SVG file; export it as PNG and {WANTED}"),
)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # EXIF 2.3, tag Orientation: what turns the stored picture upright


class BadImage(ValueError):
    """The upload cannot be used; the message is one plain sentence that says what would work."""


@dataclass(frozen=True)
class OpenedImage:
    """A picture in RGB, and one short note for each liberty that was taken in reading it."""

    image: Image.Image
    notes: tuple[str, ...]


def open_image(data: bytes, name: str = "") -> Image.Image:
    """Open an uploaded picture: RGB, upright, its longest side at most 2048 pixels.

    Args:
        data: the whole file.
        name: what the user's machine calls it, if known; it is never trusted and never repeated.

    Raises:
        BadImage: if there is no picture to be had; the message is a sentence for the user.
    """
    return open_with_notes(data, name).image


def open_with_notes(data: bytes, name: str = "") -> OpenedImage:
    """Open as `open_image` does, with notes such as "turned upright" that a page should show.

    Raises:
        BadImage: as `open_image`.
    """
    if not data:
        raise BadImage(f"This file is empty; {WANTED}.")
    if len(data) > MAX_BYTES:
        raise BadImage(
            f"This file has {len(data) / 2**20:.1f} MB and the limit is {MAX_BYTES // 2**20} MB; "
            "make the picture smaller or save it as JPEG."
        )
    kind, decoder = _decoder(data)
    try:
        with _quiet_pillow(), decoder(io.BytesIO(data)) as picture:
            _check_size(picture.size)
            image, notes = _decode(picture)
    except BadImage:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception as error:  # on hostile bytes a decoder of Pillow may raise anything at all
        raise BadImage(
            f"This {kind} file is damaged, cut off or has no pixels; "
            "open it in a picture viewer and save it again as PNG or JPEG."
        ) from error
    return OpenedImage(image, (*_misnamed(kind, name), *notes))


def _decoder(data: bytes) -> tuple[str, type[ImageFile.ImageFile]]:
    """Name and decoder of the format that the first bytes announce."""
    for signature, kind, decoder in _DECODERS:
        if data.startswith(signature) and (kind != "WebP" or data[8:12] == b"WEBP"):
            return kind, decoder
    if data[4:8] == b"ftyp":
        raise BadImage(f"This is a HEIC, AVIF or video file; export it as JPEG and {WANTED}.")
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, what in _OTHER_FILES:
        if start.startswith(signature):
            raise BadImage(f"This is {what}.")
    raise BadImage(f"This is not a picture in a format that is read here; {WANTED}.")


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise BadImage(f"This picture has no pixels; {WANTED} with at least one.")
    if width * height > MAX_PIXELS:
        raise _too_large(f"This picture has {width:,} × {height:,} pixels")


def _too_large(what: str = "This picture has too many pixels") -> BadImage:
    return BadImage(
        f"{what} and the limit is {MAX_PIXELS // 1_000_000} million in all; "
        f"make it smaller, {MAX_SIDE:,} pixels on the longest side are plenty."
    )


def _decode(picture: ImageFile.ImageFile) -> tuple[Image.Image, list[str]]:
    picture.draft(None, (MAX_SIDE, MAX_SIDE))  # a JPEG decodes at a half, a quarter or an eighth
    picture.load()
    orientation = _orientation(picture)
    image, mode_notes = to_eight_bits(picture, MAX_SIDE)  # L, RGB or RGBA
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    image, alpha_notes = flatten(image)  # RGB
    notes = [*_frame_note(picture), *mode_notes, *alpha_notes]
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
        notes.append("turned upright")
    image.info.clear()  # what the camera wrote, the place among it, ends here
    return image, notes


def _orientation(picture: Image.Image) -> int:
    """EXIF orientation, 1 to 8, or 1 where there is none that can be read."""
    try:
        return int(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # a picture with broken EXIF is still a picture
        return 1


def _frame_note(picture: Image.Image) -> tuple[str, ...]:
    """Say how many frames or pages there are beside the first; last, since counting moves on."""
    try:
        frames = getattr(picture, "n_frames", 1)
    except Exception:  # the first frame is whole, a later one is not
        return ("first of several frames",)
    return (f"first of {frames} frames",) if frames > 1 else ()


def _misnamed(kind: str, name: str) -> tuple[str, ...]:
    named = _SUFFIXES.get(PurePath(name).suffix.lower())
    return (f"named as {named}, is {kind}",) if named not in (None, kind) else ()


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Silence what Pillow says about odd metadata, which is no fault of the user.

    Python before 3.14 keeps warning filters for all threads together. Should two sessions cross
    here, what can be left behind is this filter, and it concerns Pillow alone.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield
