"""Random draws in a row that are a pure function of their keys: the world's only source of chance.

In: the seed and whatever names the picture. Out: numbers, one after the other, the same on every run.
"""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

from weakly.hashing import uniform

T = TypeVar("T")

_BLOCKS, _PLACES = np.divmod(np.arange(256), 64)


class Draws:
    """A row of draws, named by integers; whatever two of them decide is independent."""

    def __init__(self, *keys: int) -> None:
        self._keys = keys
        self._blocks = 0
        self._waiting: list[float] = []

    def unit(self) -> float:
        """The next draw, uniform in [0, 1)."""
        if not self._waiting:
            # One call of the hash for many draws: a picture takes about two hundred.
            self._waiting = uniform(*self._keys, _BLOCKS + self._blocks, _PLACES).tolist()
            self._waiting.reverse()
            self._blocks += 4
        return self._waiting.pop()

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.unit() < probability

    def choose(self, options: Sequence[T]) -> T:
        """One of the options, each as likely as the others."""
        return options[int(self.unit() * len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """One of the options, each as likely as its weight says; weights need not sum to 1."""
        sums = list(accumulate(weights))
        return options[min(bisect(sums, self.unit() * sums[-1]), len(options) - 1)]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """The options in random order."""
        rest = list(options)
        return [rest.pop(int(self.unit() * len(rest))) for _ in range(len(rest))]
