"""Many small sets as flat arrays: (row, value) pairs, sorted by row, and histograms of how many a row has."""

import numpy as np

from weakly.corpus.compiled import compiled

_FEW = 64
"""Values of a row up to which each is put in its place among those before it; more are sorted beforehand."""


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
        # Without a branch: which values there are, no processor can foretell.
        while at < len(row) and row[at] == own:
            out_value[n] = to[value[at]] if is_mapped else value[at]
            n += out_value[n] >= 0
            at += 1
        end, n = n, first
        if end - first > _FEW:
            out_value[first:end] = np.sort(out_value[first:end])
        for place in range(first, end):
            new, before = out_value[place], n
            while before > first and out_value[before - 1] > new:
                before -= 1
            if before > first and out_value[before - 1] == new:
                continue
            for later in range(n, before, -1):
                out_value[later] = out_value[later - 1]
            out_row[n], out_value[before] = own, new
            n += 1
    return n


def add_histograms(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sum of two int64 histograms of any lengths."""
    total = np.zeros(max(len(a), len(b)), np.int64)
    total[: len(a)] += a
    total[: len(b)] += b
    return total
