"""What training takes a step on, and how it comes from the worker that made it.

In: images in a piece of memory, and what belongs to them. Out: a `Batch` of tensors over the same memory.
"""

from dataclasses import dataclass

import numpy as np
import torch

from weakly.images.image_error import Kind
from weakly.sampling.buffer_pool import Ring


@dataclass
class Batch:
    """One process's share of a global batch.

    Attributes:
        images: uint8 [n, 3, S, S] in channels_last, RGB, cropped and mirrored.
        labels: int64 [m], the labels of all images, one image after another.
        offsets: int64 [n + 1], where each image's labels begin in `labels`.
        positions: int64 [n], the images' places in the order.
        corrupt: (position, row, kind) of each image that was drawn and had to be replaced.
    """

    images: torch.Tensor
    labels: torch.Tensor
    offsets: torch.Tensor
    positions: torch.Tensor
    corrupt: list[tuple[int, int, Kind]]

    def pin_memory(self) -> "Batch":
        """Move what goes to the device into page-locked memory; torch's DataLoader calls this."""
        self.images, self.labels = self.images.pin_memory(), self.labels.pin_memory()
        self.offsets = self.offsets.pin_memory()
        return self

    @staticmethod
    def of(
        memory: torch.Tensor,
        size: int,
        labels: np.ndarray,
        offsets: np.ndarray,
        positions: np.ndarray,
        corrupt: list[tuple[int, int, Kind]],
    ) -> "Batch":
        """Make a batch of images that lie in uint8 [n * S * S * 3], pixel after pixel, without a copy."""
        images = memory.view(len(positions), size, size, 3).permute(0, 3, 1, 2)
        flat, begins, places = (torch.from_numpy(array) for array in (labels, offsets, positions))
        return Batch(images, flat, begins, places, corrupt)


@dataclass
class Sent:
    """A batch on its way from a worker: its images are in a slot of the ring, the rest is small.

    Attributes:
        ring: where.
        slot: of it.
        size: side S of the images.
        labels: and what follows, as of `Batch`.
    """

    ring: Ring
    slot: int
    size: int
    labels: np.ndarray
    offsets: np.ndarray
    positions: np.ndarray
    corrupt: list[tuple[int, int, Kind]]

    def batch(self) -> Batch:
        """The batch; its slot is free again when nobody holds its images."""
        memory = self.ring.lend(self.slot)
        return Batch.of(memory, self.size, self.labels, self.offsets, self.positions, self.corrupt)

    def pin_memory(self) -> Batch:
        """The batch in page-locked memory, its slot free again; torch's DataLoader calls this."""
        return self.batch().pin_memory()
