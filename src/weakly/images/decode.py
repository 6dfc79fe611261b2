"""The bytes of an image -> uint8 pixels, RGB, upright; of a JPEG no more of them than are needed.

In: a whole file of JPEG, PNG, GIF, WebP, BMP or TIFF. Out: a uint8 tensor [3, H, W]. Grey, palette and CMYK
images are converted, transparent ones laid on white, 16-bit grey is cut to its high byte, EXIF orientation
applied, of an animation the first frame taken.
"""

import io
import warnings

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError

from weakly.images.headers import is_jpeg, jpeg_header, size_from_header
from weakly.images.image_error import ImageError
from weakly.images.jpeg import REDUCTIONS, decode_jpeg, orientation

MAX_PIXELS = 100_000_000
"""Images of more pixels are refused from their header: decoded, this many take 300 MB."""

_FORMATS = ("PNG", "GIF", "WEBP", "BMP", "TIFF")
_SIGNATURES = (b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")


class Encoded:
    """An image whose size is known and whose pixels are yet to be decoded.

    Args:
        data: a whole file.
        max_pixels: images of more are refused before they are decoded.

    Attributes:
        height: of the upright image, in pixels.
        width: likewise.

    Raises:
        ImageError: see its kinds; also where pixels are asked for.
    """

    def __init__(self, data: bytes, max_pixels: int = MAX_PIXELS) -> None:
        if not data:
            raise ImageError("empty", "0 bytes")
        size = size_from_header(data)
        if size is not None:
            _check_pixels(*size, max_pixels)
        self._data = data
        self._header = jpeg_header(data) if is_jpeg(data) else None
        if self._header:
            if not min(self._header[:2]):
                raise ImageError("unsupported", f"a JPEG of {self._header[0]} x {self._header[1]} pixels")
            self._turn = orientation(self._header)
            sides = self._header.height, self._header.width
            self.height, self.width = sides if self._turn < 5 else sides[::-1]
        else:
            self._pixels = _decode_by_pillow(data, max_pixels)
            self.height, self.width = self._pixels.shape[1:]

    def reduction(self, room: float) -> int:
        """By what decoding can divide the sides of this image: the largest of 1, 2, 4 and 8 up to `room`."""
        return next((by for by in REDUCTIONS if by <= room), 1) if self._header else 1

    def pixels(self, reduced_by: int = 1) -> torch.Tensor:
        """Decode to uint8 [3, H, W], the colours of a pixel side by side in memory unless it was turned.

        Args:
            reduced_by: what `reduction` gave; H and W are the image's over this, rounded up.
        """
        if self._header is None:
            return self._pixels
        pixels = torch.from_numpy(decode_jpeg(self._data, self._header, reduced_by)).permute(2, 0, 1)
        return _upright(pixels, self._turn)


def decode(data: bytes, max_pixels: int = MAX_PIXELS) -> torch.Tensor:
    """Decode an image to RGB, all of it: uint8 [3, H, W]. See `Encoded`."""
    return Encoded(data, max_pixels).pixels()


def _upright(pixels: torch.Tensor, turn: int) -> torch.Tensor:
    """Turn [3, H, W] as EXIF's orientation says, 1 to 8."""
    if turn >= 5:
        pixels = pixels.transpose(1, 2)
    mirrored = [axis for axis, turns in ((1, (3, 4, 7, 8)), (2, (2, 3, 6, 7))) if turn in turns]
    return pixels.flip(mirrored) if mirrored else pixels


def _check_pixels(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise ImageError("too many pixels", f"{width} x {height}, more than {max_pixels:,}")


def _decode_by_pillow(data: bytes, max_pixels: int) -> torch.Tensor:
    with warnings.catch_warnings():
        # What Pillow warns of here (odd metadata, sizes we check ourselves) is nothing a reader can act on.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                _check_pixels(*picture.size, max_pixels)
                pixels = _to_rgb(picture)
        except ImageError:
            raise
        except UnidentifiedImageError as error:
            if data.startswith(_SIGNATURES):
                raise ImageError("unsupported", "the header cannot be read") from error
            raise ImageError("not an image", f"begins with {data[:12]!r}") from error
        except Image.DecompressionBombError as error:
            raise ImageError("too many pixels", str(error)) from error
        except Exception as error:
            # Decoders of damaged files fail in every way there is: SyntaxError, struct.error, EOFError, ...
            kind = "truncated" if "truncated" in str(error).lower() else "unsupported"
            raise ImageError(kind, f"{type(error).__name__}: {error}".partition("\n")[0]) from error
    return torch.from_numpy(pixels).permute(2, 0, 1)


def _to_rgb(picture: Image.Image) -> np.ndarray:
    """Return the first frame, upright, as a writable uint8 array [H, W, 3]."""
    is_png = picture.format == "PNG"
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I;16") or (upright.mode == "I" and is_png):
        upright = Image.fromarray((np.asarray(upright) >> 8).astype(np.uint8))
    elif upright.mode in ("I", "F"):
        raise ImageError("unsupported", f"{upright.mode} pixels, whose range is not known")
    if upright.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    return np.array(upright.convert("RGB"))
