"""Many images, in their order, by several processes: for everything that looks at each image once.

In: where they lie, and the transform of a checkpoint. Out: batches of squares as evaluation takes them, and
what is wrong with each image that cannot be used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.utils.data import DataLoader, Dataset

from weakly.images.image_error import ImageError
from weakly.images.location import Location, read_bytes
from weakly.images.transform import Transform


@dataclass(frozen=True)
class Read:
    """A batch of prepared images.

    Attributes:
        images: uint8 [m, 3, S, S], those that could be used.
        rows: int64 [m], which of all images each is.
        faults: what is wrong with each of the batch's others, by its row.
    """

    images: torch.Tensor
    rows: torch.Tensor
    faults: dict[int, ImageError]


def read_images(
    locations: Sequence[Location | Path], transform: Transform, *, batch: int, workers: int
) -> Iterator[Read]:
    """Read and prepare images in their order.

    Args:
        locations: where they lie; a path is a whole file.
        transform: its evaluation is what they go through.
        batch: how many come at a time.
        workers: processes that read; 0 for this one.
    """
    images = _Images([(at, 0, -1) if isinstance(at, Path) else at for at in locations], transform)
    yield from DataLoader(images, batch_size=batch, num_workers=workers, collate_fn=_collate)


class _Images(Dataset[tuple[int, torch.Tensor | ImageError]]):
    """Images by row: the row, and the prepared image or what is wrong with it."""

    def __init__(self, locations: Sequence[Location], transform: Transform) -> None:
        self._locations, self._transform = locations, transform

    def __len__(self) -> int:
        return len(self._locations)

    def __getitem__(self, row: int) -> tuple[int, torch.Tensor | ImageError]:
        try:
            return row, self._transform.prepare(read_bytes(*self._locations[row]))
        except ImageError as error:
            return row, error


def _collate(items: list[tuple[int, torch.Tensor | ImageError]]) -> Read:
    good = [(row, image) for row, image in items if isinstance(image, torch.Tensor)]
    images = torch.stack([image for _, image in good]) if good else torch.empty(0, dtype=torch.uint8)
    rows = torch.tensor([row for row, _ in good], dtype=torch.int64)
    return Read(images, rows, {row: error for row, error in items if isinstance(error, ImageError)})
