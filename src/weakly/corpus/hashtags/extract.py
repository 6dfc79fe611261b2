"""How batches of posts become hashtags: their normal forms, as numbers (paper, section 2.1).

In comes an Arrow batch of posts with `caption` and `hashtags` columns, out go (post, hashtag) pairs, each
once. Normal forms are numbered in the order in which a unit of posts first has them, so the numbers are a
function of the unit alone.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from weakly.corpus.arrays.numba_loops import compiled
from weakly.corpus.hashtags.cache import KnownHashtags
from weakly.corpus.hashtags.scan import scan_captions, scan_lists

MOST_NAMES = 1 << 20
"""Normal forms after which a unit begins anew to number them, so that memory stays bounded."""
_MOST_ROWS = 1 << 30
"""Posts after which it does too, so that a post's number fits in 32 bits."""


class Names(Protocol):
    """Normal forms of a unit by number; there may be more after its next batch."""

    @property
    def resolved(self) -> np.ndarray:
        """What each stands for, int32[n]."""
        ...

    def strings(self) -> pa.StringArray:
        """The normal forms."""
        ...


@dataclass(frozen=True)
class Hashtags:
    """The hashtags of a batch of posts, each once a post, in the order in which they are written.

    Attributes:
        offsets: int32[posts + 1]; a post's hashtags are `tag[offsets[post] : offsets[post + 1]]`.
        tag: int32, index into `names`.
        names: of the unit so far, in the order in which it first has them (of a post: its caption first).
            The same object as with the batch before, unless the numbering began anew.
        occurrences: hashtags written, repetitions within a post counted.
    """

    offsets: np.ndarray
    tag: np.ndarray
    names: Names
    occurrences: int


class _UnitNames:
    """Normal forms of a unit, by their indices among the known ones."""

    def __init__(self, known: KnownHashtags) -> None:
        self._store, self._indices = known.store, np.empty(0, np.int32)
        self.resolved = np.empty(0, np.int32)
        self._strings = pa.array([], pa.string())

    def __len__(self) -> int:
        return len(self._indices)

    def strings(self) -> pa.StringArray:
        if len(self._strings) < len(self):  # asked for by several, once there are all
            self._strings = self._store.names(self._indices)
        return self._strings

    def add(self, indices: np.ndarray) -> None:
        self._indices = np.concatenate((self._indices, indices))
        self.resolved = np.concatenate((self.resolved, self._store.resolved(indices)))

    def follow(self, known: KnownHashtags) -> np.ndarray | None:
        """The indices, if they are others now because all were forgotten."""
        if self._store is known.store:
            return None
        indices = known.store.indices(self.strings().to_pylist())
        self._store, self._indices = known.store, np.array(indices, np.int32)
        return self._indices


class Numbering:
    """Numbers of a unit's normal forms, in the order in which it first has them.

    Args:
        known: what the process knows.

    Attributes:
        names: the normal forms, by number.
    """

    def __init__(self, known: KnownHashtags) -> None:
        self._known = known
        self._begin()

    def _begin(self) -> None:
        self.names = _UnitNames(self._known)
        self._rows = 0
        # By index among the known: its number, -1 where it has none yet, and the row of the unit where it was
        # last. As small as may be: of what is met often, more stays in the processor's cache.
        self._state = np.full((0, 2), -1, np.int32)

    def prepare(self) -> KnownHashtags:
        """What the process knows, for the next batch."""
        known = self._known
        known.forget_if_full()
        if len(self.names) >= MOST_NAMES or self._rows >= _MOST_ROWS:
            self._begin()
        elif (indices := self.names.follow(known)) is not None:
            self._state = np.full((len(known.store), 2), -1, np.int32)
            self._state[indices, 0] = np.arange(len(indices))
        return known

    def number(self, posts: int, row: np.ndarray, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
        """Number the names of the next posts; those that are new are numbered in order.

        Args:
            posts: how many there are.
            row: int32[n], which of them has each name; non-decreasing.
            indices: int32[n], of known names; a negative one is of none.

        Returns:
            offsets int32[posts + 1] and number int32[m] of every name, once a post; and how many of the n are
            names.
        """
        if (known := len(self._known.store)) > len(self._state):
            grown = np.full((2 * known, 2), -1, np.int32)
            grown[: len(self._state)] = self._state
            self._state = grown
        offsets, numbers = np.empty(posts + 1, np.int32), np.empty(len(row), np.int32)
        new = np.empty(known, np.int32)
        added, names = _number(row, indices, self._state, self._rows, len(self.names), offsets, numbers, new)
        self._rows += posts
        if added:
            self.names.add(new[:added])
        return offsets, numbers[: offsets[-1]], names


@compiled
def _number(
    row: np.ndarray,
    indices: np.ndarray,
    state: np.ndarray,
    rows: int,
    known: int,
    offsets: np.ndarray,
    numbers: np.ndarray,
    new: np.ndarray,
) -> tuple[int, int]:
    n = added = names = 0
    offsets[:] = 0
    for place in range(len(indices)):
        index, post = indices[place], row[place]
        if index < 0:
            continue
        names += 1
        if state[index, 1] == rows + post:
            continue
        state[index, 1] = rows + post
        if state[index, 0] < 0:
            state[index, 0] = known + added
            new[added] = index
            added += 1
        numbers[n] = state[index, 0]
        offsets[post + 1] += 1
        n += 1
    for post in range(1, len(offsets)):
        offsets[post] += offsets[post - 1]
    return added, names


def extract(batch: pa.RecordBatch | pa.Table, numbering: Numbering) -> Hashtags:
    """Find the hashtags of every post, in its caption, its list of hashtags, or both.

    Args:
        batch: with columns `caption` (string) and `hashtags` (list of string), nulls allowed.
        numbering: of the unit that the batch is the next part of.
    """
    known = numbering.prepare()
    found = [(np.empty(0, np.int32), np.empty(0, np.int32))]
    for name, scan in (("caption", scan_captions), ("hashtags", scan_lists)):
        column = batch.column(name)
        if column.null_count < len(column):
            pieces = scan(_whole(column))
            found.append((pieces.row, known.look_up(pieces)))
    row, indices = found[-1]
    if len(found) > 2:  # both: a post's caption, then its list
        row, indices = map(np.concatenate, zip(*found, strict=True))
        order = np.argsort(row, kind="stable")
        row, indices = row[order], indices[order]
    offsets, tag, occurrences = numbering.number(batch.num_rows, row, indices)
    return Hashtags(offsets, tag, numbering.names, occurrences)


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
