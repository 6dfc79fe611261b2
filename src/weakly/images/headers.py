"""The size of an image from the first bytes of its file: no pixel is decoded.

In: the bytes of a file, or a stretch of one. Out: width and height, for JPEG, PNG, WebP and GIF. With it a
bomb is refused before a decoder allocates its canvas, and a tar's index says how large its images are. A
64-pixel JPEG takes about 2 microseconds.
"""

from typing import BinaryIO, Literal, NamedTuple

from weakly.images.image_error import ImageError

_LOOKS = (1 << 11, 1 << 16, 1 << 20)
"""How many bytes to look at for a size, one after the other: most JPEGs have it in the first 2 KiB, those of
cameras behind a thumbnail, few behind an ICC profile of some hundred KiB."""
_LONGEST = 2**31 - 1
"""A side must fit into 32 bits."""


class JpegHeader(NamedTuple):
    """What a JPEG says before its pixels: its sides, its components (3 for colours, 1 for grey, 4 for CMYK),
    the marker of its frame, the place behind that, and its EXIF data (empty where there are none)."""

    width: int
    height: int
    components: int
    frame: int
    place: int
    exif: bytes


def is_jpeg(data: bytes) -> bool:
    """Whether the bytes begin as every JPEG does."""
    return data[:2] == b"\xff\xd8"


def size_from_header(data: bytes) -> tuple[int, int] | None:
    """Return (width, height) in pixels as the header of a JPEG, PNG, WebP or GIF file says; None for others.

    Raises:
        ImageError: `truncated` or `unsupported`, where the header does not reach as far as the size.
    """
    if is_jpeg(data):
        return jpeg_header(data)[:2]
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR":
        return _number(data, 16, 4, "big"), _number(data, 20, 4, "big")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp_size(data)
    if data[:4] == b"GIF8":
        return _number(data, 6, 2), _number(data, 8, 2)
    return None


def size_in_file(file: BinaryIO, offset: int, size: int) -> tuple[int, int] | None:
    """Return (width, height) of an image that is `size` bytes at `offset` of an open file.

    No more is read than the header takes, and never more than 1 MiB. None where the size is not known: the
    header is further off, is damaged, says 0, or is of another format.
    """
    for look in _LOOKS:
        file.seek(offset)
        try:
            sides = size_from_header(file.read(min(look, size)))
        except ImageError as error:
            if error.kind == "truncated" and look < size:
                continue
            return None
        return sides if sides and min(sides) > 0 and max(sides) <= _LONGEST else None
    return None


def _cut(data: bytes) -> ImageError:
    return ImageError("truncated", f"the file ends inside its header, after {len(data)} bytes")


def _number(data: bytes, place: int, width: int, order: Literal["little", "big"] = "little") -> int:
    if len(data) < place + width:
        raise _cut(data)
    return int.from_bytes(data[place : place + width], order)


def jpeg_header(data: bytes) -> JpegHeader:
    """Walk the segments up to the frame header, as libjpeg does: junk between segments is stepped over.

    Raises:
        ImageError: `truncated` or `unsupported`, where there is no frame header.
    """
    place, exif = 2, b""
    try:
        while True:
            place = data.index(b"\xff", place)
            while data[place] == 0xFF:
                place += 1
            marker = data[place]
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
                height, width = data[place + 4] << 8 | data[place + 5], data[place + 6] << 8 | data[place + 7]
                return JpegHeader(width, height, data[place + 8], marker, place, exif)
            if marker in (0xD9, 0xDA):
                raise ImageError("unsupported", "a JPEG without a frame header")
            place += 1
            if marker > 0x01 and not 0xD0 <= marker <= 0xD8:
                end = place + (data[place] << 8 | data[place + 1])
                if marker == 0xE1 and data[place + 2 : place + 8] == b"Exif\0\0":
                    exif = exif or data[place + 2 : end]
                place = end
    except (IndexError, ValueError):
        raise _cut(data) from None


def _webp_size(data: bytes) -> tuple[int, int]:
    chunk = data[12:16]
    if chunk == b"VP8X":
        return _number(data, 24, 3) + 1, _number(data, 27, 3) + 1
    if chunk == b"VP8L":
        bits = _number(data, 21, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return _number(data, 26, 2) & 0x3FFF, _number(data, 28, 2) & 0x3FFF
    kind = "unsupported" if len(data) >= 16 else "truncated"
    raise ImageError(kind, f"a WebP that begins with a chunk {chunk!r}")
