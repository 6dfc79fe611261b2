"""The features of a whole list of images (section 3 of the paper, "feature transfer").

In: image files and a network. Out: a row of features for each, and the reason for each that cannot be read.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from weakly.errors import InputError
from weakly.images.image_error import ImageError
from weakly.images.transform import Transform
from weakly.progress import Meter
from weakly.transfer.inference import Network


@dataclass(frozen=True)
class Features:
    """Features float32 [n, D] on the CPU, 0 for an image that cannot be read, and what is wrong with it."""

    values: torch.Tensor
    faults: dict[int, ImageError]

    def readable(self) -> torch.Tensor:
        """Bool [n]: which rows are features of an image."""
        mask = torch.ones(len(self.values), dtype=torch.bool)
        mask[list(self.faults)] = False
        return mask


def resized(transform: Transform, size: int | None) -> Transform:
    """The same preparation for another size, the crop in the same proportion to the short side."""
    if size is None:
        return transform
    resize = max(size, round(transform.resize * size / transform.size))
    return dataclasses.replace(transform, size=size, resize=resize)


def extract(network: Network, paths: Sequence[Path], *, title: str, batch: int, workers: int) -> Features:
    """Features of images, in their order.

    Args:
        network: what they go through.
        paths: where they lie; at least one.
        title: what is being done, for the progress bar.
        batch: how many go through at a time; it decides no more than the last bits of a feature.
        workers: processes that decode.

    Raises:
        InputError: no image can be read, or the network gives a feature that is not a number.
    """
    values: torch.Tensor | None = None
    faults: dict[int, ImageError] = {}
    with Meter(title, "images", len(paths)) as meter:
        for output in network.over(paths, batch=batch, workers=workers):
            faults |= output.faults
            if len(output.rows):
                found = output.values.cpu()
                if not found.isfinite().all():
                    raise InputError(
                        f"{paths[int(output.rows[0])]} or one soon after: its features are not numbers; "
                        "expected a checkpoint whose training did not diverge: take an earlier one"
                    )
                if values is None:
                    values = torch.zeros(len(paths), found.shape[1])
                values[output.rows] = found
            meter.add(len(output))
    if values is None:
        raise InputError(
            f"{paths[0].parent}: none of {len(paths)} images can be read (the first: {faults[0].detail}); "
            "expected photos: mend or replace them"
        )
    return Features(values, dict(sorted(faults.items())))
