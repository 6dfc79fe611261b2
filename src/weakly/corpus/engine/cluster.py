"""Units done by a Ray cluster: a Ray task each, on machines that share a file system with this one."""

import functools
import logging
import pickle
from collections import deque
from collections.abc import Generator

from weakly.corpus.engine.outcome import IsDone, Outcome, Task, attempt
from weakly.errors import InputError

_SECONDS_TO_CANCEL = 30


def connect(engine: str) -> int:
    """Connect to the cluster that is meant, once a process; returns the number of its CPUs.

    Args:
        engine: `ray://HOST:PORT`; or `ray` for $RAY_ADDRESS, the cluster on this machine, or a new one here.

    Raises:
        InputError: Ray is not installed, or there is no such cluster.
    """
    try:
        import ray

        if not ray.is_initialized():
            ray.init(address=None if engine == "ray" else engine, logging_level=logging.WARNING)
    except ImportError as error:
        raise InputError(
            f"--engine {engine}: {error}; install it with `pip install 'weakly[ray]'`"
        ) from error
    except ConnectionError as error:
        raise InputError(f"--engine {engine} cannot be used in this process: {error}") from error
    return max(int(ray.cluster_resources().get("CPU", 1)), 1)


def hand_out(
    task: Task, is_done: IsDone, waiting: deque[int], workers: int
) -> Generator[tuple[int, Outcome], None, None]:
    """Hand out units to the cluster; yields each with its outcome, `lost` among them.

    Args:
        task: does a unit; picklable, and of a module that the cluster's machines can import.
        is_done: whether a unit is done already; likewise.
        waiting: units to be done, taken from its left; more may be added until the end.
        workers: how many units are done at a time.
    """
    import ray
    from ray.exceptions import RayError

    # Tried again by `workers.run` alone, which knows when to give up.
    remote = ray.remote(max_retries=0, scheduling_strategy="SPREAD")(_attempt_pickled)
    message, at_work = ray.put(pickle.dumps((task, is_done))), {}
    try:
        while waiting or at_work:
            while waiting and len(at_work) < workers:
                unit = waiting.popleft()
                at_work[remote.options(name=f"unit {unit}").remote(message, unit)] = unit
            (ready,), _ = ray.wait(list(at_work))
            unit = at_work.pop(ready)
            try:
                outcome = ray.get(ready)
            except RayError as error:
                outcome = Outcome("lost", str(error).strip().splitlines()[0])
            yield unit, outcome
    finally:
        for reference in at_work:
            ray.cancel(reference, force=True)
        if at_work:
            ray.wait(list(at_work), num_returns=len(at_work), timeout=_SECONDS_TO_CANCEL)


def _attempt_pickled(message: bytes, unit: int) -> Outcome:
    return attempt(*_unpickle(message), unit)


@functools.lru_cache(maxsize=1)
def _unpickle(message: bytes) -> tuple[Task, IsDone]:
    """The task, kept by a worker from one unit to the next, with what it has learnt."""
    return pickle.loads(message)
