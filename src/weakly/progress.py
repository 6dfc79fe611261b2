"""Progress for people: a bar on a terminal, a plain line now and then elsewhere; counts with their nouns."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

_PLAIN_EVERY_SECONDS = 15.0


class Meter:
    """Counts units of work and shows how far it is.

    Used as `with Meter("labelling", "posts") as meter: meter.add(n)`.

    Args:
        title: what is being done, as a participle.
        unit: the plural noun of what is counted.
        total: how many there are, where known.
    """

    def __init__(self, title: str, unit: str, total: int | None = None) -> None:
        self.title, self.unit, self.total = title, unit, total
        self.done = 0
        self._started = self._printed = time.monotonic()
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            self._bar = progress.Progress(
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                progress.TextColumn("{task.fields[rate]}"),
                progress.TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(f"{title} {unit}", total=total, rate="")

    def __enter__(self) -> "Meter":
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    @property
    def rate(self) -> float:
        """Units a second since the start."""
        return self.done / max(time.monotonic() - self._started, 1e-9)

    def add(self, n: int) -> None:
        """Count n more units, and show it where it is time to."""
        self.done += n
        if self._bar:
            self._bar.update(self._task, completed=self.done, rate=f"{self.rate:,.0f} {self.unit}/s")
        elif time.monotonic() - self._printed > _PLAIN_EVERY_SECONDS:
            self._printed = time.monotonic()
            of_total = f" of {self.total:,}" if self.total else ""
            print(
                f"{self.title}: {self.done:,}{of_total} {self.unit}, {self.rate:,.0f} a second",
                file=sys.stderr,
                flush=True,
            )


def plural(count: float, noun: str) -> str:
    """A count with its noun: 1 post, 2,000 posts, 3 classes, 4 categories."""
    if count == 1:
        return f"1 {noun}"
    ending = "es" if noun.endswith(("s", "x", "ch", "sh")) else "s"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        noun, ending = noun[:-1], "ies"
    return f"{count:,.0f} {noun}{ending}"
