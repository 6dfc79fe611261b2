"""Memory that workers fill with images and the process that started them reads, again and again.

A tensor sent from one process to another is a new file in shared memory, whose pages the kernel clears and
maps in both, 37 of them for an image of 224 px: a tenth of what a worker takes to make it. Here a few buffers
are mapped once, before the workers are forked, and what is sent is the number of one.
"""

import itertools
import mmap
import weakref
from typing import Any

import torch

_KEYS = itertools.count()


class Ring:
    """A few buffers that this process shares with the workers it forks.

    Args:
        slots: how many; one for each task that is under way, and for each result that is held.
        size: of each, in bytes.
    """

    def __init__(self, slots: int, size: int) -> None:
        # Anonymous: neither a file that could be left behind, nor bound by the size of /dev/shm.
        self._memory = [mmap.mmap(-1, size) for _ in range(slots)]
        # The slot last used comes first: its pages are most likely to be in the processor's cache.
        self._free = list(range(slots))
        self._key = next(_KEYS)
        _RINGS[self._key] = self

    def take(self) -> int | None:
        """Name a slot for a worker to fill, until it is lent and given back; None where all are in use."""
        return self._free.pop() if self._free else None

    def fill(self, slot: int) -> torch.Tensor:
        """Return a slot's bytes, uint8 [size], to be written in a worker."""
        return torch.frombuffer(self._memory[slot], dtype=torch.uint8)

    def lend(self, slot: int) -> torch.Tensor:
        """Return a slot's bytes, uint8 [size], to be read in the process that made the ring.

        The slot is free again once no tensor and no array anywhere shares them, however it was made of this
        one: what somebody holds is never written over.
        """
        view = memoryview(self._memory[slot])
        weakref.finalize(view, self._free.append, slot).atexit = False
        return torch.frombuffer(view, dtype=torch.uint8)

    def __reduce__(self) -> tuple[Any, ...]:
        return _of_this_process, (self._key,)


_RINGS: weakref.WeakValueDictionary[int, Ring] = weakref.WeakValueDictionary()


def _of_this_process(key: int) -> Ring:
    """The ring that another process, forked from this one or the other way round, has by the same key."""
    return _RINGS[key]
