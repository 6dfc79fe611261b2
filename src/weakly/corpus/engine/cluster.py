"""Units done by a Ray cluster: a Ray task each, on machines that share a file system with this one."""

import functools
import logging
import pickle
from collections import deque
from collections.abc import Generator

from weakly.corpus.engine.processes import IsDone, Outcome, Task, attempt
from weakly.errors import InputError

_SECONDS_TO_CANCEL = 30


def connect(engine: str) -> int:
    """Connect, once a process, to `ray://HOST:PORT`; or with `ray` to $RAY_ADDRESS, the cluster on this
    machine, or a new one here. Returns the number of its CPUs.

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
    """As `processes.hand_out`; the cluster's machines must be able to import what is pickled."""
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
                outcome = "lost", str(error).strip().splitlines()[0]
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
