"""How batches of posts become hashtags: their normal forms, as numbers (paper, section 2.1).

In comes an Arrow batch of posts with `caption` and `hashtags` columns, out go (post, hashtag) pairs, each
once. Normal forms are numbered in the order in which a unit of posts first has them, so the numbers are a
function of the unit alone. What a process remembers from unit to unit changes its speed, nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weakly.corpus.caption_scan import Pieces, scan_captions, scan_lists
from weakly.corpus.hash_table import LONGEST, MISSING, HashTable
from weakly.corpus.hashtags import MAX_BYTES, caption_form, normal_form
from weakly.corpus.pairs import distinct_pairs

MOST_NAMES = 1 << 20
"""Normal forms after which a unit begins anew to number them, so that memory stays bounded."""
MOST_KNOWN = 1_000_000
"""Hashtags that a process remembers, about."""
_NONE = -2
_WHOLE = 1 << 40


@dataclass(frozen=True)
class Hashtags:
    """The hashtags of a batch of posts: n (post, hashtag) pairs, each once, sorted by post, then by `tag`.

    Attributes:
        row: int64 [n], which post of the batch.
        tag: int32 [n], index into `names`.
        names: normal forms of the unit so far, in the order in which it first has them (within a batch:
            captions first). The list grows with the next batch.
        resolved: int32 [len(names)], what each stands for, as `KnownHashtags` was told to find it.
        first: `names[first:]` are new in this batch. At 0 the numbering begins anew, with another list.
        occurrences: hashtags written, repetitions within a post counted.
    """

    row: np.ndarray
    tag: np.ndarray
    names: list[str]
    resolved: np.ndarray
    first: int
    occurrences: int


class KnownHashtags:
    """Hashtags met by this process: as written, their normal forms, and what these stand for.

    Each is looked at about once a process.

    Args:
        resolve: gives an integer of 32 bits for a normal form.
        limit: how many of each to remember; all are forgotten when it is reached. [`MOST_KNOWN`]

    Attributes:
        names: the normal forms.
        resolved: int32, of at least so many; what `resolve` says of each.
        forgot: how often all were forgotten.
    """

    def __init__(self, resolve: Callable[[str], int], limit: int | None = None) -> None:
        self._resolve, self._limit, self.forgot = resolve, limit or MOST_KNOWN, -1
        self._forget()

    def _forget(self) -> None:
        self.names: list[str] = []
        self.resolved = np.empty(1 << 10, np.int32)
        self._numbers: dict[str, int] = {}
        self._captions, self._lists, self._names = HashTable(), HashTable(), HashTable()
        self.forgot += 1

    def forget_if_full(self) -> None:
        """Forget all where the limit is reached; a batch may take it further."""
        if max(map(len, (self.names, self._captions, self._lists))) >= self._limit:
            self._forget()

    def number(self, name: str) -> int:
        """The index of a normal form in `names`."""
        number = self._numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
            if number == len(self.resolved):
                self.resolved = np.concatenate((self.resolved, np.empty_like(self.resolved)))
            self.resolved[number] = self._resolve(name)
        return number

    def in_captions(self, pieces: Pieces) -> np.ndarray:
        """Index in `names` of every piece's normal form, int32 [n]; negative where it is no hashtag."""
        return self._look_up(self._captions, pieces, caption_form, MAX_BYTES)

    def in_lists(self, pieces: Pieces) -> np.ndarray:
        """The same for entries of lists, which are cut nowhere."""
        return self._look_up(self._lists, pieces, normal_form, _WHOLE)

    def in_names(self, pieces: Pieces) -> np.ndarray:
        """The same for normal forms."""
        return self._look_up(self._names, pieces, str, _WHOLE)

    def _look_up(
        self, table: HashTable, pieces: Pieces, form: Callable[[str], str | None], most: int
    ) -> np.ndarray:
        numbers = table.find(pieces.hashes)
        long = pieces.length >= LONGEST
        numbers[long] = MISSING
        new = np.flatnonzero((numbers == MISSING) & ~long)
        hashes, first, of_new = np.unique(pieces.hashes[new], return_index=True, return_inverse=True)
        told = self._normalised(pieces.written(new[first], most), form)
        table.add(hashes, told)
        numbers[new] = told[of_new]
        numbers[long] = self._normalised(pieces.written(np.flatnonzero(long), most), form)
        return numbers

    def _normalised(self, written: list[str], form: Callable[[str], str | None]) -> np.ndarray:
        forms = map(form, written)
        told = (_NONE if name is None else self.number(name) for name in forms)
        return np.fromiter(told, np.int32, len(written))


class Numbering:
    """Numbers of a unit's normal forms, in the order in which it first has them.

    Args:
        known: what the process knows.

    Attributes:
        names: the normal forms, by number.
        resolved: int32 [len(names)], what they stand for.
    """

    def __init__(self, known: KnownHashtags) -> None:
        self._known = known
        self._begin()

    def _begin(self) -> None:
        self.names: list[str] = []
        self.resolved = np.empty(0, np.int32)
        self._forgot = self._known.forgot
        self._number_of = np.empty(0, np.int32)  # by index in the known names; -1: not in this unit yet

    def prepare(self) -> KnownHashtags:
        """What the process knows, for the next batch."""
        known = self._known
        known.forget_if_full()
        if len(self.names) >= MOST_NAMES:
            self._begin()
        if self._forgot != known.forgot:
            indices = [known.number(name) for name in self.names]
            self._forgot, self._number_of = known.forgot, np.full(len(known.names), -1, np.int32)
            self._number_of[indices] = np.arange(len(indices))
        return known

    def number(self, indices: np.ndarray) -> np.ndarray:
        """The numbers of known names, by their indices there; those that are new are numbered in order."""
        known = self._known.names
        if len(known) > len(self._number_of):
            grown = np.full(2 * len(known), -1, np.int32)
            grown[: len(self._number_of)] = self._number_of
            self._number_of = grown
        numbers = self._number_of[indices]
        unnumbered = np.flatnonzero(numbers < 0)
        if len(unnumbered):
            new, first = np.unique(indices[unnumbered], return_index=True)
            new = new[np.argsort(first)]
            self._number_of[new] = np.arange(len(self.names), len(self.names) + len(new))
            self.names += [known[index] for index in new.tolist()]
            self.resolved = np.concatenate((self.resolved, self._known.resolved[new]))
            numbers[unnumbered] = self._number_of[indices[unnumbered]]
        return numbers


def extract(batch: pa.RecordBatch | pa.Table, numbering: Numbering) -> Hashtags:
    """Find the hashtags of every post, in its caption, its list of hashtags, or both.

    Args:
        batch: with columns `caption` (string) and `hashtags` (list of string), nulls allowed.
        numbering: of the unit that the batch is the next part of.
    """
    known = numbering.prepare()
    first, occurrences = len(numbering.names), 0
    rows, tags = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    captions = _column(batch, "caption", pa.large_string())
    lists = _column(batch, "hashtags", pa.large_list(pa.large_string()))
    for column, scan, look_up in (
        (captions, scan_captions, known.in_captions),
        (lists, scan_lists, known.in_lists),
    ):
        if column.null_count == len(column):
            continue
        pieces = scan(column)
        found = look_up(pieces)
        row = pieces.row[found >= 0]
        occurrences += len(row)
        rows.append(row)
        tags.append(numbering.number(found[found >= 0]))
    row, tag = distinct_pairs(np.concatenate(rows), np.concatenate(tags))
    return Hashtags(row, tag.astype(np.int32), numbering.names, numbering.resolved, first, occurrences)


def _column(batch: pa.RecordBatch | pa.Table, name: str, kind: pa.DataType) -> pa.Array:
    column = batch.column(name).cast(kind)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
