"""Where the time of a step goes: a trace of some steps by torch's profiler, to be opened in Perfetto."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from torch import profiler

WARM_UP = 5
"""Steps before the trace: compilers, caches and the data's workers have begun by then."""


@contextlib.contextmanager
def traced(folder: Path, *, steps: int | None, rank: int, first_step: int) -> Iterator[Callable[[], None]]:
    """Trace some steps into `folder`; gives what is to be called after each step.

    A run that ends before leaves what it has. The file says at which step it begins, so that a resumed run
    leaves the earlier one's as it is.

    Args:
        folder: made where it is not there.
        steps: how many; None for no trace.
        rank: of this process.
        first_step: the step that comes next.
    """
    if steps is None:
        yield lambda: None
        return
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{first_step + WARM_UP:08d}-process-{rank}.json.gz"

    def write(trace: profiler.profile) -> None:
        trace.export_chrome_trace(str(path))
        print(f"trace of {steps} steps: {path}", flush=True)

    # The profiler itself warms up over the last of the steps before.
    schedule = profiler.schedule(wait=WARM_UP - 1, warmup=1, active=steps, repeat=1)
    with profiler.profile(schedule=schedule, on_trace_ready=write, record_shapes=True) as trace:
        yield trace.step
