"""What may be hashtags in captions: a scan over the bytes of an Arrow array, no Python per post.

In comes an array of captions, out goes what follows each `#` in them, up to the next ASCII character that
cannot be in a hashtag. Where other characters end one, and what its normal form is, `weakly.corpus.hashtags`
says (paper, section 2.1). What lies in links and HTML character references is passed over here.
"""

import re

import numpy as np
import pyarrow as pa

_ENDS_WORD = bytes(byte < 128 and not chr(byte).isalnum() and byte != ord("_") for byte in range(256))
"""By byte, 1 for an ASCII character that cannot be in a hashtag."""

_WIDE = "＃".encode()

_SPACES = b"|".join(re.escape(chr(c).encode()) for c in range(0x3001) if chr(c).isspace())
_SPACE, _SPACE_AT_END = re.compile(_SPACES), re.compile(rb"(?:" + _SPACES + rb")\Z")
_LONGEST_SPACE, _LONGEST_CHARACTER = 3, 4  # bytes
_REFERENCE = re.compile(rb"&#[xX][0-9a-fA-F]+;")

Written = tuple[np.ndarray, np.ndarray, list[str]]
"""Post and index into the distinct raw texts, integers [n] each, posts non-decreasing; and these texts."""


def scan_captions(captions: pa.LargeStringArray, max_bytes: int) -> Written:
    """Find what follows each `#` or `＃`.

    Args:
        captions: nulls have no hashtags.
        max_bytes: what is longer comes out cut short, still longer than this.

    Returns:
        Post, index and distinct texts; their ASCII letters are in lower case, so that fewer are distinct.
    """
    offsets, text = _buffers(captions)
    stops = np.flatnonzero(np.frombuffer(text.tobytes().translate(_ENDS_WORD), bool))
    wide = _find(text, _WIDE)
    if len(wide):
        stops = np.sort(np.concatenate((stops, wide)))
    # Every `#` is itself a stop, so what follows it ends at the next one, or where its caption does.
    lead = text[stops]
    sharp = np.flatnonzero((lead == ord("#")) | (lead == _WIDE[0]))
    begin = stops[sharp] + np.where(lead[sharp] == ord("#"), 1, len(_WIDE))
    row = np.searchsorted(offsets, begin - 1, "right") - 1
    end = np.minimum(np.append(stops, len(text))[sharp + 1], offsets[row + 1])
    kept = (end > begin) & ~_in_links(text, offsets, begin)
    if captions.null_count:
        kept &= captions.is_valid().to_numpy(zero_copy_only=False)[row]
    kept[_in_references(text, offsets[row], offsets[row + 1], begin, end)] = False
    begin, end = begin[kept], end[kept]
    distinct = _cut(text, begin, _shortened(text, begin, end, max_bytes)).dictionary_encode()
    return row[kept], distinct.indices.to_numpy(), distinct.dictionary.to_pylist()


def _buffers(strings: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Offsets, int64 [n + 1], from 0; and the bytes of all strings, uint8, those under nulls among them."""
    _, offsets, data = strings.buffers()
    if not len(strings) or data is None:
        return np.zeros(len(strings) + 1, np.int64), np.empty(0, np.uint8)
    offsets = np.frombuffer(offsets, np.int64)[strings.offset : strings.offset + len(strings) + 1]
    return offsets - offsets[0], np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]


def _find(text: np.ndarray, needle: bytes, rarest: int = 0) -> np.ndarray:
    """Positions of `needle`, ascending, its letters in either case; its byte `rarest` is looked for first."""
    span = max(len(text) - len(needle) + 1, 0)
    at = np.flatnonzero(text[rarest : rarest + span] == needle[rarest])
    for index, byte in enumerate(needle):
        either_case = 0x20 if chr(byte).islower() else 0
        at = at[text[at + index] | either_case == byte]
    return at


def _in_links(text: np.ndarray, offsets: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """Whether each hashtag, by its first byte after the `#`, is part of a link; bool [n]."""
    found = np.sort(np.concatenate((_find(text, b"://"), _find(text, b"www.", rarest=3))))
    row = np.searchsorted(offsets, found, "right") - 1
    starts, ends, data, end = [], [-1], text.data, 0
    for at, first, last in zip(found.tolist(), offsets[row].tolist(), offsets[row + 1].tolist(), strict=True):
        if at < end:  # the same link again
            continue
        before = bytes(data[max(first, at - _LONGEST_SPACE) : at])
        if data[at] != ord(":") and before and not _SPACE_AT_END.search(before):
            continue  # `www.`, but not where a word starts
        space = _SPACE.search(data, at, last)
        end = space.start() if space else last
        starts.append(at)
        ends.append(end)
    link = np.searchsorted(np.array(starts, np.int64), begin)  # 0: before the first
    return begin <= np.array(ends, np.int64)[link]


def _in_references(
    text: np.ndarray, first: np.ndarray, last: np.ndarray, begin: np.ndarray, end: np.ndarray
) -> list[int]:
    """Which hashtags are character references, `&#x27;`; decimal ones hold no letter and are none anyway.

    `first` and `last` bound their captions.
    """
    return [
        index
        for index in np.flatnonzero(text[begin - 2] == ord("&")).tolist()
        if begin[index] - 2 >= first[index]
        and end[index] < last[index]
        and _REFERENCE.fullmatch(text[begin[index] - 2 : end[index] + 1].tobytes())
    ]


def _shortened(text: np.ndarray, begin: np.ndarray, end: np.ndarray, max_bytes: int) -> np.ndarray:
    """Ends that leave whole characters, a little more than `max_bytes`: enough to see that it is too long."""
    end = end.copy()
    long = np.flatnonzero(end - begin > max_bytes + _LONGEST_CHARACTER)
    end[long] = begin[long] + max_bytes + _LONGEST_CHARACTER
    for _ in range(_LONGEST_CHARACTER - 1):
        end[long] -= text[end[long]] & 0xC0 == 0x80  # a UTF-8 continuation byte
    return end


def _cut(text: np.ndarray, begin: np.ndarray, end: np.ndarray) -> pa.Array:
    """The strings text[begin:end], ASCII letters in lower case; large_string [n]."""
    offsets = np.zeros(len(begin) + 1, np.int64)
    np.cumsum(end - begin, out=offsets[1:])
    data = text[np.repeat(begin - offsets[:-1], end - begin) + np.arange(offsets[-1])]
    lower = pa.py_buffer(data.tobytes().lower())  # of bytes, so ASCII letters alone
    return pa.LargeStringArray.from_buffers(len(begin), pa.py_buffer(offsets.tobytes()), lower)
