"""Hashtags that a process met before: as written, their normal forms, and what these stand for.

In come pieces of text, by the ten thousand; out go numbers. A piece that is known costs no Python object.
What is remembered changes the speed, nothing else.
"""

from collections.abc import Callable, Iterable
from itertools import islice

import numpy as np
import pyarrow as pa

from weakly.corpus.arrays.numba_loops import compiled
from weakly.corpus.hashtags.hash_table import HashTable
from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.hashtags.scan import Pieces, scan_lists

MOST_KNOWN = 1_000_000
"""Hashtags that a process remembers, about."""
NO_HASHTAG = -2


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

    def indices(self, names: Iterable[str | None]) -> list[int]:
        """The index of every normal form, which is added if it is not there; `NO_HASHTAG` for None."""
        indices, resolve, known = self._indices, self._resolve, len(self._indices)
        found = [NO_HASHTAG if name is None else indices.setdefault(name, len(indices)) for name in names]
        if new := list(islice(reversed(indices), len(indices) - known)):
            self._new += reversed(new)
            if len(indices) > len(self._resolved):
                self._resolved = np.resize(self._resolved, 2 * len(indices))
            self._resolved[known : len(indices)] = list(map(resolve, reversed(new)))
        return found

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
        self._tags, self._names = _Known(normal_form, self.store), _Known(str, self.store)

    def forget_if_full(self) -> None:
        """Forget all where the limit is reached; a batch may take it further."""
        if max(map(len, (self.store, self._tags))) >= self._limit:
            self._forget()

    def look_up(self, pieces: Pieces) -> np.ndarray:
        """Index in the store of every piece's normal form, int32[n]; `NO_HASHTAG` where it is none."""
        return self._tags.look_up(pieces)

    def resolve_names(self, names: pa.RecordBatch) -> np.ndarray:
        """What the normal forms in the column `name` stand for, int32[n]."""
        self.forget_if_full()
        strings = names.column("name")
        pieces = scan_lists(pa.ListArray.from_arrays([0, len(strings)], strings))
        return self.store.resolved(self._names.look_up(pieces))


class _Known:
    """Pieces of text that were met before, and the indices of their normal forms.

    Args:
        form: gives the normal form of a piece, or None.
        store: of the normal forms.
    """

    def __init__(self, form: Callable[[str], str | None], store: NameStore) -> None:
        self._form, self._store = form, store
        self._table = HashTable()
        self._indices = np.empty(1 << 10, np.int32)

    def __len__(self) -> int:
        return len(self._table)

    def look_up(self, pieces: Pieces) -> np.ndarray:
        numbers, new = self._table.number(pieces.hashes)
        if len(new):
            known = len(self._table)
            if known > len(self._indices):
                self._indices = np.resize(self._indices, 2 * known)
            forms = map(self._form, pieces.written(new))
            self._indices[known - len(new) : known] = self._store.indices(forms)
        return _taken(self._indices, numbers)


@compiled
def _taken(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """`values[places]`, in a third of NumPy's time where the places are no int64."""
    taken = np.empty(len(places), values.dtype)
    for i in range(len(places)):
        taken[i] = values[places[i]]
    return taken
