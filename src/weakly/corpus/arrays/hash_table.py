"""A table of 64-bit hashes, by which pieces of text are known: distinct ones are numbered as they are met.

In come hashes by the ten thousand, out go numbers. No Python object is made for one.
"""

import numpy as np

from weakly.corpus.arrays.numba_loops import compiled


class HashTable:
    """Numbers hashes from 0 on, by open addressing; as large as what is in it asks for.

    Args:
        bits: of the slots at first.
    """

    def __init__(self, bits: int = 12) -> None:
        self._count = 0
        # A hash beside its number + 1, so that a look takes one line of the processor's cache; 0 where free.
        self._slots = np.zeros((1 << bits, 2), np.uint64)

    def __len__(self) -> int:
        return self._count

    def number(self, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Number hashes, new ones in their order.

        Args:
            hashes: uint64[n].

        Returns:
            numbers int32[n]; and where those that were new came first, int64[m], ascending.
        """
        numbers, firsts = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int64)
        before, done = self._count, 0
        while True:
            done, self._count = _number(self._slots, self._count, before, hashes, done, numbers, firsts)
            if done == len(hashes):
                return numbers, firsts[: self._count - before].copy()
            self._grow()

    def _grow(self) -> None:
        full = self._slots[self._slots[:, 1] != 0]
        self._slots = np.zeros((4 * len(self._slots), 2), np.uint64)
        _move(full, self._slots)


@compiled
def _number(
    slots: np.ndarray,
    count: int,
    before: int,
    hashes: np.ndarray,
    done: int,
    numbers: np.ndarray,
    firsts: np.ndarray,
) -> tuple[int, int]:
    """Number hashes from `done` on, until the table is half full; returns how far it came, and the count."""
    last = np.uint64(len(slots) - 1)
    for place in range(done, len(hashes)):
        own = hashes[place]
        slot = own & last
        while slots[slot, 1] != 0 and slots[slot, 0] != own:
            slot = (slot + np.uint64(1)) & last
        if slots[slot, 1] == 0:
            if 2 * (count + 1) > len(slots):
                return place, count
            firsts[count - before] = place
            count += 1
            slots[slot, 0], slots[slot, 1] = own, np.uint64(count)
        numbers[place] = slots[slot, 1] - np.uint64(1)
    return len(hashes), count


@compiled
def _move(full: np.ndarray, slots: np.ndarray) -> None:
    """Put slots of one table into a larger one."""
    last = np.uint64(len(slots) - 1)
    for own in full:
        slot = own[0] & last
        while slots[slot, 1] != 0:
            slot = (slot + np.uint64(1)) & last
        slots[slot, 0], slots[slot, 1] = own[0], own[1]
