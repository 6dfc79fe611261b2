"""Photos through a frozen trunk (section 3 of the paper, "feature transfer").

In: image files and a pretrained network. Out: a row of features for each, and the reason for each that cannot
be read. A photo is prepared as the checkpoint says: short side resized, centre crop, normalised there.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch.utils.data import DataLoader, Dataset

from weakly.errors import InputError
from weakly.images.decode import decode
from weakly.images.image_error import ImageError
from weakly.images.location import read_bytes
from weakly.images.transform import Transform
from weakly.progress import Meter
from weakly.training.checkpoint import Pretrained


class Fault(NamedTuple):
    """Why a photo cannot be read: the kind and the detail of an `ImageError`."""

    kind: str
    detail: str


@dataclass(frozen=True)
class Features:
    """The features of n photos.

    Attributes:
        values: float32 [n, D], on the CPU; the row of a photo that cannot be read is 0.
        faults: what is wrong with each photo that cannot be read, by its row, in order.
    """

    values: torch.Tensor
    faults: dict[int, Fault]

    def readable(self) -> torch.Tensor:
        """Bool [n]: which rows are features of a photo."""
        mask = torch.ones(len(self.values), dtype=torch.bool)
        mask[list(self.faults)] = False
        return mask


@dataclass(frozen=True)
class Photos:
    """A batch of prepared photos.

    Attributes:
        images: uint8 [m, 3, size, size], those that could be read.
        rows: int64 [m], which photo of the whole list each is.
        faults: what is wrong with each of the batch's others, by its row.
    """

    images: torch.Tensor
    rows: torch.Tensor
    faults: dict[int, Fault]


class _Files(Dataset[tuple[int, torch.Tensor | Fault]]):
    """Photos by row: the row, and the prepared photo or what is wrong with it."""

    def __init__(self, paths: Sequence[Path], transform: Transform) -> None:
        self._paths = [str(path) for path in paths]
        self._transform = transform

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, row: int) -> tuple[int, torch.Tensor | Fault]:
        path = Path(self._paths[row])
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return row, Fault("missing", "there is no such file")
        try:
            return row, self._transform.evaluation(decode(read_bytes(path, 0, size)))
        except ImageError as error:
            return row, Fault(error.kind, error.detail)


def _collate(items: list[tuple[int, torch.Tensor | Fault]]) -> Photos:
    good = [(row, image) for row, image in items if isinstance(image, torch.Tensor)]
    images = torch.stack([image for _, image in good]) if good else torch.empty(0, dtype=torch.uint8)
    rows = torch.tensor([row for row, _ in good], dtype=torch.int64)
    return Photos(images, rows, {row: fault for row, fault in items if isinstance(fault, Fault)})


def read_photos(paths: Sequence[Path], transform: Transform, *, batch: int, workers: int) -> Iterator[Photos]:
    """Read and prepare photos in order, `batch` at a time, in `workers` processes (0: in this one)."""
    loader = DataLoader(_Files(paths, transform), batch_size=batch, num_workers=workers, collate_fn=_collate)
    yield from loader


def resized(transform: Transform, size: int | None) -> Transform:
    """The same preparation for another size, the crop in the same proportion to the short side."""
    if size is None:
        return transform
    return dataclasses.replace(
        transform, size=size, resize=max(size, round(transform.resize * size / transform.size))
    )


class Trunk:
    """A pretrained trunk on a device, frozen and in eval mode.

    Args:
        pretrained: its trunk is moved to the device.
        transform: how photos were prepared.
        device: where it runs.
        precision: `fp32`, or `bf16` for autocast.
    """

    def __init__(
        self, pretrained: Pretrained, transform: Transform, device: torch.device, precision: str
    ) -> None:
        self._module = pretrained.trunk.eval().to(device).to(memory_format=torch.channels_last)
        self.transform = transform
        self._device = device
        self._bf16 = precision == "bf16"

    @torch.inference_mode()
    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        """Features float32 [n, D], on the device, of prepared photos uint8 [n, 3, size, size]."""
        batch = self.transform.normalise(images.to(self._device, non_blocking=True))
        batch = batch.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16):
            return self._module(batch).float()


def extract(trunk: Trunk, paths: Sequence[Path], *, title: str, batch: int, workers: int) -> Features:
    """Features of photos, in their order.

    Args:
        trunk: what they go through.
        paths: where they lie; at least one.
        title: what is being done, for the progress bar.
        batch: how many go through at a time; it decides no more than the last bits of a feature.
        workers: processes that decode.

    Raises:
        InputError: no photo can be read, or the trunk gives a feature that is not a number.
    """
    values: torch.Tensor | None = None
    faults: dict[int, Fault] = {}
    with Meter(title, "images", len(paths)) as meter:
        for photos in read_photos(paths, trunk.transform, batch=batch, workers=workers):
            faults |= photos.faults
            if len(photos.rows):
                found = trunk(photos.images).cpu()
                if not found.isfinite().all():
                    raise InputError(
                        f"{paths[int(photos.rows[0])]} or one soon after: its features are not numbers; "
                        "expected a checkpoint whose training did not diverge: take an earlier one"
                    )
                if values is None:
                    values = torch.zeros(len(paths), found.shape[1])
                values[photos.rows] = found
            meter.add(len(photos.rows) + len(photos.faults))
    if values is None:
        raise InputError(
            f"{paths[0].parent}: none of {len(paths)} images can be read (the first: {faults[0].detail}); "
            "expected photos: mend or replace them"
        )
    return Features(values, dict(sorted(faults.items())))
