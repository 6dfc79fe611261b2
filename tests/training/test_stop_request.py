import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from weakly.training.stop_request import StopRequest

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@pytest.fixture
def seen() -> Iterator[list[int]]:
    """The signals that reach handlers of our own, which stand while a test runs."""
    numbers: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        numbers.append(number)

    before = {number: signal.signal(number, note) for number in SIGNALS}
    yield numbers
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_the_first_signal_is_remembered_and_the_next_is_given_on(
    number: signal.Signals, seen: list[int]
) -> None:
    with StopRequest() as stop:
        assert stop.received == 0
        os.kill(os.getpid(), number)
        assert (stop.received, seen) == (number, [])
        for other in SIGNALS:
            os.kill(os.getpid(), other)
        assert seen == [*SIGNALS]


def test_signals_are_given_back_at_the_end(seen: list[int]) -> None:
    with pytest.raises(ZeroDivisionError), StopRequest():
        raise ZeroDivisionError
    for number in SIGNALS:
        os.kill(os.getpid(), number)
    assert seen == [*SIGNALS]


def test_outside_the_main_thread_nothing_is_caught(seen: list[int]) -> None:
    def enter() -> None:
        with StopRequest():
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [signal.SIGTERM]
