"""Batches for the training loop, from any step on, over any number of processes (paper, section 2).

In: a training set and its sampling plan. Out: `Batch`es of uint8 images with their labels. The batch of a
step is a function of (plan, seed, step) alone: neither the number of workers nor that of processes nor where
a run resumed changes a row or a pixel of it.

An image that cannot be decoded is replaced by the next row that can, and counted; above a share of them
(`CorruptLimit`) the run stops.
"""

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import count
from multiprocessing.context import BaseContext
from typing import Any, Protocol

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from weakly.errors import InputError
from weakly.images.image_error import ImageError, Kind
from weakly.images.location import Location, read_bytes
from weakly.images.transform import Box, prepare_crop
from weakly.sampling.batch import Batch, Sent
from weakly.sampling.buffer_pool import Ring
from weakly.sampling.crops import MIN_AREA, crop_box, crop_draws, flips
from weakly.sampling.order import Order
from weakly.sampling.plan import SamplingPlan

_PREFETCH = 2
_HELD = 2
"""Batches beside those under way: the one in use, and the one that is taken while it is."""
_FORKS = sys.platform == "linux"
_TRIES = 100


class LocatedImages(Protocol):
    """What loading needs of a training set (see `weakly.corpus.training_set.training_set`)."""

    def __len__(self) -> int: ...
    def location(self, row: int) -> Location: ...  # noqa: D102
    def labels(self, row: int) -> np.ndarray: ...  # noqa: D102


def batches(
    training_set: LocatedImages,
    plan: SamplingPlan,
    *,
    size: int,
    batch: int,
    start_step: int = 0,
    stop_step: int | None = None,
    rank: int = 0,
    world: int = 1,
    workers: int = 0,
    seed: int,
    min_area: float = MIN_AREA,
    pin_memory: bool = False,
) -> Generator[Batch, None, None]:
    """Yield this process's share of the batch of every step.

    The global batch of step s is positions [s * batch, (s + 1) * batch); process r of `world` gets the
    contiguous share from r * batch // world on. Closing the iterator ends the workers.

    Args:
        training_set: where images lie and their labels.
        plan: how often they come; made of this training set.
        size: side of the images in pixels.
        batch: images a step, over all processes.
        start_step: the first step.
        stop_step: the step before which to stop; None goes on for ever.
        rank: which process this is.
        world: how many processes share a batch.
        workers: processes that decode for this one; 0 decodes here, between two steps.
        seed: of the crops and flips.
        min_area: least share of an image's area that a crop takes.
        pin_memory: give tensors in page-locked memory, from which copies to a GPU are asynchronous.

    Raises:
        InputError: arguments that do not fit together, or a hundred rows in a row cannot be decoded.
    """
    if len(plan) != len(training_set):
        raise InputError(
            f"the sampling plan has {len(plan):,} rows, the training set {len(training_set):,}: make it again"
        )
    if not 0 <= rank < world or batch < world:
        raise InputError(f"a batch of {batch} cannot be shared by process {rank} of {world}")
    if start_step < 0 or workers < 0:
        raise InputError(f"steps and workers count from 0: got step {start_step}, {workers} workers")
    shares = _Shares(training_set, plan, size, batch, rank, world, seed, min_area)
    if workers and _FORKS:
        shares.ring = Ring(workers * _PREFETCH + _HELD, shares.bytes)
    steps = count(start_step) if stop_step is None else range(start_step, stop_step)
    return _load(shares, steps, workers, pin_memory)


def _load(
    shares: "_Shares", steps: Iterable[int], workers: int, pin_memory: bool
) -> Generator[Batch, None, None]:
    loader = DataLoader(
        shares,
        batch_size=None,
        sampler=shares.tasks(steps),
        num_workers=workers,
        collate_fn=_as_it_is,
        worker_init_fn=_outlive_signals if workers else None,
        multiprocessing_context=_process_context() if workers else None,
        prefetch_factor=_PREFETCH if workers else None,
        pin_memory=pin_memory,
        # Without one of its own, a loader draws from torch's global generator and so changes what follows.
        generator=torch.Generator(),
    )
    iterator = iter(loader)
    try:
        for item in iterator:
            if isinstance(item, InputError):
                raise item
            yield item.batch() if isinstance(item, Sent) else item
    except Exception as error:
        # The traceback's frames inside DataLoader hold its iterator, and that would keep the workers alive.
        traceback.clear_frames(error.__traceback__)
        raise
    finally:
        # The last reference: the workers end here and now.
        del iterator


def _process_context() -> BaseContext:
    """How workers start: on Linux by fork, in 0.05 s; anew they take 6 s each to import torch.

    Forking is safe for these workers: they touch no GPU, and torch runs on one thread in them (DataLoader
    sees to that), so no thread pool that the fork left behind is ever waited for.
    """
    return multiprocessing.get_context("fork" if _FORKS else "spawn")


def _outlive_signals(worker: int) -> None:
    """Leave Ctrl-C, and a SIGTERM to the whole job, to the training process, which saves and then ends us.

    Only that process may end a worker: a scheduler that ends a job sends SIGTERM to all of its processes, and
    a step that was waiting for this worker's batch would fail before it could be saved.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "sigwaitinfo"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while signal.sigwaitinfo({signal.SIGTERM}).si_pid != parent:
        pass
    os._exit(0)


def _as_it_is(item: Any) -> Any:
    """Stand in for collating: a share is a batch already."""
    return item


class _Shares(Dataset):
    """(step, slot or None) -> one process's share of that step's batch, its images in that slot.

    Attributes:
        ring: where workers leave images for this process; None where they do not, or there are none.
    """

    ring: Ring | None = None

    def __init__(
        self,
        training_set: LocatedImages,
        plan: SamplingPlan,
        size: int,
        batch: int,
        rank: int,
        world: int,
        seed: int,
        min_area: float,
    ) -> None:
        self.training_set, self.order = training_set, Order(plan)
        self.size, self.batch, self.seed, self.min_area = size, batch, seed, min_area
        self.first, self.last = rank * batch // world, (rank + 1) * batch // world
        self.bytes = (self.last - self.first) * size * size * 3

    def tasks(self, steps: Iterable[int]) -> Iterator[tuple[int, int | None]]:
        """What `__getitem__` is given; a slot is taken as the task is handed out."""
        return ((step, self.ring.take() if self.ring else None) for step in steps)

    def __getitem__(self, task: tuple[int, int | None]) -> "Batch | Sent | InputError":
        """Load a share; an InputError is handed over, since DataLoader would wrap it in a traceback."""
        step, slot = task
        positions = np.arange(step * self.batch + self.first, step * self.batch + self.last)
        try:
            if self.ring and slot is not None:
                found = self.load(positions, self.ring.fill(slot))
                return Sent(self.ring, slot, self.size, *found)
            images = torch.empty(self.bytes, dtype=torch.uint8)
            return Batch.of(images, self.size, *self.load(positions, images))
        except InputError as error:
            return error

    def load(
        self, positions: np.ndarray, memory: torch.Tensor
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[tuple[int, int, Kind]]]:
        """Write the images into uint8 [n * S * S * 3]; returns labels, offsets, positions, the corrupt."""
        rows = self.order.rows(positions)
        draws = crop_draws(self.seed, positions)
        mirrored = flips(self.seed, positions).tolist()
        images = memory.view(len(positions), self.size, self.size, 3).permute(0, 3, 1, 2)
        labels: list[np.ndarray] = []
        corrupt: list[tuple[int, int, Kind]] = []
        for i, (position, row) in enumerate(zip(positions.tolist(), rows.tolist(), strict=True)):
            crop, used, kind = self.crop_or_next(row, draws[i])
            if kind is not None:
                corrupt.append((position, row, kind))
            images[i] = crop.flip(-1) if mirrored[i] else crop
            labels.append(self.training_set.labels(used))
        flat = np.concatenate(labels).astype(np.int64)
        return flat, np.cumsum([0, *map(len, labels)], dtype=np.int64), positions, corrupt

    def crop_or_next(self, row: int, draws: np.ndarray) -> tuple[torch.Tensor, int, Kind | None]:
        """Return the crop of this row or of the first after it that can be decoded.

        Returns:
            (uint8 [3, S, S], the row it is, what was wrong with `row` or None)
        """

        def box(height: int, width: int) -> Box:
            return crop_box(height, width, draws, self.min_area)

        first: ImageError | None = None
        tries = min(_TRIES, len(self.training_set))
        for candidate in range(row, row + tries):
            used = candidate % len(self.training_set)
            try:
                crop = prepare_crop(read_bytes(*self.training_set.location(used)), self.size, box)
            except ImageError as error:
                first = first or error
            else:
                return crop, used, None if first is None else first.kind
        path = self.training_set.location(row)[0]
        raise InputError(
            f"none of {tries} images from row {row} ({path}) on can be decoded (the first is {first}): "
            "check that the folder of the images is the right one and can be read"
        )


class CorruptLimit:
    """Stops a run whose images are not what they should be.

    Args:
        rate: the largest share of images that may have had to be replaced.
        at_least: nothing is judged before this many images.
    """

    def __init__(self, rate: float = 0.01, at_least: int = 1000) -> None:
        if not 0 <= rate <= 1:
            raise InputError(f"the limit of corrupt images is a share from 0 to 1, not {rate}")
        self.rate, self.at_least = rate, at_least
        self._examples: list[str] = []

    def note(self, batch: Batch, training_set: LocatedImages) -> None:
        """Remember the files of the first corrupt images, for the message."""
        for _, row, kind in batch.corrupt[: 3 - len(self._examples)]:
            path, offset, _ = training_set.location(row)
            self._examples.append(f"{path}{f' at byte {offset}' if offset else ''} ({kind})")

    def check(self, images: int, counts: Mapping[str, int]) -> None:
        """Judge so many corrupt images, by kind, among `images` drawn so far.

        Raises:
            InputError: there are too many; it names the kinds, their numbers and the first files noted.
        """
        total = sum(counts.values())
        if images < self.at_least or total <= self.rate * images:
            return
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in sorted(counts.items(), key=lambda x: -x[1]) if n)
        first = f"; the first are {', '.join(self._examples)}" if self._examples else ""
        raise InputError(
            f"{total:,} of {images:,} images cannot be decoded ({kinds}), above the limit of {self.rate:.2%}"
            f"{first}: mend the files, or raise the limit with --corrupt-limit"
        )
