"""Where an image lies -> its bytes -> uint8 pixels -> the pixels a network sees (paper, sections 2 and 3).

In: a path with an offset and a size in bytes, for plain files and for members of an uncompressed tar alike.
Out: uint8 tensors [3, H, W], RGB, upright; cropped at random for training, centrally for evaluation. Pixels
stay uint8 until they are on the device, where `Transform.normalise` makes floats of them.

JPEG is decoded by torchvision's operator (two to four times as fast as Pillow, the same pixels), everything
else by Pillow. A JPEG that this operator refuses is refused: Pillow would fill in what is missing with grey.
"""

import errno
import functools
import io
import os
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision.io  # noqa: F401  (registers the operator that decodes JPEG)
from PIL import Image, ImageOps, UnidentifiedImageError
from torch.nn.functional import interpolate

from weakly.errors import InputError
from weakly.images.headers import KINDS, ImageError, is_jpeg, size_from_header
from weakly.sampling.crops import MIN_AREA, crop_box, crop_draws, flips

__all__ = ["KINDS", "MAX_PIXELS", "ImageError", "Transform", "decode", "random_crop_flip", "read_bytes"]

MAX_PIXELS = 100_000_000
"""Images of more pixels are refused from their header: decoded, this many take 300 MB."""

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

_LONGEST_RATIO = 32
"""Long side to short side; evaluation looks at the middle of longer images, which would else grow huge."""

_FORMATS = ("PNG", "GIF", "WEBP", "BMP", "TIFF")
_SIGNATURES = (b"\x89PNG", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_RGB = 3
_UNREADABLE = {
    *(errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP),
    *(errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE, errno.ENXIO, errno.ENODEV),
}
"""Errors of one file; the others (too many open files, no memory) are ours and are raised as they are."""


def read_bytes(path: Path, offset: int, size: int) -> bytes:
    """Read an image: `size` bytes at `offset` of a file.

    Where the size is below 0 it was not known when the training set was made: it is the whole of a plain
    file, or, in a `.parquet`, the row `offset`.

    Raises:
        ImageError: `missing` where the file cannot be read, `truncated` where it is shorter than that,
            `empty` where `size` is 0.
    """
    if size < 0 and path.suffix == ".parquet":
        # Only these need Arrow, which is slow to import.
        from weakly.images.parquet_rows import read_row

        return read_row(path, offset)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            size = os.fstat(descriptor).st_size if size < 0 else size
            data = os.pread(descriptor, size, offset)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _UNREADABLE:
            raise
        raise ImageError("missing", f"{path}: {error.strerror}") from error
    if size == 0:
        raise ImageError("empty", f"{path} has 0 bytes for this image")
    if len(data) < size:
        raise ImageError("truncated", f"{path} has {len(data)} of the {size} bytes expected at {offset}")
    return data


def decode(data: bytes, max_pixels: int = MAX_PIXELS) -> torch.Tensor:
    """Decode an image to RGB.

    Grey, palette and CMYK images are converted, transparent ones laid on white, 16-bit grey cut to its high
    byte, EXIF orientation applied, of an animation the first frame taken.

    Args:
        data: a whole JPEG, PNG, GIF, WebP, BMP or TIFF file.
        max_pixels: images of more are refused before they are decoded.

    Returns:
        uint8 [3, H, W], the colours of a pixel side by side in memory where the file is not turned.

    Raises:
        ImageError: see its kinds.
    """
    if not data:
        raise ImageError("empty", "0 bytes")
    size = size_from_header(data)
    if size is not None:
        _check_pixels(*size, max_pixels)
    if not is_jpeg(data):
        return _decode_by_pillow(data, max_pixels)
    try:
        return _decode_jpeg(torch.frombuffer(bytearray(data), dtype=torch.uint8), _RGB, True)
    except RuntimeError as error:
        reason = str(error).partition("\n")[0].rpartition(".cpp:")[2].partition(", ")[2]
        kind = "truncated" if "truncated" in reason else "unsupported"
        raise ImageError(kind, reason or "the JPEG decoder gave no reason") from error


def _jpeg_operator() -> Any:
    try:
        # The operator behind torchvision.io.decode_jpeg, which since 0.29 warns of its own removal.
        return torch.ops.image.decode_jpeg
    except AttributeError:
        raise ImportError(
            "this torchvision was built without its JPEG decoder: install a released build of 0.20 to 0.29"
        ) from None


_decode_jpeg = _jpeg_operator()


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


def random_crop_flip(image: torch.Tensor, size: int, seed: int, position: int) -> torch.Tensor:
    """Take a random-resized crop and mirror half of them (see `crops`), for one image.

    Args:
        image: uint8 [3, H, W].
        size: side of the result in pixels.
        seed: of the run.
        position: place in the order of images; it and the seed decide everything.

    Returns:
        uint8 [3, size, size].
    """
    positions = np.array([position])
    crop = resized_crop(image, size, crop_draws(seed, positions)[0])
    return crop.flip(-1) if flips(seed, positions)[0] else crop


def resized_crop(
    image: torch.Tensor, size: int, draws: np.ndarray, min_area: float = MIN_AREA
) -> torch.Tensor:
    """Crop uint8 [3, H, W] as `crop_box` says and resize it to uint8 [3, size, size]."""
    top, left, height, width = crop_box(image.shape[1], image.shape[2], draws, min_area)
    crop = image.narrow(1, top, height).narrow(2, left, width)
    return _resize(crop, size, size)


def _resize(image: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Resize uint8 [3, H, W] bilinearly with antialiasing, on uint8 throughout, as torchvision does."""
    if image.shape[1:] == (height, width):
        return image
    # In channels_last the kernel needs no repacking: a fifth faster, the same pixels.
    batch = image.unsqueeze(0).contiguous(memory_format=torch.channels_last)
    return interpolate(batch, (height, width), mode="bilinear", antialias=True).squeeze(0)


def _centre(image: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Cut the middle out of [3, H, W], rounding as torchvision does."""
    top, left = round((image.shape[1] - height) / 2), round((image.shape[2] - width) / 2)
    return image.narrow(1, top, height).narrow(2, left, width)


@functools.lru_cache(maxsize=16)
def _scale_and_shift(
    mean: tuple[float, ...], std: tuple[float, ...], device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return float32 [3, 1, 1] twice, kept on the device: making them anew would wait for it every step."""
    scale = torch.tensor([1 / (255 * s) for s in std], device=device)
    shift = torch.tensor([-m / s for m, s in zip(mean, std, strict=True)], device=device)
    return scale.view(3, 1, 1), shift.view(3, 1, 1)


@dataclass(frozen=True)
class Transform:
    """How images are made ready for a network; it goes with every checkpoint.

    Attributes:
        size: side of the square that the network sees, in pixels.
        resize: in evaluation, what the short side is resized to before the centre is cut out.
        mean: of the red, green and blue values in [0, 1], subtracted.
        std: of the same, divided by.
    """

    size: int
    resize: int
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD

    def __post_init__(self) -> None:
        if not 1 <= self.size <= self.resize:
            raise InputError(
                f"a centre of {self.size} pixels cannot be cut from a short side of {self.resize}"
            )

    @staticmethod
    def for_size(size: int) -> "Transform":
        """Return the paper's proportion, a short side of 256 for 224 pixels, at another size."""
        return Transform(size, round(size * 256 / 224))

    def evaluation(self, image: torch.Tensor) -> torch.Tensor:
        """Resize the short side of uint8 [3, H, W] to `resize`, and cut out the centre: uint8 [3, S, S]."""
        longest = min(image.shape[1:]) * _LONGEST_RATIO
        image = _centre(image, min(image.shape[1], longest), min(image.shape[2], longest))
        height, width = image.shape[1:]
        longer = int(self.resize * max(height, width) / min(height, width))
        new = (self.resize, longer) if height <= width else (longer, self.resize)
        return _centre(_resize(image, *new), self.size, self.size)

    def normalise(self, images: torch.Tensor, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Turn uint8 [n, 3, S, S] into (x / 255 - mean) / std, where the images are, in their memory format.

        Computed in float32 and rounded once to `dtype`.
        """
        scale, shift = _scale_and_shift(self.mean, self.std, images.device)
        result = torch.empty_like(images, dtype=dtype)
        return torch.addcmul(shift, images, scale, out=result)

    def to_dict(self) -> dict[str, Any]:
        """Return what `from_dict` reads, for JSON."""
        return asdict(self)

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> "Transform":
        """Read what `to_dict` gave. Raises InputError where it is something else."""
        try:
            mean = tuple(float(x) for x in raw["mean"])
            std = tuple(float(x) for x in raw["std"])
            if len(mean) != 3 or len(std) != 3 or set(raw) != {"size", "resize", "mean", "std"}:
                raise ValueError("size, resize, three means and three deviations")
            return Transform(int(raw["size"]), int(raw["resize"]), mean, std)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not a transform ({error}); expected size, resize, mean and std") from error
