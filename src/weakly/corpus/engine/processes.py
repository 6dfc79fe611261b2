"""Units done by processes of this machine.

Each worker is a fresh interpreter with two pipes of its own: numbers of units go in, outcomes come out. A
worker that ends, however it is killed, closes its pipe, which wakes this process. A parent that ends, however
it is killed, closes the other pipe, which ends its workers. Nothing is shared (no queue, no lock) that a
killed worker could leave taken.

Why not `concurrent.futures`: one lost worker breaks its pool and ends the others, and its workers outlive a
parent that was killed. Why not fork (0.02 s of CPU for two workers instead of 0.7): they would have the locks
of threads (of Arrow, of torch) in whatever state they were, and might wait for them for ever. Why not
`multiprocessing`'s forkserver or spawn: 1.0 and 1.5 s, and they run the user's script again.
"""

import contextlib
import os
import pickle
import queue
import selectors
import signal
import subprocess
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator
from typing import BinaryIO, Literal

from weakly.errors import InputError

Task = Callable[[int], None]
IsDone = Callable[[int], bool]
Outcome = tuple[Literal["done", "at fault", "broken", "lost"], str]
"""What came of a unit, a value, so that an error of the task is never taken for a lost worker: `at fault` for
an InputError, with its message; `broken` for any other, with the traceback; `lost`, with how."""
_SECONDS_TO_END = 5


def attempt(task: Task, is_done: IsDone, unit: int) -> Outcome:
    """Do a unit in a worker, unless it is done."""
    try:
        if not is_done(unit):
            task(unit)
    except InputError as error:
        return "at fault", str(error)
    except Exception:  # noqa: BLE001 - all of it goes on to the process that asked
        return "broken", traceback.format_exc()
    return "done", ""


def hand_out(
    task: Task, is_done: IsDone, waiting: deque[int], workers: int
) -> Generator[tuple[int, Outcome], None, None]:
    """Hand out units to so many processes; yields each with its outcome, `lost` among them.

    The task and `is_done` are picklable, of modules that can be imported. Units to be done are taken from the
    left of `waiting`; more may be added until the end.
    """
    message, idle, at_work = pickle.dumps((task, is_done)), [], {}
    try:
        with selectors.DefaultSelector() as selector:
            while waiting or at_work:
                # All are started before any is written to, so that they import at the same time.
                wanted = min(workers - len(at_work), len(waiting))
                new = [_Worker() for _ in range(wanted - len(idle))]
                idle += new
                for worker in new:
                    worker.send(message)
                for worker in idle[:wanted]:
                    at_work[worker] = unit = waiting.popleft()
                    worker.send(b"%d\n" % unit)
                    selector.register(worker.answers, selectors.EVENT_READ, worker)
                del idle[:wanted]
                for key, _ in selector.select():
                    worker: _Worker = key.data
                    selector.unregister(worker.answers)
                    outcome = worker.outcome()
                    unit = at_work.pop(worker)
                    if outcome[0] != "lost":
                        idle.append(worker)
                    yield unit, outcome
    finally:
        for worker in (*idle, *at_work):
            worker.end()


class _Worker:
    """A process that does units."""

    def __init__(self) -> None:
        path = os.pathsep.join(sys.path)
        # As many threads as workers are at work already; a user's own number wins.
        environment = {"OMP_NUM_THREADS": "1", **os.environ, "PYTHONPATH": path}
        # Ctrl-C goes to the whole process group. Workers never see it: this process ends them.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", f"import {__name__} as worker; worker.serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        assert self._process.stdin and self._process.stdout
        self._orders, self.answers = self._process.stdin, self._process.stdout

    def send(self, order: bytes) -> None:
        """Send the task, or a unit; that a worker is gone is seen when its outcome is read."""
        with contextlib.suppress(BrokenPipeError):
            self._orders.write(order)
            self._orders.flush()

    def outcome(self) -> Outcome:
        try:
            return pickle.load(self.answers)
        except (EOFError, pickle.UnpicklingError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_SECONDS_TO_END)  # killed before that, it would not say how it ended
            return "lost", self.end()

    def end(self) -> str:
        """Kill it if it is alive, wait until it is gone, and say how it ended."""
        self._process.kill()
        status = self._process.wait()
        with contextlib.suppress(BrokenPipeError):
            self._orders.close()
        self.answers.close()
        return f"it was killed by {signal.Signals(-status).name}" if status < 0 else f"it ended with {status}"


def serve() -> None:
    """Be a worker, until the pipe of orders ends."""
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a task prints is no outcome
    with contextlib.suppress(EOFError, pickle.UnpicklingError, BrokenPipeError):
        task, is_done = pickle.load(orders)
        units: queue.SimpleQueue[int] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(orders, units), daemon=True).start()
        while True:
            pickle.dump(attempt(task, is_done, units.get()), answers)
            answers.flush()
    os._exit(0)


def _listen(orders: BinaryIO, units: "queue.SimpleQueue[int]") -> None:
    """Take orders while a unit is done, so that the parent's end is seen at once."""
    for order in orders:
        units.put(int(order))
    os._exit(0)
