"""Images through a frozen network: the one loop that the probe, the tags and the report share.

In: where images lie, and a pretrained network. Out: for each batch, a row of features or of the head's logits
for each image, and what is wrong with each that cannot be read. An image is prepared as the checkpoint says:
short side resized, centre crop, normalised on the device.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from weakly.images.image_error import ImageError
from weakly.images.location import Location
from weakly.images.reader import read_images
from weakly.images.transform import Transform
from weakly.machine import computing_threads, default_threads
from weakly.training.checkpoint import Pretrained


@dataclass(frozen=True)
class Output:
    """What a network makes of a batch of images.

    Attributes:
        values: float32 [m, D], on the device, of those that can be read.
        rows: int64 [m], which of all images each is.
        faults: what is wrong with each of the batch's others, by its row.
    """

    values: torch.Tensor
    rows: torch.Tensor
    faults: dict[int, ImageError]

    def __len__(self) -> int:
        return len(self.rows) + len(self.faults)


class Network:
    """A pretrained network on a device, frozen and in eval mode.

    Args:
        pretrained: its modules are moved to the device.
        device: where it runs.
        transform: how images are prepared, where it is not as the checkpoint says.
        precision: `fp32`, or `bf16` for autocast.
        head: give the head's logits instead of the trunk's features.
        threads: that compute on a CPU; None for as many as `default_threads` says.
    """

    def __init__(
        self,
        pretrained: Pretrained,
        device: torch.device | str,
        *,
        transform: Transform | None = None,
        precision: str = "fp32",
        head: bool = False,
        threads: int | None = None,
    ) -> None:
        self._trunk = pretrained.trunk.eval().to(device).to(memory_format=torch.channels_last)
        self._head = pretrained.head.to(device) if head else torch.nn.Identity()
        self._device = torch.device(device)
        self._transform = transform or pretrained.transform
        self._bf16 = precision == "bf16"
        self._threads = threads or default_threads()

    def over(self, locations: Sequence[Location | Path], *, batch: int, workers: int) -> Iterator[Output]:
        """What the network makes of images, in their order.

        A batch decides no more than the last bits of a value; 0 workers decode in this process.
        """
        for read in read_images(locations, self._transform, batch=batch, workers=workers):
            values = self(read.images) if len(read.rows) else torch.empty(0)
            yield Output(values, read.rows, read.faults)

    @torch.inference_mode()
    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        """Features or logits float32 [n, D], on the device, of prepared images uint8 [n, 3, size, size]."""
        batch = self._transform.normalise(images.to(self._device, non_blocking=True))
        batch = batch.contiguous(memory_format=torch.channels_last)
        with (
            computing_threads(self._threads),
            torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16),
        ):
            features = self._trunk(batch).float()
        return self._head(features)
