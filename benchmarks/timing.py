"""Clocks and scales for the benchmarks: work timed on its device, alone or in turns, and its memory."""

import math
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

Work = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Seconds a call of one piece of work, a value a round.

    Attributes:
        rounds: seconds a call, in the order of the rounds.
    """

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.rounds)

    @property
    def spread(self) -> float:
        """Largest minus smallest round, as a share of the median."""
        return (max(self.rounds) - min(self.rounds)) / self.median


def seconds(work: Work, calls: int, device: torch.device) -> float:
    """Seconds a call: between two CUDA events where the device has them, else on the wall clock.

    On one thread of a CPU they are the processor's, from which other work on the machine takes little.
    """
    if device.type != "cuda":
        clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
        began = clock()
        for _ in range(calls):
            work()
        return (clock() - began) / calls
    first, last = (torch.cuda.Event(enable_timing=True) for _ in range(2))
    first.record()
    for _ in range(calls):
        work()
    last.record()
    last.synchronize()
    return first.elapsed_time(last) / 1000 / calls


def in_turns(
    works: Mapping[str, Work], rounds: int, calls: int, device: torch.device, until: float = math.inf
) -> dict[str, Timing]:
    """Time every work in every round, each second round backwards, so that a slow drift favours none.

    No round but the first begins after `until`, of `time.monotonic()`.
    """
    taken: dict[str, list[float]] = {name: [] for name in works}
    for number in range(rounds):
        if number and time.monotonic() > until:
            break
        for name in list(works) if number % 2 == 0 else reversed(list(works)):
            taken[name].append(seconds(works[name], calls, device))
    return {name: Timing(tuple(values)) for name, values in taken.items()}


def peak_bytes(work: Work, device: torch.device) -> int:
    """The most memory that one call of the work takes besides what is held already, in bytes.

    On a CPU it is the growth of the process, which Linux lets us measure from here on.
    """
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
        held = torch.cuda.memory_allocated()
        work()
        return torch.cuda.max_memory_allocated() - held
    Path("/proc/self/clear_refs").write_text("5")
    held = resident("VmRSS")
    work()
    return resident("VmHWM") - held


def resident(kind: str) -> int:
    """Bytes that this process holds (VmRSS) or has held at most (VmHWM), pages of mapped files among them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith(kind))
