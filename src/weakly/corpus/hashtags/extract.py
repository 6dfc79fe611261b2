"""How batches of posts become hashtags: their normal forms, as numbers (paper, section 2.1).

In comes an Arrow batch of posts with `caption` and `hashtags` columns, out go (post, hashtag) pairs, each
once. Normal forms are numbered in the order in which a unit of posts first has them, so the numbers are a
function of the unit alone.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weakly.corpus.arrays.numba_loops import Arrays, compiled
from weakly.corpus.hashtags.cache import KnownHashtags
from weakly.corpus.hashtags.scan import scan_captions, scan_lists

MOST_NAMES = 1 << 20
"""Normal forms after which a unit begins anew to number them, so that memory stays bounded."""
_MOST_ROWS = 1 << 30
"""Posts after which it does too, so that a post's number fits in 32 bits."""


class Names:
    """Normal forms of a unit of posts by number, in the order in which it first has them.

    Attributes:
        resolved: int32[n], what each stands for; there may be more after the unit's next batch.
    """

    def __init__(self, resolved: np.ndarray | None = None, strings: pa.StringArray | None = None) -> None:
        self.resolved = np.empty(0, np.int32) if resolved is None else resolved
        self._strings = pa.array([], pa.string()) if strings is None else strings
        # What the process knew when the last batch came, and the index there of every name.
        self._normal_forms: dict[str, int] = {}
        self._indices = np.empty(0, np.int32)
        self._rows = 0
        # By index among the known: its number, -1 where it has none yet, and the row of the unit where it was
        # last. As small as may be: of what is met often, more stays in the processor's cache.
        self._state = np.full((0, 2), -1, np.int32)

    def strings(self) -> pa.StringArray:
        """The normal forms."""
        if len(self._strings) < len(self.resolved):  # asked for by several, once there are all
            known = list(self._normal_forms)
            self._strings = pa.array([known[index] for index in self._indices.tolist()], pa.string())
        return self._strings

    def next(self, known: KnownHashtags) -> "Names":
        """The names to number the unit's next batch by: these, or others where these are too many."""
        known.forget_if_full()
        if len(self.resolved) >= MOST_NAMES or self._rows >= _MOST_ROWS:
            return Names().next(known)
        if self._normal_forms is not known.normal_forms:
            self._indices = known.indices(self.strings().to_pylist())
            self._normal_forms = known.normal_forms
            self._state = np.full((len(known.normal_forms), 2), -1, np.int32)
            self._state[self._indices, 0] = np.arange(len(self._indices))
        return self

    def number(self, known: KnownHashtags, posts: int, row: np.ndarray, indices: np.ndarray) -> "Hashtags":
        """The hashtags of the next posts: normal forms `indices` int32[n], where those are not negative, in
        the posts `row` int32[n], non-decreasing; what is known is the same as for `next`.
        """
        if (most := len(known.normal_forms)) > len(self._state):
            more = np.full((2 * most - len(self._state), 2), -1, np.int32)
            self._state = np.concatenate((self._state, more))
        out = tuple(np.empty(size, np.int32) for size in (posts + 1, len(row), most))
        offsets, numbers, new = out
        added, occurrences = _number(row, indices, self._state, self._rows, len(self.resolved), out)
        self._rows += posts
        if added:
            self._indices = np.concatenate((self._indices, new[:added]))
            self.resolved = np.concatenate((self.resolved, known.resolved[new[:added]]))
        return Hashtags(offsets, numbers[: offsets[-1]], self, occurrences)


@dataclass(frozen=True)
class Hashtags:
    """The hashtags of a batch of posts, each once a post, in the order in which they are written.

    Attributes:
        offsets: int32[posts + 1]; a post's hashtags are `tag[offsets[post] : offsets[post + 1]]`.
        tag: int32, index into `names`.
        names: of the unit so far (of a post: its caption first). The same object as with the batch before,
            unless the numbering began anew.
        occurrences: hashtags written, repetitions within a post counted.
    """

    offsets: np.ndarray
    tag: np.ndarray
    names: Names
    occurrences: int


@compiled
def _number(
    row: np.ndarray, indices: np.ndarray, state: np.ndarray, rows: int, known: int, out: Arrays
) -> tuple[int, int]:
    offsets, numbers, new = out
    n = added = hashtags = 0
    offsets[:] = 0
    for place in range(len(indices)):
        index, post = indices[place], row[place]
        if index < 0:
            continue
        hashtags += 1
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
    return added, hashtags


def extract(batch: pa.RecordBatch | pa.Table, known: KnownHashtags, names: Names) -> Hashtags:
    """Find the hashtags of every post in columns `caption` (string) and `hashtags` (list of string).

    Nulls are allowed. `names` are those of the batch before of the same unit, or `Names()`.
    """
    names = names.next(known)
    found = [(np.empty(0, np.int32), np.empty(0, np.int32))]
    for column_name, scan in (("caption", scan_captions), ("hashtags", scan_lists)):
        column = batch.column(column_name)
        if column.null_count < len(column):
            pieces = scan(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column)
            found.append((pieces.row, known.look_up(pieces)))
    row, indices = found[-1]
    if len(found) > 2:  # both: a post's caption, then its list
        row, indices = map(np.concatenate, zip(*found, strict=True))
        order = np.argsort(row, kind="stable")
        row, indices = row[order], indices[order]
    return names.number(known, batch.num_rows, row, indices)
