"""The size of an image by its header: that of the picture, with nothing read behind the header."""

import io
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from weakly.images.headers import size_from_header, size_in_file
from weakly.images.image_error import ImageError

WIDTH, HEIGHT = 40, 30
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def encode(form: str, width: int = WIDTH, height: int = HEIGHT, **options: Any) -> bytes:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, form, **options)
    return data.getvalue()


class Counting(io.BytesIO):
    """A file that knows how many of its bytes were asked for."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.taken += len(data)
        return data


def in_file(data: bytes, before: bytes = b"head", after: bytes = b"tail" * 999) -> tuple[Any, int]:
    file = Counting(before + data + after)
    return size_in_file(file, len(before), len(data)), file.taken


@settings(max_examples=60, deadline=None)
@given(
    form=st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]),
    width=st.integers(1, 300),
    height=st.integers(1, 300),
)
def test_sizes_are_those_of_the_pictures(form: str, width: int, height: int) -> None:
    data = encode(form, width, height)
    assert size_from_header(data) == (width, height)
    assert in_file(data)[0] == (width, height)
    assert in_file(data)[1] <= 2048


@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("extra", [{}, {"exif": b"Exif\0\0" + Image.Exif().tobytes()[6:] + bytes(20)}])
def test_sizes_are_read_from_webp_headers(lossless: bool, extra: dict[str, Any]) -> None:
    assert size_from_header(encode("WEBP", lossless=lossless, **extra)) == (WIDTH, HEIGHT)


def test_jpeg_headers_with_much_before_the_frame() -> None:
    thumbnail = encode("JPEG", 10, 10)
    data = encode("JPEG", icc_profile=bytes(200_000), comment=b"\xff\xc0" * 50, exif=b"Exif\0\0" + thumbnail)
    assert size_from_header(data) == (WIDTH, HEIGHT)
    assert in_file(data)[0] == (WIDTH, HEIGHT)
    tables = b"\xff\xc4\x00\x1f" + bytes(29)
    start = data.rindex(b"\xff\xdb")
    assert size_from_header(data[:start] + tables + data[start:]) == (WIDTH, HEIGHT)
    assert size_from_header(data[:start] + b"junk\xff\x00\xff\xff\xff" + data[start:]) == (WIDTH, HEIGHT)


def test_no_more_is_read_than_a_header_takes() -> None:
    camera = encode("JPEG", 900, 900, quality=95, exif=b"Exif\0\0" + encode("JPEG", 100, 100))
    assert len(camera) > 500_000
    assert in_file(camera) == ((900, 900), 2048 + 65_536)
    far = encode("JPEG", icc_profile=bytes(2_000_000))
    assert in_file(far) == (None, 2048 + 65_536 + (1 << 20))


@pytest.mark.parametrize(
    "data",
    [
        b"no image at all, whatever its name says",
        b"",
        encode("JPEG")[:100],
        encode("PNG")[:20],
        encode("WEBP")[:20],
        b"\xff\xd8\xff\xd9",
        PNG[:12] + b"JUNK" + struct.pack(">II", 5, 5),
        PNG + struct.pack(">II", 0, 5),
        PNG + struct.pack(">II", 5, 1 << 31),
    ],
)
def test_what_is_not_known_is_none(data: bytes) -> None:
    # Behind it lies another image, which is none of its business.
    assert in_file(data, after=encode("PNG"))[0] is None


@pytest.mark.parametrize(("form", "cut"), [("JPEG", 100), ("PNG", 20), ("WEBP", 27), ("GIF", 9)])
def test_a_header_that_ends_too_early_is_truncated(form: str, cut: int) -> None:
    with pytest.raises(ImageError, match=f"truncated: the file ends inside its header, after {cut} bytes"):
        size_from_header(encode(form)[:cut])
