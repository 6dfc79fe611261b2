"""Many small sets as flat arrays: (row, value) pairs, sorted by row, and histograms of how many a row has."""

import numpy as np

from weakly.corpus.compiled import compiled

_FEW = 64
"""Values of a row up to which each is put in its place among those before it; more are sorted at the end."""


def distinct_pairs(row: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each (row, value) pair once, where it comes first.

    Args:
        row: int64[n], 0 or more, non-decreasing.
        value: int32[n], 0 or more.
    """
    out_row, out_value = np.empty_like(row), np.empty_like(value)
    seen = np.full(int(value.max(initial=0)) + 1, -1, np.int64)
    n = _distinct(row, value, seen, out_row, out_value)
    return out_row[:n], out_value[:n]


def sorted_pairs(row: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same for values below 0 too, which are left out; sorted by row, then by value."""
    out_row, out_value = np.empty_like(row), np.empty_like(value)
    n = _sorted(row, value, out_row, out_value)
    return out_row[:n], out_value[:n]


@compiled
def _distinct(
    row: np.ndarray, value: np.ndarray, seen: np.ndarray, out_row: np.ndarray, out_value: np.ndarray
) -> int:
    n = 0
    for place in range(len(row)):
        own, new = row[place], value[place]
        if seen[new] != own:
            seen[new] = out_row[n] = own
            out_value[n] = new
            n += 1
    return n


@compiled
def _sorted(row: np.ndarray, value: np.ndarray, out_row: np.ndarray, out_value: np.ndarray) -> int:
    n = at = 0
    while at < len(row):
        own, first = row[at], n
        while at < len(row) and row[at] == own:
            new = value[at]
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
