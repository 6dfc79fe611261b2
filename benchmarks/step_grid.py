"""One network's part of the grid of `benchmarks/step.py`: its steps made, timed, split by kind and weighed.

In: a shape and the ways to take its step. Out: a `Cell` a way. What fails (memory, a compiler, a driver) is
said in that row, and the other rows still count; what there is no time for is said too.
"""

import contextlib
import gc
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch.utils.flop_counter import FlopCounterMode

from step_kinds import time_by_kind
from step_rivals import Rival, Shape
from timing import Work, in_turns, peak_bytes
from weakly.training import models

WARMUP = 3
MEASURING = 30.0
"""Seconds that are kept for measuring."""

LATE = "no time left"


@dataclass
class Cell:
    """What was measured of one way to take a step.

    Attributes:
        model: the network.
        rival: whose step, which layout, eager or compiled.
        batch: images a step.
        images_per_second: median over rounds; None where it was not measured.
        spread: largest minus smallest round, as a share of the median.
        utilisation: share of the peak, 0 to 1.
        peak_gib: most memory allocated during a step, its own weights and momentum with it; GPU only.
        largest_batch: the most images a step that fit; GPU only.
        larger_may_fit: whether time ended before that was settled.
        prepared: seconds to make it and take its first steps, compiling with it.
        missing: why something here was not measured.
        kinds: milliseconds a step by kind of work.
    """

    model: str
    rival: str
    batch: int
    images_per_second: float | None = None
    spread: float | None = None
    utilisation: float | None = None
    peak_gib: float | None = None
    largest_batch: int | None = None
    larger_may_fit: bool = False
    prepared: float | None = None
    missing: str = ""
    kinds: dict[str, float] | None = None


def flops_an_image(shape: Shape) -> float:
    """Operations to train on one image, two a multiply-add.

    The backward pass is two products for each of the forward, except that the image needs no gradient.
    """
    with torch.device("meta"):
        network = models.create(shape.model, shape.labels).eval()
        image = torch.empty(1, 3, shape.size, shape.size)
    with FlopCounterMode(display=False) as whole:
        network(image)
    stem = next(module for module in network.modules() if isinstance(module, torch.nn.Conv2d))
    with FlopCounterMode(display=False) as first:
        stem(image)
    return 3 * whole.get_total_flops() - first.get_total_flops()


class Width:
    """One network's part of the grid; its stages are called in this order.

    Args:
        shape: what is trained on.
        rivals: the rows.
        device: what on.
        until: `time.monotonic()` after which nothing new is begun.
    """

    def __init__(self, shape: Shape, rivals: list[Rival], device: torch.device, until: float) -> None:
        self.shape, self.device, self.until = shape, device, until
        self.cells = {rival: Cell(shape.model, str(rival), shape.batch) for rival in rivals}
        self.steps: dict[Rival, Work] = {}
        self.own: dict[Rival, int] = {}
        self.flops = flops_an_image(shape)

    @contextlib.contextmanager
    def _rows(self, *rivals: Rival) -> Iterator[None]:
        """Whatever fails inside is the reason in these rows, whose steps are given up."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - compilers and drivers raise all kinds
            for rival in rivals:
                self.cells[rival].missing = self.cells[rival].missing or reason(error)
                self.steps.pop(rival, None)

    def prepare(self, compiled: bool, compiling: float) -> float:
        """Make the compiled rivals ready and warm, or the eager ones.

        Returns:
            seconds that compiling one took, or is still thought to take, for the next width
        """
        torch._dynamo.reset()
        for rival, cell in self.cells.items():
            if rival.compiled != compiled:
                continue
            needed = compiling + MEASURING if rival.compiled else 0.0
            if time.monotonic() + needed > self.until:
                cell.missing = f"{LATE} to compile" if rival.compiled else LATE
                continue
            began = time.monotonic()
            with self._rows(rival):
                free(self.device)
                held = _allocated(self.device)
                self.steps[rival] = _warm_step(rival, self.shape, self.device)
                self.own[rival] = _allocated(self.device) - held
                cell.prepared = time.monotonic() - began
                if rival.compiled:
                    compiling = cell.prepared
        return compiling

    def measure(self, rounds: int, calls: int, peak: float) -> None:
        """Time all that are ready, in turns, and each one's memory."""
        works = {str(rival): self._guarded(rival) for rival in self.steps}
        with self._rows(*self.steps):
            timings = in_turns(works, rounds, calls, self.device, self.until)
            for rival in self.steps:
                cell, timing = self.cells[rival], timings[str(rival)]
                cell.images_per_second = self.shape.batch / timing.median
                cell.spread = timing.spread
                cell.utilisation = cell.images_per_second * self.flops / peak
        if self.device.type == "cuda":
            for rival, step in list(self.steps.items()):
                with self._rows(rival):
                    used = peak_bytes(step, self.device) + self.own[rival]
                    self.cells[rival].peak_gib = used / 2**30

    def _guarded(self, rival: Rival) -> Work:
        """The rival's step; nothing more once it has failed, so that the others go on."""
        step = self.steps[rival]

        def work() -> None:
            if rival in self.steps:
                with self._rows(rival):
                    step()

        return work

    def profile(self, steps: int) -> None:
        """Split each one's time by kind, while there is time."""
        for rival, step in list(self.steps.items()):
            if time.monotonic() > self.until:
                self.cells[rival].missing = self.cells[rival].missing or f"{LATE} to profile"
                continue
            with self._rows(rival):
                self.cells[rival].kinds = time_by_kind(step, steps, self.shape.labels, self.device)

    def find_largest(self, rivals: list[Rival]) -> None:
        """Find the largest batch of these, each alone on the GPU; the others are given up first."""
        self.steps.clear()
        for rival in rivals:
            cell = self.cells[rival]
            if cell.images_per_second:
                with self._rows(rival):
                    found = largest_batch(rival, self.shape, self.device, self.until)
                    cell.largest_batch, cell.larger_may_fit, why = found
                    cell.missing = cell.missing or why


def _warm_step(rival: Rival, shape: Shape, device: torch.device) -> Callable[[], torch.Tensor]:
    step = rival.prepare(shape, device)
    for _ in range(WARMUP):
        step()
    _wait(device)
    return step


def largest_batch(
    rival: Rival, shape: Shape, device: torch.device, until: float = math.inf
) -> tuple[int, bool, str]:
    """Double until a step no longer fits, then halve the gap until it is a sixteenth.

    Returns:
        (the most images that fit, whether time ended before that was settled, what it was that failed
        where it was not plainly memory)
    """
    fits, too_many, why = shape.batch, 0, ""
    while not too_many or too_many - fits > fits // 16:
        if time.monotonic() > until:
            return fits, True, why
        tried = (fits + too_many) // 2 if too_many else 2 * fits
        error = _failure(rival, replace(shape, batch=tried), device)
        if error is None:
            fits = tried
        else:
            too_many = tried
            if not error.startswith("OutOfMemoryError"):
                # cuDNN and cuBLAS have their own words for it; anything else shows here too.
                why = f"batch {tried}: {error}"
    free(device)
    return fits, False, why


def _failure(rival: Rival, shape: Shape, device: torch.device) -> str | None:
    """Why one step of this shape cannot be taken; None where it can. Holds nothing when it returns."""
    try:
        # Of every size tried the compiled code would be kept, and after a few no more be made.
        torch._dynamo.reset()
        free(device)
        step = rival.prepare(shape, device)
        # Trying kernels takes memory and time that training spends once.
        torch.backends.cudnn.benchmark = False
        step()
        _wait(device)
    except Exception as error:  # noqa: BLE001 - see above
        return reason(error)
    return None


def reason(error: Exception) -> str:
    """An error in a line: its kind and the first of what it says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {' '.join(lines[:2])}"[:160]


def _allocated(device: torch.device) -> int:
    return torch.cuda.memory_allocated() if device.type == "cuda" else 0


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def free(device: torch.device) -> None:
    """Give back memory that nothing holds."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()
