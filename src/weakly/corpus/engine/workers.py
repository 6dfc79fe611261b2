"""Units of work, done one after the other here, by several processes, or by a Ray cluster.

In: a function of a unit's number that writes what it finds to files (on a cluster: to a file system that
all its machines share). Out: the numbers of the units done, as they are done. The only file that knows Daft,
which starts the processes, hands them units and, on Ray, finds the machines. What a unit gives does not
depend on who works on it, so neither do the bytes that are written.
"""

import atexit
import functools
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence

from weakly.errors import InputError
from weakly.machine import cores

# Daft reports its use to its makers unless told not to, and it reads this when it is imported.
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("DAFT_ANALYTICS_ENABLED", "0")
# The verbs have a progress bar of their own.
os.environ.setdefault("DAFT_PROGRESS_BAR", "0")

Task = Callable[[int], None]

_SMALL_BYTES = 64 << 20
"""Less input than this is read sooner by this process than by others that have to start first."""
_TRIES = 4
"""How often units are handed out again after workers were lost, unless some more were done meanwhile."""
_PARTITIONS_A_WORKER = 8
_SECONDS_TO_DROP = 0.1
"""How long this process waits at its end for Daft's threads, which drop what they had of Python a little
after the last row. Where the interpreter has gone before them, they abort the process, done as it may be."""
_DONE, _AT_FAULT, _BROKEN = "done", "at fault", "broken"


def choose(engine: str, workers: int | None, units: int, size: int) -> tuple[str, int]:
    """The engine and the number of processes for so much work.

    Args:
        engine: `auto`, `serial`, `native`, `ray` or `ray://HOST:PORT`.
        workers: as the user said; None for one a core.
        units: how many units there are.
        size: bytes of the input.

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
    task: Task, units: Sequence[int], *, engine: str, workers: int, is_done: Callable[[int], bool]
) -> Iterator[int]:
    """Do every unit, and yield its number when it is done.

    Args:
        task: does a unit; picklable.
        units: numbers to call it with.
        engine: `serial`, `native`, `ray` or `ray://HOST:PORT`.
        workers: processes; 0 for as many as a cluster has CPUs.
        is_done: whether a unit was done, by what it left; asked after workers were lost.

    Units that were done when a worker was lost are not done again; their numbers may not be yielded.

    Raises:
        InputError: as the task raises it, or workers were lost again and again.
        RuntimeError: any other error in the task, with its traceback.
    """
    if engine == "serial":
        for unit in units:
            task(unit)
            yield unit
        return
    workers = _start(engine, workers)
    waiting, tries = list(units), 0
    while waiting:
        yielded, lost = set(), "it ended without a word"
        try:
            for unit in _by_daft(task, is_done, waiting, engine, workers):
                yielded.add(unit)
                yield unit
        except (InputError, _TaskError):
            raise
        except Exception as error:  # noqa: BLE001 - Daft and Ray raise all kinds when a process of theirs is gone
            lost = str(error).strip().splitlines()[-1]
        # Looked at without an error too: on Ray, Daft has ended early as if it had been done.
        left = [unit for unit in waiting if unit not in yielded and not is_done(unit)]
        if not left:
            return
        tries = 0 if len(left) < len(waiting) else tries + 1
        if tries == _TRIES:
            raise InputError(
                f"workers were lost {_TRIES} times without a unit done ({lost}), perhaps for want of memory: "
                "give the same command again, with fewer --workers"
            )
        print(
            f"a worker was lost ({lost}); {len(left):,} units are left, going on", file=sys.stderr, flush=True
        )
        waiting = left


class _TaskError(RuntimeError):
    """An error in the task itself, which would be no other the next time."""


def _by_daft(
    task: Task, is_done: Callable[[int], bool], units: Sequence[int], engine: str, workers: int
) -> Iterator[int]:
    import daft
    from daft import DataType, col

    @daft.cls(max_concurrency=workers, use_process=True)
    class Worker:
        def __init__(self, task: Task, is_done: Callable[[int], bool]) -> None:
            self._task, self._is_done = task, is_done
            if engine == "native":
                # This process waits until they have ended. What they hold need not be freed bit by bit.
                atexit.register(os._exit, 0)

        @daft.method.batch(return_dtype=DataType.string(), batch_size=1)
        def do(self, units: daft.Series) -> list[str]:
            return [_outcome(self._task, self._is_done, unit) for unit in units.to_pylist()]

    frame = daft.from_pydict({"unit": list(units)})
    if engine != "native":
        # Ray takes seconds to hand out a partition, and hands it out again whole when a worker is lost.
        frame = frame.into_partitions(min(len(units), _PARTITIONS_A_WORKER * workers))
    frame = frame.select("unit", Worker(task, is_done).do(col("unit")).alias("outcome"))
    for row in frame.iter_rows(results_buffer_size=None):
        outcome, _, detail = row["outcome"].partition(": ")
        if outcome == _AT_FAULT:
            raise InputError(detail)
        if outcome == _BROKEN:
            raise _TaskError(f"unit {row['unit']}: {detail}")
        yield row["unit"]


def _outcome(task: Task, is_done: Callable[[int], bool], unit: int) -> str:
    """Do a unit in a worker. An error comes back as a value: raised, it would look like a lost worker."""
    try:
        if not is_done(unit):
            task(unit)
    except InputError as error:
        return f"{_AT_FAULT}: {error}"
    except Exception:  # noqa: BLE001 - all of it goes on to the process that asked
        return f"{_BROKEN}: {traceback.format_exc()}"
    return _DONE


@functools.cache
def _start(engine: str, workers: int) -> int:
    """Start what runs the workers, once a process; returns how many there are to be."""
    import daft
    from daft.exceptions import DaftCoreException

    try:
        if engine == "native":
            daft.set_runner_native()
            atexit.register(time.sleep, _SECONDS_TO_DROP)
            return workers
        import ray

        # The cluster that is named, or $RAY_ADDRESS, or the one on this machine, or a new one here.
        if not ray.is_initialized():
            ray.init(address=None if engine == "ray" else engine, logging_level=logging.WARNING)
        daft.set_runner_ray(noop_if_initialized=True)
    except ImportError as error:
        raise InputError(
            f"--engine {engine}: {error}; install it with `pip install 'weakly[ray]'`"
        ) from error
    except (ConnectionError, DaftCoreException) as error:
        raise InputError(f"--engine {engine} cannot be used in this process: {error}") from error
    return workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
