"""Units of work, done one after the other here, by several processes, or by a Ray cluster.

In: a function of a unit's number that writes what it finds to files (on a cluster: to a file system that
all its machines share). Out: the numbers of the units done, as they are done. The only file that knows Daft,
which starts the processes, hands them units and, on Ray, finds the machines. What a unit gives does not
depend on who works on it, so neither do the bytes that are written.
"""

import logging
import os
import traceback
from collections.abc import Callable, Iterator, Sequence

from weakly.errors import InputError

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
_DONE, _AT_FAULT, _BROKEN = "done", "at fault", "broken"


def choose(engine: str, workers: int | None, units: int, size: int) -> tuple[str, int]:
    """The engine and the number of processes for so much work.

    Args:
        engine: `auto`, `serial`, `native`, `ray` or `ray://HOST:PORT`.
        workers: as the user said; None for one a core.
        units: how many units there are.
        size: bytes of the input.

    Raises:
        InputError: no such engine, or no worker.
    """
    if engine not in ("auto", "serial", "native", "ray") and not engine.startswith("ray://"):
        raise InputError(f"--engine {engine}: expected auto, serial, native, ray or ray://HOST:PORT")
    if workers is not None and workers < 1:
        raise InputError(f"--workers {workers}: expected 1 or more")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if engine == "auto":
        engine = "serial" if workers == 1 or units == 1 or size < _SMALL_BYTES else "native"
    if engine == "serial":
        return engine, 1
    if workers is None and engine != "native":
        return engine, 0
    return engine, min(workers or cores, max(units, 1))


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

    Raises:
        InputError: as the task raises it, or workers were lost again and again.
        RuntimeError: any other error in the task, with its traceback.
    """
    if engine == "serial":
        for unit in units:
            task(unit)
            yield unit
        return
    waiting, tries = list(units), 0
    while waiting:
        before = len(waiting)
        try:
            for unit in _by_daft(task, waiting, engine, workers):
                yield unit
            return
        except (InputError, _TaskError):
            raise
        except Exception as error:  # noqa: BLE001 - Daft and Ray raise all kinds when a process of theirs is gone
            lost = error
        done = [unit for unit in waiting if is_done(unit)]
        yield from done
        waiting = [unit for unit in waiting if not is_done(unit)]
        tries = 0 if len(waiting) < before else tries + 1
        if waiting and tries == _TRIES:
            said = str(lost).strip().splitlines()[-1]
            raise InputError(
                f"workers were lost {_TRIES} times without a unit done ({said}), perhaps for want of memory: "
                "give the same command again, with fewer --workers"
            ) from lost


class _TaskError(RuntimeError):
    """An error in the task itself, which would be no other the next time."""


def _by_daft(task: Task, units: Sequence[int], engine: str, workers: int) -> Iterator[int]:
    import daft
    from daft import DataType, col

    if engine == "native":
        daft.set_runner_native()
    else:
        workers = _join_ray(engine, workers)

    @daft.cls(max_concurrency=workers, use_process=True)
    class Worker:
        def __init__(self, task: Task) -> None:
            self._task = task

        @daft.method.batch(return_dtype=DataType.string(), batch_size=1)
        def do(self, units: daft.Series) -> list[str]:
            return [_outcome(self._task, unit) for unit in units.to_pylist()]

    frame = daft.from_pydict({"unit": list(units)})
    if engine != "native":
        frame = frame.into_partitions(len(units))
    frame = frame.select("unit", Worker(task).do(col("unit")).alias("outcome"))
    for row in frame.iter_rows(results_buffer_size=None):
        outcome, _, detail = row["outcome"].partition(": ")
        if outcome == _AT_FAULT:
            raise InputError(detail)
        if outcome == _BROKEN:
            raise _TaskError(f"unit {row['unit']}: {detail}")
        yield row["unit"]


def _outcome(task: Task, unit: int) -> str:
    """Do a unit in a worker. An error comes back as a value: raised, it would look like a lost worker."""
    try:
        task(unit)
    except InputError as error:
        return f"{_AT_FAULT}: {error}"
    except Exception:  # noqa: BLE001 - all of it goes on to the process that asked
        return f"{_BROKEN}: {traceback.format_exc()}"
    return _DONE


def _join_ray(engine: str, workers: int) -> int:
    """Join the cluster (the one named, or $RAY_ADDRESS, or the one on this machine) and count its CPUs."""
    import daft

    try:
        import ray
    except ImportError as error:
        raise InputError(
            f"--engine {engine}: {error}; install it with `pip install 'weakly[ray]'`"
        ) from error
    if not ray.is_initialized():
        ray.init(address=None if engine == "ray" else engine, logging_level=logging.WARNING)
    daft.set_runner_ray(noop_if_initialized=True)
    return workers or max(int(ray.cluster_resources().get("CPU", 1)), 1)
