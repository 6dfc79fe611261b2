"""Counter-based random numbers: every draw is a pure function of its keys.

Nothing in `weakly` that must be repeatable (label noise, the order of images, crops and flips, rounding of
repetition) keeps a random state. It asks this module instead, with the seed and whatever names the draw: a
position, a row, a pass. So a draw does not depend on how the work was split, and resuming needs no state.

The mixer is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014), applied once a key.
"""

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)

Key = int | np.ndarray


def mix(*keys: Key) -> np.ndarray:
    """Hash integers to uniform uint64, element by element.

    Args:
        keys: Python integers (taken modulo 2^64) or integer arrays, broadcast together. Their order matters.

    Returns:
        uint64 array of the broadcast shape (0-d where every key is a Python integer).
    """
    state = np.asarray(_GOLDEN, np.uint64)
    with np.errstate(over="ignore"):
        for key in keys:
            if isinstance(key, np.ndarray):
                word = key.astype(np.uint64)
            else:
                word = np.asarray(key & _MASK, np.uint64)
            z = (state ^ word) + np.uint64(_GOLDEN)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            state = z ^ (z >> np.uint64(31))
    return np.asarray(state, np.uint64)


def uniform(*keys: Key) -> np.ndarray:
    """Hash integers to float64 in [0, 1), with 53 random bits; arguments as for `mix`."""
    return (mix(*keys) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def hash_strings(strings: "pa.Array") -> np.ndarray:
    """Hash each string of an Arrow array (UTF-8 bytes, FNV-1a then mixed); null hashes as the empty string.

    Args:
        strings: `string` or `large_string` array of n values.

    Returns:
        uint64 array of n values; the same string gives the same value on every machine and in every version.
    """
    # Here, since a training step draws too, and a machine that only times it has no Arrow.
    import pyarrow as pa

    array = strings.cast(pa.large_string())
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    starts, lengths = offsets[:-1], np.diff(offsets)
    data = array.buffers()[2]
    text = np.frombuffer(data, np.uint8) if data is not None else np.empty(0, np.uint8)
    value = np.full(len(array), _FNV_OFFSET, np.uint64)
    with np.errstate(over="ignore"):
        # One step a byte position over all strings still long enough: strings are short, batches are not.
        active = np.flatnonzero(lengths > 0)
        position = 0
        while len(active):
            value[active] = (value[active] ^ text[starts[active] + position]) * _FNV_PRIME
            position += 1
            active = active[lengths[active] > position]
    return mix(value)
