"""The learning rate as a function of images seen (section 3.1 of the paper).

Images, not steps or epochs: the rate at a given image does not depend on the batch's split over processes,
on where a run was resumed, or on how the training set was cut.
"""

import math
from dataclasses import dataclass
from typing import Literal

WARMUP_SHARE = 0.05
"""Share of the run that warms up where nothing is said; the paper does not print its own."""


@dataclass(frozen=True)
class Schedule:
    """Linear warm-up to the batch's own rate, then down.

    The warm-up begins at the rate for 256 images, as in the paper, or at a tenth of the peak where that is
    less: the paper's batch of 8,064 climbs from 0.1 to 3.15, one of 256 from 0.01 to 0.1.

    Attributes:
        base: rate for a batch of 256 images (the paper: 0.1).
        batch: images a step over all processes; the peak rate is base * batch / 256.
        images: length of the run.
        warmup: images over which the rate climbs; 0 for none.
        kind: "halving" or "cosine".
        halvings: for "halving": the run is cut into halvings + 1 equal pieces, each at half the rate
            of the one before.
    """

    base: float
    batch: int
    images: int
    warmup: int
    kind: Literal["halving", "cosine"] = "halving"
    halvings: int = 10

    @property
    def peak(self) -> float:
        """The rate after the warm-up, by the linear scaling rule."""
        return self.base * self.batch / 256

    def rate(self, images_seen: int) -> float:
        """The learning rate of the step that begins after `images_seen` images."""
        if images_seen < self.warmup:
            start = min(self.base, self.peak / 10)
            return start + (self.peak - start) * images_seen / self.warmup
        progress = min(images_seen / self.images, 1.0)
        if self.kind == "cosine":
            return self.peak * 0.5 * (1 + math.cos(math.pi * progress))
        return self.peak * 0.5 ** min(int(progress * (self.halvings + 1)), self.halvings)
