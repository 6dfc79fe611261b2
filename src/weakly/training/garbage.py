"""Python's garbage is collected at the same steps in all processes, and never in between.

Left to itself Python collects when it has counted enough new objects, at another moment in each process, and
all wait for the one that does.
"""

import gc
from types import TracebackType

EVERY = 50
"""Steps between two collections of young objects."""


class Garbage:
    """Collects while it is entered, in place of Python, which goes on afterwards as before."""

    def __enter__(self) -> "Garbage":
        self._was_enabled = gc.isenabled()
        gc.disable()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._was_enabled:
            gc.enable()

    def collect(self, step: int, *, everything: bool) -> None:
        """Collect where it is time to after this step; `everything` where the step was a long one anyway."""
        if everything:
            gc.collect()
        elif step % EVERY == 0:
            gc.collect(1)
