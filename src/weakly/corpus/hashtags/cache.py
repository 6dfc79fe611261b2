"""What a process remembers of hashtags: pieces of text, their normal forms, and what these stand for.

In come pieces, by the ten thousand; out go indices of normal forms. A piece that is known costs no Python
object. What is remembered changes the speed, nothing else.
"""

from collections.abc import Callable, Iterable
from itertools import islice

import numpy as np
import pyarrow as pa

from weakly.corpus.arrays.numba_loops import Arrays, compiled
from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.hashtags.scan import Pieces

MOST_KNOWN = 1_000_000
"""Hashtags that a process remembers, about; then all are forgotten."""


class KnownHashtags:
    """What a process knows of hashtags; each is normalised and resolved about once.

    `resolve` gives an integer of 32 bits for a normal form: what it stands for. Where these are labels,
    `vocabulary` is the fingerprint of theirs.

    Attributes:
        normal_forms: the index of every one met, in their order; another dictionary once they were forgotten.
        resolved: int32, what they stand for, by index.
    """

    def __init__(self, resolve: Callable[[str], int], vocabulary: str | None = None) -> None:
        self._resolve, self._limit, self.vocabulary = resolve, MOST_KNOWN, vocabulary
        self._forget()

    def _forget(self) -> None:
        self._pieces = HashTable()
        self._index_of_piece = np.empty(0, np.int32)
        self.normal_forms: dict[str, int] = {}
        self.resolved = np.empty(0, np.int32)

    def forget_if_full(self) -> None:
        """Forget all where the limit is reached; a batch may take it further."""
        if max(len(self.normal_forms), self._pieces.count) >= self._limit:
            self._forget()

    def look_up(self, pieces: Pieces) -> np.ndarray:
        """Index of every piece's normal form, int32[n]; -1 where it is none."""
        numbers, new = self._pieces.number(pieces.hashes)
        if len(new):
            indices = self.indices(map(normal_form, pieces.written(new)))
            self._index_of_piece = _with(self._index_of_piece, self._pieces.count - len(new), indices)
        return _taken(self._index_of_piece, numbers)

    def indices(self, forms: Iterable[str | None]) -> np.ndarray:
        """Index of every normal form, int32[n]; those that are new are added. -1 for None."""
        own, known = self.normal_forms, len(self.normal_forms)
        found = [-1 if form is None else own.setdefault(form, len(own)) for form in forms]
        if new := list(islice(reversed(own), len(own) - known)):
            self.resolved = _with(self.resolved, known, list(map(self._resolve, reversed(new))))
        return np.array(found, np.int32)

    def resolve_names(self, names: pa.RecordBatch) -> np.ndarray:
        """What the normal forms in the column `name` stand for, int32[n]."""
        self.forget_if_full()
        indices = self.indices(names.column("name").to_pylist())
        return self.resolved[indices]


def _with(values: np.ndarray, known: int, new: np.ndarray | list[int]) -> np.ndarray:
    """The first `known` values and then the new ones, with room for as many again where it had to grow."""
    if known + len(new) > len(values):
        values = np.resize(values, 2 * (known + len(new)))
    values[known : known + len(new)] = new
    return values


@compiled
def _taken(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """`values[places]`, in a third of NumPy's time where the places are no int64."""
    taken = np.empty(len(places), values.dtype)
    for i in range(len(places)):
        taken[i] = values[places[i]]
    return taken


class HashTable:
    """Numbers 64-bit hashes as they are met, by open addressing in 2 to the `bits` slots, later more."""

    def __init__(self, bits: int = 12) -> None:
        self.count = 0
        # A hash beside its number + 1, so that a look takes one line of the processor's cache; 0 where free.
        self._slots = np.zeros((1 << bits, 2), np.uint64)

    def number(self, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Numbers int32[n] of hashes uint64[n]; and where new ones came first, int64[m], ascending."""
        numbers, firsts = out = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int64)
        before, done = self.count, 0
        while True:
            done, self.count = _number(self._slots, self.count, before, hashes, done, out)
            if done == len(hashes):
                return numbers, firsts[: self.count - before].copy()
            full = self._slots[self._slots[:, 1] != 0]
            self._slots = np.zeros((4 * len(self._slots), 2), np.uint64)
            _move(full, self._slots)


@compiled
def _number(
    slots: np.ndarray, count: int, before: int, hashes: np.ndarray, done: int, out: Arrays
) -> tuple[int, int]:
    """Number hashes from `done` on, until the table is half full; returns how far it came, and the count."""
    numbers, firsts = out
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
    last = np.uint64(len(slots) - 1)
    for own in full:
        slot = own[0] & last
        while slots[slot, 1] != 0:
            slot = (slot + np.uint64(1)) & last
        slots[slot, 0], slots[slot, 1] = own[0], own[1]
