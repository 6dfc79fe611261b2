"""What `benchmarks/loader.py` sets side by side: photos, our loader, and its peers on the same crops.

Every rival turns the same JPEGs into uint8 batches [n, 3, S, S], with the same crop and flip at each
position. timm and torchvision keep their own decoding, resizing and collating; only their draws are ours.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torchvision
from PIL import Image
from timm.data.loader import create_loader
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import v2

from weakly.sampling.crops import crop_box, crop_draws, flips
from weakly.sampling.loader import batches
from weakly.sampling.order import Order
from weakly.sampling.plan import SamplingPlan
from weakly.toyworld.photos import draw_photo

SEED = 0
HEIGHT, WIDTH, QUALITY = 375, 500, 90
BYTES = 107_000
"""Mean size of a JPEG of ImageNet."""


def draw_photos(folder: Path, count: int) -> list[Path]:
    """Draw pictures of the toy world at ImageNet's usual size, with as much grain as makes them as heavy."""
    paths = [folder / f"{number:04d}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        picture = draw_photo(SEED, number, WIDTH).image[:HEIGHT].astype(np.float32)
        grain = np.random.default_rng(number).normal(0, 1, picture.shape).astype(np.float32)
        low, high, data = 0.0, 40.0, b""
        for _ in range(7):
            middle = (low + high) / 2
            data = _encode(picture + middle * grain)
            low, high = (middle, high) if len(data) < BYTES else (low, middle)
        path.write_bytes(data)
    return paths


def _encode(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


@dataclass
class Photos:
    """Photos as a training set of one label, each row one of them in turn.

    Attributes:
        places: (file, offset, size) of each photo.
        rows: how long the training set is.
    """

    places: list[tuple[Path, int, int]]
    rows: int

    @staticmethod
    def of(paths: Sequence[Path], rows: int | None = None) -> "Photos":
        """Photos at these paths, as so many rows [one each]."""
        return Photos([(path, 0, path.stat().st_size) for path in paths], rows or len(paths))

    def __len__(self) -> int:
        return self.rows

    def location(self, row: int) -> tuple[Path, int, int]:
        """Where the photo of a row lies."""
        return self.places[row % len(self.places)]

    def labels(self, row: int) -> np.ndarray:
        """One label, the same for all."""
        return np.zeros(1, np.int32)


class Positions(Dataset):
    """The photos by position, for a peer: it crops and flips where weakly does.

    Attributes:
        transform: the peer's, whose first two parts are a random-resized crop and a flip.
    """

    def __init__(self, photos: Photos, plan: SamplingPlan, count: int, size: int) -> None:
        positions = np.arange(count)
        self.photos, self.size = photos, size
        self.rows = Order(plan).rows(positions).tolist()
        self.draws, self.flips = crop_draws(SEED, positions), flips(SEED, positions).tolist()
        self.transform: Any = None

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> tuple[Any, int]:
        """Open a photo as timm's and torchvision's data sets do, and give it to the transform."""
        crop, flip, *_ = self.transform.transforms
        crop.get_params = lambda image, *_: crop_box(*_size(image), self.draws[position])
        flip.p = float(self.flips[position])
        return self.transform(self.open(self.photos.location(self.rows[position])[0])), 0

    def open(self, path: Path) -> Any:
        """The whole photo, as the transform takes it."""
        with path.open("rb") as file:
            return Image.open(file).convert("RGB")


class TensorPositions(Positions):
    """The same, decoded by torchvision to a tensor."""

    def open(self, path: Path) -> Any:
        """uint8 [3, H, W]."""
        return torchvision.io.decode_image(str(path), torchvision.io.ImageReadMode.RGB)


def _size(image: Any) -> tuple[int, int]:
    return (image.height, image.width) if isinstance(image, Image.Image) else image.shape[-2:]


@dataclass(frozen=True)
class Load:
    """What is to be loaded.

    Attributes:
        photos: where from.
        plan: in which order.
        size: side of the crops in pixels.
        batch: images a batch.
        batches: how many batches a loader holds.
    """

    photos: Photos
    plan: SamplingPlan
    size: int
    batch: int
    batches: int


def weakly(load: Load, workers: int) -> Iterator[torch.Tensor]:
    """weakly's loader, as `weakly pretrain` uses it."""
    found = batches(
        load.photos,
        load.plan,
        size=load.size,
        batch=load.batch,
        stop_step=load.batches,
        workers=workers,
        seed=SEED,
    )
    return (batch.images for batch in found)


def timm(load: Load, workers: int) -> Iterator[torch.Tensor]:
    """timm's `create_loader`, with its quick collation to uint8; what it does on the device is left out."""
    dataset = Positions(load.photos, load.plan, load.batch * load.batches, load.size)
    made: Any = create_loader(
        dataset,  # pyright: ignore[reportArgumentType]
        load.size,
        load.batch,
        is_training=True,
        scale=(0.08, 1.0),
        ratio=(3 / 4, 4 / 3),
        hflip=0.5,
        color_jitter=0.0,
        interpolation="bilinear",
        num_workers=workers,
        persistent_workers=False,
        device=torch.device("cpu"),
    )
    return (images for images, _ in made.loader)


def torchvision_pil(load: Load, workers: int) -> Iterator[torch.Tensor]:
    """torchvision's reference pipeline by Pillow; its floats are left out, which is to its advantage."""
    dataset = Positions(load.photos, load.plan, load.batch * load.batches, load.size)
    crop = torchvision.transforms.RandomResizedCrop(load.size, antialias=True)
    dataset.transform = torchvision.transforms.Compose(
        [crop, torchvision.transforms.RandomHorizontalFlip(), torchvision.transforms.PILToTensor()]
    )
    return (images for images, _ in DataLoader(dataset, load.batch, num_workers=workers))


def torchvision_tensors(load: Load, workers: int) -> Iterator[torch.Tensor]:
    """The same pipeline by torchvision's own decoder, on tensors."""
    dataset = TensorPositions(load.photos, load.plan, load.batch * load.batches, load.size)
    crop = torchvision.transforms.RandomResizedCrop(load.size, antialias=True)
    dataset.transform = torchvision.transforms.Compose(
        [crop, torchvision.transforms.RandomHorizontalFlip(), v2.Identity()]
    )
    return (images for images, _ in DataLoader(dataset, load.batch, num_workers=workers))


RIVALS = {
    "weakly": weakly,
    "timm create_loader": timm,
    "torchvision, Pillow": torchvision_pil,
    "torchvision, tensors": torchvision_tensors,
}
PEERS = ("timm create_loader", "torchvision, Pillow")
"""The two that the goal is set against; the fourth shares its decoder with weakly."""
