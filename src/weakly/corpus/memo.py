"""Answers already found, in bounded memory: hashtags are few and come again and again."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LONGEST_KEPT = 64
"""Characters; longer hashtags (mostly text without spaces that follows one) are seldom seen twice."""


class Memo(dict[str, T]):
    """What was asked for -> what a function says of it; `memo[text]` calls it where that is not known.

    When `limit` answers are kept all are dropped, and the frequent ones are soon back: so memory does not
    grow with the posts, and nothing has to be counted.

    Args:
        function: of the text alone.
        limit: how many answers to keep; 1 or more.
    """

    def __init__(self, function: Callable[[str], T], limit: int) -> None:
        self._function, self._limit = function, limit

    def __missing__(self, text: str) -> T:
        answer = self._function(text)
        if len(text) <= LONGEST_KEPT:
            if len(self) >= self._limit:
                self.clear()
            # One object where they are equal: half the memory.
            self[text] = text if answer == text else answer  # pyright: ignore[reportArgumentType]
        return answer
