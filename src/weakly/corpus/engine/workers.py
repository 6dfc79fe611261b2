"""Who does the units: this process, several, or a Ray cluster; and what becomes of a unit that was lost.

In: a function of a unit's number that writes what it finds to files (on a cluster: to a file system that all
its machines share). Out: the numbers of the units done, as they are done.
"""

import contextlib
import sys
from collections import Counter, deque
from collections.abc import Generator, Sequence

from weakly.corpus.engine import cluster, processes
from weakly.corpus.engine.processes import IsDone, Task
from weakly.errors import InputError
from weakly.machine import cores

_SMALL_BYTES = 64 << 20
"""Less input than this is read sooner by this process than by others that have to start first."""
_TRIES = 4
"""How often a unit is handed out before it is given up, unless some other was done meanwhile."""


def choose(engine: str, workers: int | None, units: int, size: int) -> tuple[str, int]:
    """The engine and the number of workers for so much work.

    Args:
        engine: `auto`, `serial`, `native`, `ray` or `ray://HOST:PORT`.
        workers: as the user said; None for one a core.
        units: how many units there are.
        size: bytes of the input.

    Returns: the engine, no longer `auto`; and its workers, 0 for as many as a cluster has CPUs.

    Raises:
        InputError: no such engine.
    """
    if engine not in ("auto", "serial", "native", "ray") and not engine.startswith("ray://"):
        raise InputError(f"--engine {engine}: expected auto, serial, native, ray or ray://HOST:PORT")
    if engine == "auto":
        engine = "serial" if workers == 1 or units == 1 or size < _SMALL_BYTES else "native"
    if engine == "serial":
        return engine, 1
    if workers is None and engine != "native":
        return engine, 0
    return engine, min(workers or cores(), max(units, 1))


def run(
    task: Task, units: Sequence[int], *, engine: str, workers: int, is_done: IsDone
) -> Generator[int, None, None]:
    """Do every unit, and yield its number when it is done.

    Args:
        task: called with each of the `units`; picklable.
        engine, workers: as `choose` returned them.
        is_done: whether a unit was done, by what it left; asked by the worker that is to do it; picklable.

    Raises:
        InputError: as the task raises it, or workers were lost again and again.
        RuntimeError: any other error in the task, with its traceback.
    """
    if engine == "serial":
        for unit in units:
            task(unit)
            yield unit
        return
    waiting, left, losses = deque(units), len(units), Counter()
    hand_out = processes.hand_out
    if engine != "native":
        hand_out, cpus = cluster.hand_out, cluster.connect(engine)
        workers = workers or cpus
    with contextlib.closing(hand_out(task, is_done, waiting, workers)) as outcomes:
        for unit, (kind, detail) in outcomes:
            match kind:
                case "at fault":
                    raise InputError(detail)
                case "broken":
                    raise RuntimeError(f"unit {unit}: {detail}")
                case "done":
                    left -= 1
                    losses.clear()
                    yield unit
                case "lost":
                    losses[unit] += 1
                    if losses[unit] == _TRIES:
                        raise InputError(
                            f"workers were lost {_TRIES} times without a unit done ({detail}), "
                            "perhaps for want of memory: give the same command again, with fewer --workers"
                        )
                    said = f"a worker was lost ({detail}); {left:,} units are left, going on"
                    print(said, file=sys.stderr, flush=True)
                    waiting.append(unit)  # after the others, which may well be done
