"""Answers already found, in bounded memory: hashtags are few and come again and again."""

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np

from weakly.corpus.extraction import Hashtags

T = TypeVar("T")

LONGEST_KEPT = 64
"""Characters; longer hashtags (mostly text without spaces that follows one) are seldom seen twice."""


class Memo(dict[str, T]):
    """What was asked for -> what a function says of it; `memo[text]` calls it where that is not known.

    Keeps the answers given since it was last full, and those from the time before that until they are asked
    for again. So memory does not grow with the posts, nothing has to be counted, and what is frequent stays.

    Args:
        function: of the text alone.
        limit: how many answers to keep; 2 or more.
    """

    def __init__(self, function: Callable[[str], T], limit: int) -> None:
        self._function, self._limit = function, limit // 2
        self._before: dict[str, T] = {}

    def __missing__(self, text: str) -> T:
        answer = self._before[text] if text in self._before else self._found(text)
        if len(text) <= LONGEST_KEPT:
            if len(self) >= self._limit:
                self._before = dict(self)
                self.clear()
            self[text] = answer
        return answer

    def _found(self, text: str) -> T:
        answer = self._function(text)
        # One object where they are equal: half the memory.
        return cast(T, text) if answer == text else answer


class ByNumber:
    """What a function says of the hashtags of a unit, by their numbers, batch after batch.

    Args:
        function: from a normal form to an integer of 32 bits.
    """

    def __init__(self, function: Callable[[str], int]) -> None:
        self._function = function
        self.answers = np.empty(0, np.int32)

    def add(self, tags: Hashtags) -> np.ndarray:
        """Add a batch's new hashtags; returns int32 [len(tags.names)]."""
        new = tags.names[tags.first :]
        answers = np.fromiter(map(self._function, new), np.int32, len(new))
        self.answers = np.concatenate((self.answers[: tags.first], answers))
        return self.answers
