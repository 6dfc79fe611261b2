"""Which row comes at which position: a pure function of (plan, seed, position) (paper, section 1).

In: positions 0, 1, 2, ... of the endless sequence of images that training reads. Out: rows of the training
set.

The sequence is made of passes. Pass p holds every row as often as the plan says for that pass, shuffled by a
keyed permutation. Nothing is stored but the sizes of the passes so far and, for the pass at hand, one sum a
block of `BLOCK` rows; so a run resumes at any position in the time it takes to hash position / 4096 blocks.
"""

import math
from collections import OrderedDict

import numpy as np

from weakly.hashing import mix
from weakly.sampling.mapped_array import read_ahead
from weakly.sampling.plan import BLOCK, FRACTION_BITS, SamplingPlan

_SHUFFLE = int.from_bytes(b"shuffle")
_ROUNDS = 6
_ODD_ONE, _ODD_TWO = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_HASHES_AT_ONCE = 1 << 20
_PASSES_KEPT = 2


def permute(x: np.ndarray, size: int, key: int) -> np.ndarray:
    """Shuffle: map each x to its place in a permutation of range(size) that the key picks.

    A Feistel network on pairs (left, right) with left * columns + right = x, where rows * columns is just
    above `size`; the few results beyond `size` go through it again until they fall inside (cycle walking).

    Args:
        x: int64[n], each in [0, size).
        size: 1 or more.
        key: 64 bits.

    Returns:
        int64[n], each in [0, size).
    """
    rows = math.isqrt(size - 1) + 1
    columns = -(-size // rows)
    keys = mix(key, np.arange(_ROUNDS)).tolist()

    def once(value: np.ndarray) -> np.ndarray:
        left, right = value // columns, value % columns
        for number, round_key in enumerate(keys):
            if number % 2 == 0:
                left = (left + _below(rows, round_key, right)) % rows
            else:
                right = (right + _below(columns, round_key, left)) % columns
        return left * columns + right

    result = once(x.astype(np.uint64))
    outside = np.flatnonzero(result >= size)
    while len(outside):
        result[outside] = once(result[outside])
        outside = outside[result[outside] >= size]
    return result.astype(np.int64)


def _below(limit: int, key: int, value: np.ndarray) -> np.ndarray:
    """Hash uint64[n] to uint64[n] in [0, limit), for limits below 2^31.

    Two multiplications instead of `mix`: six rounds of it are hash enough, and it runs for every image.
    """
    hashed = (value + key) * _ODD_ONE
    hashed ^= hashed >> 32
    hashed *= _ODD_TWO
    hashed >>= 32
    hashed *= limit
    hashed >>= 32
    return hashed


class Order:
    """The endless sequence of rows that a plan and its seed define.

    Cheap to make and to pickle; keeps 8 bytes a block of 4096 rows for each of the last two passes used.
    """

    def __init__(self, plan: SamplingPlan) -> None:
        self.plan = plan
        self._starts = np.zeros(1, np.int64)
        """Position where each known pass begins, and where the last known one ends."""
        self._kept: OrderedDict[int, tuple[np.ndarray, np.ndarray]] = OrderedDict()

    def rows(self, positions: np.ndarray) -> np.ndarray:
        """Return int64[n], the row at each position (int64[n], 0 or more, in any order)."""
        return self.locate(positions)[1]

    def locate(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (int64[n], int64[n]), the pass that each position falls in and the row there."""
        positions = np.asarray(positions, np.int64)
        passes, rows = np.empty_like(positions), np.empty_like(positions)
        if len(positions) == 0:
            return passes, rows
        if positions.min() < 0:
            raise ValueError(f"position {positions.min()} is below 0")
        self._extend(int(positions.max()))
        passes[:] = np.searchsorted(self._starts, positions, side="right") - 1
        for number in np.unique(passes).tolist():
            here = passes == number
            rows[here] = self._rows_in_pass(number, positions[here] - self._starts[number])
        return passes, rows

    def passes(self, images_seen: int) -> float:
        """Return how many passes `images_seen` images are: 2.5 is two whole ones and half of the third."""
        self._extend(images_seen)
        number = int(np.searchsorted(self._starts, images_seen, side="right")) - 1
        start, end = self._starts[number : number + 2].tolist()
        return number + (images_seen - start) / (end - start)

    def _extend(self, position: int) -> None:
        """Work out the sizes of passes until one reaches beyond `position`."""
        blocks = len(self.plan.block_ends)
        at_once = max(1, _HASHES_AT_ONCE // blocks)
        while self._starts[-1] <= position:
            first = len(self._starts) - 1
            missing = (position + 1 - int(self._starts[-1])) / self.plan.expected_pass_size
            count = min(at_once, math.ceil(missing) + 1)
            sizes = self.plan.block_sizes(np.arange(first, first + count)).sum(axis=1)
            self._starts = np.concatenate([self._starts, self._starts[-1] + np.cumsum(sizes)])

    def _rows_in_pass(self, number: int, offsets: np.ndarray) -> np.ndarray:
        """Return the rows at these offsets (int64[n]) of one pass."""
        size = int(self._starts[number + 1] - self._starts[number])
        key = int(mix(self.plan.seed, _SHUFFLE, number))
        ends, fractions = self._blocks_of_pass(number)
        rank = permute(offsets, size, key)
        block = np.searchsorted(ends, rank, side="right")
        within = (rank - np.where(block > 0, ends[block - 1], 0)).astype(np.uint64)
        # Row i of the block holds copy `within` if it is the first with floor(c[i] + u) > within, that is
        # with cumulative[i] >= (cumulative before the block) + within + 1 - u.
        before = np.where(block > 0, self.plan.block_ends[block - 1], np.uint64(0))
        target = before + ((within + np.uint64(1)) << np.uint64(FRACTION_BITS)) - fractions[block]
        return self._first_at_least(target, block)

    def _blocks_of_pass(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """Return, for one pass, where each block's images end (int64[B]) and its offset u (uint64[B])."""
        if number not in self._kept:
            one = np.array([number])
            ends = np.cumsum(self.plan.block_sizes(one)[0])
            self._kept[number] = (ends, self.plan.offsets(one)[0])
            if len(self._kept) > _PASSES_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(number)
        return self._kept[number]

    def _first_at_least(self, target: np.ndarray, block: np.ndarray) -> np.ndarray:
        """Return, for each target, the first row of its block whose cumulative factor reaches it.

        A binary search inside the block: it stays in one stretch of 32 KB of the mapped file.
        """
        last = len(self.plan) - 1
        read_ahead(self.plan.cumulative, np.unique(block) * BLOCK, BLOCK)
        row = block * BLOCK
        width = BLOCK // 2
        while width:
            row += width * (self.plan.cumulative[np.minimum(row + (width - 1), last)] < target)
            width //= 2
        return row
