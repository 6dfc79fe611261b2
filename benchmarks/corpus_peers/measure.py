"""What a command costs, with every process it starts: wall seconds, CPU seconds and memory at its highest.

Linux only: it reads `/proc`. The memory is PSS, the resident pages of all processes with each shared page
counted once, looked at every 50 ms, or less often where looking would take more than a fiftieth of the time:
it takes from the processes that are looked at. CPU is user and system time of the whole tree.
"""

import contextlib
import ctypes
import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.05
SHARE = 50
_TICKS = os.sysconf("SC_CLK_TCK")
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds, and bytes of memory at the highest."""

    wall: float
    cpu: float
    memory: int


def measure(command: list[str], cores: int, environment: dict[str, str], timeout: float) -> Cost:
    """Run a command on so many cores and wait for all that it started.

    Raises:
        RuntimeError: it failed; with the end of what it said.
    """
    allowed = sorted(os.sched_getaffinity(0))[-cores:]
    if len(allowed) < cores:
        raise RuntimeError(f"{cores} cores were asked for and {len(allowed)} may be used")
    # What a contestant leaves behind becomes a child of this process, so that it is counted and ended.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    )
    with _Watch() as watch:
        try:
            said, _ = process.communicate(timeout=timeout)
        finally:
            wall = time.perf_counter() - began
            _end_all()
    if process.returncode:
        raise RuntimeError(f"{command}: exit {process.returncode}\n{said.decode(errors='replace')[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    waited = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # One whose parent never waited for it is missing in the first, the last moment of each in the other.
    return Cost(wall, max(waited, watch.cpu), watch.memory)


class _Watch:
    """Looks at all descendants of this process from a thread, until left."""

    def __init__(self) -> None:
        self.memory = 0
        self._ticks: dict[tuple[int, int], int] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def cpu(self) -> float:
        return sum(self._ticks.values()) / _TICKS

    def _run(self) -> None:
        pause = EVERY
        while not self._done.wait(pause):
            began = time.perf_counter()
            memory = 0
            for pid in descendants():
                with contextlib.suppress(OSError, IndexError):
                    fields = _stat(pid)
                    self._ticks[pid, int(fields[19])] = int(fields[11]) + int(fields[12])
                    memory += _pss(pid)
            self.memory = max(self.memory, memory)
            pause = max(EVERY, SHARE * (time.perf_counter() - began))


def descendants() -> list[int]:
    """All processes below this one."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            children.setdefault(int(_stat(int(folder.name))[1]), []).append(int(folder.name))
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        own = children.get(waiting.pop(), [])
        found += own
        waiting += own
    return found


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on: 1 parent, 11 and 12 ticks of CPU, 19 when it started."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _end_all(patience: float = 20.0) -> None:
    """Wait for what is left below this process, then kill it."""
    until = time.monotonic() + patience
    while descendants():
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)
        if time.monotonic() > until:
            for pid in descendants():
                with contextlib.suppress(OSError):
                    os.kill(pid, 9)
        time.sleep(EVERY)
