"""Many small sets as flat arrays: (row, value) pairs, sorted by row, and histograms of how many a row has."""

import numpy as np


def distinct_pairs(row: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each (row, value) pair once, sorted by row, then by value; int64[n] both, 0 <= value < 2^32."""
    # A sort: NumPy's own `unique` hashes integers and then sorts them, which takes several times as long.
    pairs = distinct_sorted(np.sort((row << 32) | value))
    return pairs >> 32, pairs & 0xFFFFFFFF


def distinct_sorted(values: np.ndarray) -> np.ndarray:
    """The distinct values of a non-decreasing array of integers."""
    return values[np.diff(values, prepend=values[:1] - 1) != 0]


def add_histograms(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sum of two int64 histograms of any lengths."""
    total = np.zeros(max(len(a), len(b)), np.int64)
    total[: len(a)] += a
    total[: len(b)] += b
    return total
