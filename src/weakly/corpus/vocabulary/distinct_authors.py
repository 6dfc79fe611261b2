"""Whether enough different people use a label, in little memory.

In: (label, author) pairs, batch by batch. Out: for every label the number of its distinct authors, exact up
to a number that is asked for, which is all it takes to say that one spammer makes no label. Only that many
authors of a label are kept, those of the smallest hashes, so that what two workers kept can be put together.
"""

from pathlib import Path

import numpy as np

_PENDING = 1 << 20
"""Pairs that wait before they are put together with the others."""


class DistinctAuthors:
    """The `most` smallest author hashes of every label; nothing at all where `most` is 0."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._label, self._author = np.empty(0, np.int64), np.empty(0, np.uint64)
        self._waiting: list[tuple[np.ndarray, np.ndarray]] = []

    def add(self, label: np.ndarray, author: np.ndarray) -> None:
        """Add n pairs: labels int64[n], and hashes of authors uint64[n]."""
        if self.most and len(label):
            self._waiting.append((label, author))
            if sum(len(labels) for labels, _ in self._waiting) > _PENDING:
                self._settle()

    def counts(self, labels: int) -> np.ndarray:
        """int64[labels]: distinct authors of every label, or `most` where there are at least so many."""
        self._settle()
        return np.bincount(self._label, minlength=labels)

    def save(self, path: Path) -> None:
        """Write what is kept, for `add_saved`."""
        self._settle()
        np.savez(path, label=self._label, author=self._author)

    def add_saved(self, path: Path) -> None:
        """Add what another worker kept."""
        with np.load(path) as saved:
            self.add(saved["label"], saved["author"])

    def _settle(self) -> None:
        label, author = map(np.concatenate, zip((self._label, self._author), *self._waiting, strict=True))
        self._waiting.clear()
        order = np.lexsort((author, label))
        label, author = label[order], author[order]
        distinct = np.ones(len(label), bool)
        distinct[1:] = (label[1:] != label[:-1]) | (author[1:] != author[:-1])
        label, author = label[distinct], author[distinct]
        # A pair's place among its label's: how far it lies from the label's first.
        place = np.arange(len(label)) - np.searchsorted(label, label)
        self._label, self._author = label[place < self.most], author[place < self.most]
