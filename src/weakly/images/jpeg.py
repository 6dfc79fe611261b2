"""JPEG -> pixels by libjpeg-turbo, in whole or at a half, a quarter or an eighth of its sides.

In: a whole file. Out: uint8 [H, W, 3], as it lies in the file. At a fraction of the sides, only so many
frequencies of each block of 8 x 8 pixels are transformed. A file whose pixels are not all there is refused:
libjpeg itself fills them with grey, or leaves them coarse.

The decoder is simplejpeg, which tells what libjpeg warns of. Where it is not installed, Pillow gives the same
pixels, more slowly, and does not tell; both decode as torchvision's operator does.
"""

import io
import re
import sys

import numpy as np
from PIL import Image

from weakly.images.headers import JpegHeader
from weakly.images.image_error import ImageError

try:
    import simplejpeg
except ImportError:
    simplejpeg = None
    print(
        "JPEGs are decoded by Pillow, slowly, and some damaged ones are taken for whole: simplejpeg is not "
        "installed (`pip install simplejpeg`)",
        file=sys.stderr,
    )

REDUCTIONS = (8, 4, 2, 1)
"""What the sides can be divided by; the other fractions that libjpeg knows are no quicker than the next."""

_HARMLESS = re.compile(r"(\d+) extraneous bytes before marker 0x(d9|[ef].)$")
_PADDING = 64
"""Bytes between the last pixel and the end marker that some cameras leave; more of them are lost pixels."""
_MISSING = ("premature end", "truncated", "extraneous bytes before marker 0xd9", "instead of rst")
_END = b"\xff\xd9"
_PROGRESSIVE = (0xC2, 0xCA)
_SCAN = b"\xff\xda"
_ORIENTATION = 0x0112


def decode_jpeg(data: bytes, header: JpegHeader, reduced_by: int) -> np.ndarray:
    """Decode to uint8 [H, W, 3], of the sides over `reduced_by`, rounded up.

    Raises:
        ImageError: `truncated` or `unsupported`.
    """
    sides = -(-header.height // reduced_by), -(-header.width // reduced_by)
    try:
        _check_scans(data, header)
        pixels = _by_simplejpeg(data, header, sides) if simplejpeg else _by_pillow(data, reduced_by)
    except Exception as error:
        # simplejpeg raises ValueError, but Pillow all kinds.
        reason = str(error).partition("\n")[0]
        missing = any(words in reason.lower() for words in _MISSING) or data.rfind(_END) < header.place
        raise ImageError("truncated" if missing else "unsupported", reason) from error
    if pixels.shape[:2] != sides:
        raise ImageError("unsupported", f"{pixels.shape[1]} x {pixels.shape[0]} pixels, and not as it says")
    return pixels


def orientation(header: JpegHeader) -> int:
    """How the image is to be turned, 1 to 8 as EXIF counts; 1, not at all, where that is not known."""
    if not header.exif:
        return 1
    exif = Image.Exif()
    try:
        exif.load(header.exif)
        found = exif.get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - damaged metadata fails in every way there is, and costs no image
        return 1
    return found if found in range(1, 9) else 1


def _by_simplejpeg(data: bytes, header: JpegHeader, sides: tuple[int, int]) -> np.ndarray:
    assert simplejpeg is not None
    colours = "CMYK" if header.components == 4 else "RGB"
    given = {"colorspace": colours, "min_height": sides[0], "min_width": sides[1]}
    try:
        pixels = simplejpeg.decode_jpeg(data, **given)
    except ValueError as error:
        harmless = _HARMLESS.search(str(error))
        if not harmless or (harmless[2] == "d9" and int(harmless[1]) > _PADDING):
            raise
        pixels = simplejpeg.decode_jpeg(data, **given, strict=False)
    if colours == "RGB":
        return pixels
    # Inverted, as Photoshop began and all others followed; rounded as Pillow does.
    product = pixels[..., :3].astype(np.uint16) * pixels[..., 3:] + 128
    return (((product >> 8) + product) >> 8).astype(np.uint8)


def _by_pillow(data: bytes, reduced_by: int) -> np.ndarray:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
        picture.draft(None, (picture.width // reduced_by, picture.height // reduced_by))
        return np.array(picture.convert("RGB"))


def _check_scans(data: bytes, header: JpegHeader) -> None:
    """Raise ValueError where a file ends between two scans, which libjpeg takes for the whole image."""
    place = data.find(_SCAN, header.place)
    if place < 0 or (
        header.frame not in _PROGRESSIVE and data.startswith(bytes([header.components]), place + 4)
    ):
        return  # one scan for all, or none: the decoder says so itself
    # For every frequency of every component, how many of its last bits are still to come.
    owed: dict[int, list[int | None]] = {}
    while place >= 0:
        behind = place + 5 + 2 * data[place + 4]
        first, last, bits = data[behind : behind + 3]
        for component in data[place + 5 : behind : 2]:
            owed.setdefault(component, [None] * 64)[first : last + 1] = [bits & 15] * (last + 1 - first)
        place = data.find(_SCAN, behind)
    if len(owed) < header.components or any(bits != 0 for of_one in owed.values() for bits in of_one):
        raise ValueError("truncated before the last scan")
