"""SIGTERM and SIGINT ask a run to save and stop; asked twice, it stops at once."""

import signal
import threading
from types import FrameType, TracebackType


class StopRequest:
    """Remembers the first SIGTERM or SIGINT that comes while it is entered.

    A second one is given to whatever handled it before, which ends the process as usual. Outside the main
    thread, where Python takes no signal handlers, nothing is caught.

    Attributes:
        received: the signal's number; 0 while none came.
    """

    def __init__(self) -> None:
        self.received = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> "StopRequest":
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                self._before[number] = signal.signal(number, self._remember)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()

    def _remember(self, number: int, frame: FrameType | None) -> None:
        self.received = number
        self._give_back()

    def _give_back(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # pyright: ignore[reportArgumentType]
        self._before.clear()
