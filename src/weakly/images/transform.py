"""The pixels of an image -> the square that a network sees: a crop, resized, and normalised on the device.

In: the bytes of an image, and a box of it for training; in evaluation it is the middle. Out: uint8
[3, S, S]. Pixels stay uint8 until they are on the device, where `Transform.normalise` makes floats of them.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch.nn.functional import interpolate

from weakly.errors import InputError
from weakly.images.decode import Encoded

Box = tuple[int, int, int, int]
"""top, left, height, width, in pixels"""

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

_LONGEST_RATIO = 32
"""Long side to short side; evaluation looks at the middle of longer images, which would else grow huge."""


def prepare_crop(data: bytes, size: int, box: Callable[[int, int], Box]) -> torch.Tensor:
    """Decode an image and resize a box of it to uint8 [3, size, size].

    Args:
        data: a whole file of an image.
        size: side of the result in pixels.
        box: what to cut out of an image of so many pixels (height, width).

    Raises:
        ImageError: the image cannot be used.
    """
    encoded = Encoded(data)
    top, left, height, width = box(encoded.height, encoded.width)
    by = encoded.reduction(min(height, width) / size)
    # To the nearest of the smaller pixels, so that a box of `by` times the size stays at least the size.
    top, bottom, left, right = (
        (2 * edge + by) // (2 * by) for edge in (top, top + height, left, left + width)
    )
    crop = encoded.pixels(by)[:, top:bottom, left:right]
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

    def prepare(self, data: bytes) -> torch.Tensor:
        """Decode an image, no larger than needed, for `evaluation`: uint8 [3, S, S]. Raises ImageError."""
        encoded = Encoded(data)
        by = encoded.reduction(min(encoded.height, encoded.width) / self.resize)
        return self.evaluation(encoded.pixels(by))

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
