"""The machine: its cores, the threads that compute on them, and the device that networks run on."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from weakly.errors import InputError

if TYPE_CHECKING:
    import torch


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def idle_cores(seconds: float = 0.3) -> int:
    """Cores that no other process computes on, looked at for so many seconds, in which this one waits.

    At least 1; all that this process may use where the system does not tell.
    """
    before = _busy_seconds()
    time.sleep(seconds)
    after = _busy_seconds()
    busy = sum(after.get(core, 0.0) - then for core, then in before.items())
    return max(1, cores() - round(busy / seconds))


def _busy_seconds() -> dict[int, float]:
    """How long each core that this process may use was at work since the machine started; of Linux alone."""
    if not Path("/proc/stat").is_file():
        return {}
    allowed, tick = os.sched_getaffinity(0), os.sysconf("SC_CLK_TCK")
    rows = [line.split() for line in Path("/proc/stat").read_text().splitlines()]
    # A row of a core: name, user, nice, system, idle, waiting for disks, and two kinds of interrupts.
    found = {int(row[0][3:]): row for row in rows if row[0][:3] == "cpu" and row[0] != "cpu"}
    return {
        core: sum(map(int, (*row[1:4], *row[6:8]))) / tick for core, row in found.items() if core in allowed
    }


def share_of_cores() -> int:
    """This process's share of the cores, which it has to itself unless torchrun started several here."""
    return max(1, cores() // int(os.environ.get("LOCAL_WORLD_SIZE", "1")))


def wait_briefly() -> None:
    """Have idle threads of OpenMP spin for a moment only and then sleep, so that others get their cores.

    They would spin for milliseconds, on cores that the threads they wait for may need; to sleep at once costs
    a small network's step a tenth of its speed. OpenMP reads this once, when torch is imported: call it
    before that. What the user has set stays.
    """
    if not {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"} & os.environ.keys():
        os.environ["GOMP_SPINCOUNT"] = "10000"  # some tenths of a millisecond


def default_threads(most: int | None = None) -> int:
    """Threads to compute with on the CPU where --threads does not say.

    That is OMP_NUM_THREADS where it is set (but not the 1 that torchrun sets for want of a better number),
    else the process's share of the cores, and no more than `most`.
    """
    said = os.environ.get("OMP_NUM_THREADS", "")
    by_torchrun = said == "1" and int(os.environ.get("LOCAL_WORLD_SIZE", "1")) > 1
    if said.isdigit() and int(said) and not by_torchrun:
        return int(said)
    return min(share_of_cores(), most or share_of_cores())


@contextlib.contextmanager
def computing_threads(count: int) -> Iterator[None]:
    """Let torch compute with so many threads; with as many as before afterwards."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def choose_device(asked: str) -> "torch.device":
    """The device for `auto`, `cpu` or `cuda` in this process.

    Raises:
        InputError: a GPU was asked for and there is none, or fewer than processes on this machine.
    """
    import torch

    available = torch.cuda.is_available()
    if asked == "cpu" or (asked == "auto" and not available):
        return torch.device("cpu")
    if not available:
        raise InputError("--device cuda: torch sees no CUDA device; expected one: use --device cpu or auto")
    local, count = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
    if local >= count:
        raise InputError(f"process {local} of this machine has no GPU: {count} found; lower --nproc-per-node")
    return torch.device("cuda", local)
