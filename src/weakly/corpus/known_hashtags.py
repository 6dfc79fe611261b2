"""Hashtags that a process met before: as written, their normal forms, and what these stand for.

In come pieces of text, by the ten thousand; out go numbers. A piece that is known costs no Python object.
What is remembered changes the speed, nothing else.
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from weakly.corpus.caption_scan import Pieces, scan_lists
from weakly.corpus.hash_table import LONGEST, MISSING, HashTable
from weakly.corpus.hashtags import MAX_BYTES, caption_form, normal_form

MOST_KNOWN = 1_000_000
"""Hashtags that a process remembers, about."""
NO_HASHTAG = -2
_WHOLE = 1 << 40


class NameStore:
    """Distinct normal forms, and what each stands for, by index.

    Args:
        resolve: gives an integer of 32 bits for a normal form.
    """

    def __init__(self, resolve: Callable[[str], int]) -> None:
        self._resolve = resolve
        self._indices: dict[str, int] = {}
        self._resolved = np.empty(1 << 10, np.int32)
        self._new: list[str] = []  # not in the array yet
        self._array = pa.array([], pa.string())

    def __len__(self) -> int:
        return len(self._indices)

    def index(self, name: str) -> int:
        """The index of a normal form, which is added if it is not there."""
        index = self._indices.setdefault(name, len(self._indices))
        if index == len(self._array) + len(self._new):
            self._new.append(name)
            if index == len(self._resolved):
                self._resolved = np.concatenate((self._resolved, np.empty_like(self._resolved)))
            self._resolved[index] = self._resolve(name)
        return index

    def resolved(self, indices: np.ndarray) -> np.ndarray:
        """What names stand for, int32[n]."""
        return self._resolved[indices]

    def names(self, indices: np.ndarray) -> pa.StringArray:
        """The names themselves."""
        if self._new:
            self._array = pa.concat_arrays([self._array, pa.array(self._new, pa.string())])
            self._new = []
        return self._array.take(pa.array(indices))


class KnownHashtags:
    """What a process knows of hashtags; each is looked at about once.

    Args:
        resolve: gives an integer of 32 bits for a normal form: what it stands for.
        limit: how many to remember; all are forgotten when it is reached. [`MOST_KNOWN`]
        vocabulary: fingerprint of the vocabulary whose labels they stand for, if they do.

    Attributes:
        store: the normal forms; another one when they were forgotten.
    """

    def __init__(
        self, resolve: Callable[[str], int], limit: int | None = None, vocabulary: str | None = None
    ) -> None:
        self._resolve, self._limit, self.vocabulary = resolve, limit or MOST_KNOWN, vocabulary
        self._forget()

    def _forget(self) -> None:
        self.store = NameStore(self._resolve)
        self._captions, self._lists, self._names = HashTable(), HashTable(), HashTable()

    def forget_if_full(self) -> None:
        """Forget all where the limit is reached; a batch may take it further."""
        if max(map(len, (self.store, self._captions, self._lists))) >= self._limit:
            self._forget()

    def in_captions(self, pieces: Pieces) -> np.ndarray:
        """Index in the store of every piece's normal form, int32[n]; `NO_HASHTAG` where it is none."""
        return self._look_up(self._captions, pieces, caption_form, MAX_BYTES)

    def in_lists(self, pieces: Pieces) -> np.ndarray:
        """The same for entries of lists, which are cut nowhere."""
        return self._look_up(self._lists, pieces, normal_form, _WHOLE)

    def resolve_names(self, names: pa.RecordBatch) -> np.ndarray:
        """What the normal forms in the column `name` stand for, int32[n]."""
        self.forget_if_full()
        strings = names.column("name").cast(pa.large_string())
        lists = pa.LargeListArray.from_arrays([0, len(strings)], strings)
        return self.store.resolved(self._look_up(self._names, scan_lists(lists), str, _WHOLE))

    def _look_up(
        self, table: HashTable, pieces: Pieces, form: Callable[[str], str | None], most: int
    ) -> np.ndarray:
        indices = table.find(pieces.hashes)
        long = pieces.length >= LONGEST
        indices[long] = MISSING
        new = np.flatnonzero((indices == MISSING) & ~long)
        hashes, first, of_new = np.unique(pieces.hashes[new], return_index=True, return_inverse=True)
        told = self._normalised(pieces.written(new[first], most), form)
        table.add(hashes, told)
        indices[new] = told[of_new]
        indices[long] = self._normalised(pieces.written(np.flatnonzero(long), most), form)
        return indices

    def _normalised(self, written: list[str], form: Callable[[str], str | None]) -> np.ndarray:
        index, forms = self.store.index, map(form, written)
        told = (NO_HASHTAG if name is None else index(name) for name in forms)
        return np.fromiter(told, np.int32, len(written))
