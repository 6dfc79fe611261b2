"""Many small sets as flat arrays: n sets lie end to end in `values`, and set i is
`values[offsets[i] : offsets[i + 1]]`, as in an Arrow list; and histograms of how many values a set has.
"""

import numpy as np

from weakly.corpus.arrays.numba_loops import compiled

_FEW = 64
"""Values up to which each is put in its place among those before it; more are sorted beforehand."""


@compiled
def sorted_sets(
    offsets: np.ndarray, values: np.ndarray, to: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Sort every set, each value once; values below 0 are left out.

    In and out: offsets int32[n + 1] and values int32. `to`, int32, is what stands for each value, where that
    is not the value itself.
    """
    ends, out = np.empty_like(offsets), np.empty_like(values)
    n = ends[0] = 0
    for own in range(len(offsets) - 1):
        first = end = n
        # Without a branch: which values there are, no processor can foretell.
        for at in range(offsets[own], offsets[own + 1]):
            out[end] = values[at] if to is None else to[values[at]]
            end += out[end] >= 0
        if end - first > _FEW:
            out[first:end] = np.sort(out[first:end])
        for place in range(first, end):
            new, before = out[place], n
            while before > first and out[before - 1] > new:
                before -= 1
            if before > first and out[before - 1] == new:
                continue
            for later in range(n, before, -1):
                out[later] = out[later - 1]
            out[before] = new
            n += 1
        ends[own + 1] = n
    return ends, out[:n]


def taken_sets(offsets: np.ndarray, values: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The sets under a mask, bool[n], as offsets and values."""
    sizes = np.diff(offsets)
    taken = np.zeros(np.count_nonzero(which) + 1, np.int32)
    np.cumsum(sizes[which], out=taken[1:])
    return taken, values if taken[-1] == len(values) else values[np.repeat(which, sizes)]


def add_histograms(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Sum of two int64 histograms of any lengths."""
    total = np.zeros(max(len(a), len(b)), np.int64)
    total[: len(a)] += a
    total[: len(b)] += b
    return total
