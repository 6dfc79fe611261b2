"""Short pieces of text, looked up by the hundred thousand: their 64-bit hashes, and a table of numbers.

In come bytes and where pieces begin; out go hashes, eight bytes at a time over all pieces at once, and what
was once said of each. No Python object is made for a piece that is known already.
"""

import secrets

import numpy as np

WINDOW = 8
LONGEST = 8 * WINDOW
"""Pieces of so many bytes or more get no hash of their own; they are seldom seen twice."""
MISSING = -1

_ONES, _HIGHS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_ONE, _THREE, _HALF = np.uint64(1), np.uint64(3), np.uint64(32)
_FIRST_BYTES = np.array([(1 << 8 * n) - 1 for n in range(WINDOW + 1)], np.uint64)
# Of the process alone, so that nobody can write two pieces of one hash. Among a million known ones, a new
# piece has the hash of another with a chance of 5e-14.
_KEYS = np.frombuffer(secrets.token_bytes(16), np.uint64)
_ODD_A, _ODD_B = _KEYS | _ONE
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def hash_pieces(text: np.ndarray, begin: np.ndarray, limit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hash pieces of a text, each from where it begins up to a zero byte or its limit, whichever is first.

    Args:
        text: uint8, with `WINDOW` bytes more behind the last piece, of any value.
        begin: int64[n].
        limit: int64[n], most bytes of each.

    Returns:
        hashes uint64[n], of this process alone; and lengths int64[n], where `LONGEST` stands for longer too.
    """
    windows = np.ndarray((max(len(text) - WINDOW + 1, 0),), "<u8", text, strides=(1,))
    word, n = _window(windows, begin, limit)
    hashes, lengths = _mixed(word), n
    at, of = begin, None
    for _ in range(LONGEST // WINDOW - 1):
        more = np.flatnonzero(n == WINDOW)
        if not len(more):
            break
        of = more if of is None else of[more]
        at, limit = at[more] + WINDOW, limit[more] - WINDOW
        word, n = _window(windows, at, limit)
        hashes[of] = _mixed(hashes[of] + word + n.astype(np.uint64))
        lengths[of] += n
    return hashes, lengths


def _window(windows: np.ndarray, at: np.ndarray, limit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The next bytes of each piece as a number, others 0, and how many they are, 0 to `WINDOW`."""
    word = windows[at]
    # The lowest bit set here is in the first zero byte (the usual trick; what is above it may be wrong).
    zeros = (word - _ONES) & ~word & _HIGHS
    n = (np.bitwise_count((zeros & -zeros) - _ONE) >> 3).astype(np.int64)
    np.minimum(n, limit, out=n)
    return word & _FIRST_BYTES[n], n


def _mixed(word: np.ndarray) -> np.ndarray:
    word = word * _ODD_A
    word ^= word >> _HALF
    word *= _ODD_B
    word ^= word >> _HALF
    return word


class HashTable:
    """From hash to number, by open addressing; as large as what is in it asks for.

    Args:
        bits: of the slots at first.
    """

    def __init__(self, bits: int = 12) -> None:
        self._clear(bits)

    def __len__(self) -> int:
        return self._count

    def _clear(self, bits: int) -> None:
        self._count = 0
        self._shift = np.uint64(64 - bits)
        self._hashes = np.zeros(1 << bits, np.uint64)
        self._numbers = np.full(1 << bits, MISSING, np.int32)

    def _slots(self, hashes: np.ndarray) -> np.ndarray:
        return ((hashes * _GOLDEN) >> self._shift).astype(np.int64)

    def find(self, hashes: np.ndarray) -> np.ndarray:
        """The number of each, int32[n]; `MISSING` where there is none."""
        slots = self._slots(hashes)
        numbers = self._numbers[slots]
        others = np.flatnonzero(self._hashes[slots] != hashes)
        while len(others):
            was_empty = numbers[others] == MISSING
            numbers[others] = MISSING
            others = others[~was_empty]
            slots[others] = (slots[others] + 1) & (len(self._hashes) - 1)
            numbers[others] = self._numbers[slots[others]]
            others = others[self._hashes[slots[others]] != hashes[others]]
        return numbers

    def add(self, hashes: np.ndarray, numbers: np.ndarray) -> None:
        """Add distinct hashes that are not there yet.

        Args:
            hashes: uint64[n].
            numbers: int32[n], none of them `MISSING`.
        """
        if 2 * (self._count + len(hashes)) > len(self._hashes):
            known = self._numbers != MISSING
            hashes = np.concatenate((self._hashes[known], hashes))
            numbers = np.concatenate((self._numbers[known], numbers))
            self._clear((4 * len(hashes)).bit_length())
        self._count += len(hashes)
        slots = self._slots(hashes)
        while len(hashes):
            # Of those that come to one free slot, whichever is written last has it.
            free = np.flatnonzero(self._numbers[slots] == MISSING)
            self._hashes[slots[free]], self._numbers[slots[free]] = hashes[free], numbers[free]
            left = self._hashes[slots] != hashes
            hashes, numbers = hashes[left], numbers[left]
            slots = (slots[left] + 1) & (len(self._hashes) - 1)
