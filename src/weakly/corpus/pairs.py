"""Many small sets as flat arrays: (row, value) pairs, sorted by row, and histograms of how many a row has."""

import numpy as np

from weakly.corpus.compiled import compiled

_FEW = 64
"""Values of a row up to which each is put in its place among those before it; more are sorted at the end."""


def sorted_pairs(
    row: np.ndarray, value: np.ndarray, to: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Each (row, value) pair once, sorted by row, then by value; values below 0 are left out.

    Args:
        row: int64[n], non-decreasing.
        value: int32[n].
        to: int32, what stands for each value, where it is not the value itself.
    """
    out_row, out_value = np.empty_like(row), np.empty_like(value)
    n = _sorted(row, value, _ITSELF if to is None else to, to is not None, out_row, out_value)
    return out_row[:n], out_value[:n]


_ITSELF = np.empty(0, np.int32)


@compiled
def _sorted(
    row: np.ndarray,
    value: np.ndarray,
    to: np.ndarray,
    is_mapped: bool,
    out_row: np.ndarray,
    out_value: np.ndarray,
) -> int:
    n = at = 0
    while at < len(row):
        own, first = row[at], n
        while at < len(row) and row[at] == own:
            new = to[value[at]] if is_mapped else value[at]
            at += 1
            if new < 0:
                continue
            place = n
            if n - first < _FEW:
                while place > first and out_value[place - 1] > new:
                    place -= 1
                if place > first and out_value[place - 1] == new:
                    continue
                for later in range(n, place, -1):
                    out_value[later] = out_value[later - 1]
            out_row[n], out_value[place] = own, new
            n += 1
        if n - first > _FEW:
            ordered = np.sort(out_value[first:n])
            n = first
            for new in ordered:
                if n == first or new != out_value[n - 1]:
                    out_value[n] = new
                    n += 1
    return n


def add_histograms(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sum of two int64 histograms of any lengths."""
    total = np.zeros(max(len(a), len(b)), np.int64)
    total[: len(a)] += a
    total[: len(b)] += b
    return total
