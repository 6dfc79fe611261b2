"""What came of a unit: a value, so that an error of the task is never taken for a lost worker."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from weakly.errors import InputError

Task = Callable[[int], None]
IsDone = Callable[[int], bool]


@dataclass(frozen=True)
class Outcome:
    """What came of a unit.

    Attributes:
        kind: `done`; `at fault` for an InputError; `broken` for any other error; `lost` with the worker.
        detail: the error's message, the traceback, or how the worker was lost.
    """

    kind: Literal["done", "at fault", "broken", "lost"]
    detail: str = ""


def attempt(task: Task, is_done: IsDone, unit: int) -> Outcome:
    """Do a unit in a worker, unless it is done."""
    try:
        if not is_done(unit):
            task(unit)
    except InputError as error:
        return Outcome("at fault", str(error))
    except Exception:  # noqa: BLE001 - all of it goes on to the process that asked
        return Outcome("broken", traceback.format_exc())
    return Outcome("done")
