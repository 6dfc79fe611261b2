"""Naive versions of what sampling does, a few lines each, and a small training set to sample from."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torchvision.transforms.v2.functional as reference

from weakly.sampling.crops import crop_box, crop_draws, flips
from weakly.sampling.plan import BLOCK, FRACTION_BITS, SamplingPlan


@dataclass
class SmallTrainingSet:
    """What sampling asks of a training set, from Python lists."""

    label_lists: list[list[int]]
    files: list[tuple[Path, int, int]] = field(default_factory=list)
    parts: int = 2
    fingerprint: str = "small"

    @cached_property
    def label_counts(self) -> np.ndarray:
        return np.bincount(np.concatenate([np.asarray(x, np.int64) for x in self.label_lists]))

    def __len__(self) -> int:
        return len(self.label_lists)

    def label_parts(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        for rows in np.array_split(np.arange(len(self)), self.parts):
            lists = [self.label_lists[row] for row in rows]
            values = np.array([label for labels in lists for label in labels], np.int32)
            yield values, np.cumsum([0] + [len(labels) for labels in lists]).astype(np.int64)

    def labels(self, row: int) -> np.ndarray:
        return np.array(self.label_lists[row], np.int32)

    def location(self, row: int) -> tuple[Path, int, int]:
        return self.files[row]


def copies_in_pass(plan: SamplingPlan, number: int) -> list[int]:
    """How often each row comes in a pass, row by row in exact integers."""
    offsets = plan.offsets(np.array([number]))[0].tolist()
    copies, cumulative, before, block_start = [], plan.cumulative.tolist(), 0, 0
    for row, until in enumerate(cumulative):
        if row % BLOCK == 0:
            block_start, before = (cumulative[row - 1] if row else 0), 0
        whole = (until - block_start + offsets[row // BLOCK]) >> FRACTION_BITS
        copies.append(whole - before)
        before = whole
    return copies


def list_of_pass(plan: SamplingPlan, number: int) -> list[int]:
    """Every row of a pass, repeated, in row order: what the shuffle must be a permutation of."""
    return [row for row, n in enumerate(copies_in_pass(plan, number)) for _ in range(n)]


def label_factor(count: int, kind: str, threshold: float) -> float:
    """r(h), as the paper writes it."""
    if kind == "capped":
        return min(1.0, threshold / count)
    ratio = threshold / count
    return max(1.0, {"natural": 1.0, "uniform": ratio, "sqrt": math.sqrt(ratio)}[kind])


def image_factor(labels: Sequence[int], factors: Sequence[float]) -> float:
    """r(I)."""
    return max(factors[label] for label in labels)


def crop_of(image: torch.Tensor, size: int, seed: int, position: int) -> torch.Tensor:
    """The crop of uint8 [3, H, W] at a position, by torchvision: uint8 [3, size, size]."""
    positions = np.array([position])
    box = crop_box(image.shape[1], image.shape[2], crop_draws(seed, positions)[0])
    crop = reference.resized_crop(image, *box, [size, size], antialias=True)
    return reference.horizontal_flip(crop) if flips(seed, positions)[0] else crop
