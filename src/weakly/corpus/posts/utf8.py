"""Whether strings are UTF-8, which Parquet does not check: all their bytes are looked at, hundreds abreast.

In comes an Arrow array of strings that may hold any bytes; out goes whether all of them are text. Arrow's own
check takes three times as long. Which string is wrong, this does not say.
"""

import numpy as np
import pyarrow as pa

from weakly.corpus.arrays.arrow_views import string_views
from weakly.corpus.arrays.numba_loops import compiled

_BLOCK = 256
"""Bytes that are looked at abreast; a multiple of 8. Fewer or more take longer."""
_WORDS = _BLOCK // 8
_NOT_ASCII = np.int64(-0x7F7F7F7F7F7F7F80)


def is_utf8(strings: pa.StringArray) -> bool:
    """Whether every string is UTF-8; may be false too for what stands behind a null."""
    text, offsets = string_views(strings)
    words = text[: len(text) // 8 * 8].view(np.int64)
    return _is_utf8(text.view(np.int8), words, offsets, np.zeros(_BLOCK, np.bool_))


@compiled
def _is_utf8(text: np.ndarray, words: np.ndarray, offsets: np.ndarray, wrong: np.ndarray) -> bool:
    """Whether the bytes are UTF-8 end to end, and no string begins within a character."""
    first, last = int(offsets[0]), int(offsets[-1])
    from_block = (first + 3 + _BLOCK - 1) // _BLOCK
    to_block = max(last // _BLOCK, from_block)
    for block in range(from_block, to_block):
        at = block * _BLOCK
        bits = np.int64(0)
        for word in range(block * _WORDS, (block + 1) * _WORDS):
            bits |= words[word]
        # Of ASCII alone, after a character of ASCII: most blocks are.
        if bits & _NOT_ASCII == 0 and text[at - 1] >= 0:
            continue
        here, before = text[at : at + _BLOCK], text[at - 1 : at - 1 + _BLOCK]
        before_2, before_3 = text[at - 2 : at - 2 + _BLOCK], text[at - 3 : at - 3 + _BLOCK]
        for i in range(_BLOCK):
            wrong[i] |= _is_wrong(before_3[i], before_2[i], before[i], here[i])
    is_wrong = wrong.any() or _is_wrong_within(text, first, from_block * _BLOCK, first, last)
    if is_wrong or _is_wrong_within(text, to_block * _BLOCK, last + 3, first, last):
        return False
    begins_within = False
    for begin in offsets[:-1]:
        begins_within |= begin < last and text[begin] < -64
    return not begins_within


@compiled
def _is_wrong_within(text: np.ndarray, begin: int, end: int, first: int, last: int) -> bool:
    """The same one by one, for what is in no whole block; what lies around the strings is as if 0."""
    a = b = c = d = np.int8(0)
    for at in range(max(begin - 3, first), min(end, last + 3)):
        a, b, c, d = b, c, d, (text[at] if at < last else np.int8(0))
        if at >= begin and _is_wrong(a, b, c, d):
            return True
    return False


@compiled
def _is_wrong(before_3: np.int8, before_2: np.int8, before: np.int8, byte: np.int8) -> bool:
    """Whether a byte cannot follow the three before it, all signed: 0x80 to 0xff are -128 to -1."""
    follows = (
        (before >= -64) & (before < 0)
        | (before_2 >= -32) & (before_2 < 0)
        | (before_3 >= -16) & (before_3 < 0)
    )
    is_wrong = follows != (byte < -64)
    is_wrong |= (before == -32) & (byte < -96)  # overlong: e0 80 to e0 9f
    is_wrong |= (before == -19) & (byte >= -96)  # half a character: ed a0 to ed bf
    is_wrong |= (before == -16) & (byte < -112)  # overlong: f0 80 to f0 8f
    is_wrong |= (before == -12) & (byte >= -112)  # above 10ffff: f4 90 and more
    return is_wrong | (byte == -64) | (byte == -63) | (byte >= -11) & (byte < 0)  # c0, c1, f5 to ff
