"""What may be hashtags in captions: a scan over the bytes of an Arrow array, no Python per post.

In comes an array of captions, or of entries of hashtag lists; out go pieces of their bytes: what follows each
`#`, up to the next character that cannot be in a hashtag, or the whole entry. What its normal form is,
`weakly.corpus.hashtags` says (paper, section 2.1). What lies in links and HTML character references is passed
over here.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weakly.corpus.hash_table import LONGEST, WINDOW, hash_pieces
from weakly.corpus.hashtags import in_words

_WIDE = "＃"
MANY = 0.1
"""Share of bytes that begin a character beyond ASCII, from which on these are looked at one by one: in text
without spaces they alone end a hashtag. Where they are few, `caption_form` finds out the same."""
_PLANES = 0x20000
"""Characters from here on, rare ideographs, are all taken to go on with a hashtag: `caption_form` knows."""
_TO_LOWER = bytes(range(256)).lower()
_ENTRIES = b"\x01" + _TO_LOWER[1:]
"""Lower case of ASCII; no byte is 0 (neither 0 nor 1 can be in a hashtag)."""
_CAPTIONS = bytes(
    0 if byte < 128 and not chr(byte).isalnum() and byte != ord("_") else _TO_LOWER[byte]
    for byte in range(256)
)
"""The same, but 0 for an ASCII character that cannot be in a hashtag."""

_SPACES = b"|".join(re.escape(chr(c).encode()) for c in range(0x3001) if chr(c).isspace())
_SPACE, _SPACE_AT_END = re.compile(_SPACES), re.compile(rb"(?:" + _SPACES + rb")\Z")
_LONGEST_SPACE, _LONGEST_CHARACTER = 3, 4  # bytes
_REFERENCE = re.compile(rb"&#[xX][0-9a-fA-F]+;")


@dataclass(frozen=True)
class Pieces:
    """n pieces of text, none of them empty, in the order of the text.

    Attributes:
        row: int64[n], the string that each is in.
        begin: int64[n], its first byte in `text`.
        limit: int64[n], bytes from there to the end of its string.
        length: int64[n], its bytes; `LONGEST` where it has so many or more.
        hashes: uint64[n], of its bytes; nothing where it is that long.
        text: the strings, their ASCII letters in lower case, so that fewer pieces are distinct.
    """

    row: np.ndarray
    begin: np.ndarray
    limit: np.ndarray
    length: np.ndarray
    hashes: np.ndarray
    text: bytearray

    def only(self, kept: np.ndarray) -> "Pieces":
        """Those under a mask, bool[n]."""
        if kept.all():
            return self
        arrays = (self.row, self.begin, self.limit, self.length, self.hashes)
        return Pieces(*(array[kept] for array in arrays), text=self.text)

    def written(self, which: np.ndarray, max_bytes: int) -> list[str]:
        """Some of the pieces as strings; longer ones than `max_bytes` come cut short, but longer still."""
        limit = np.minimum(self.limit[which], max_bytes + _LONGEST_CHARACTER)
        long = self.length[which] >= LONGEST
        places = zip(self.begin[which].tolist(), self.length[which].tolist(), strict=True)
        texts = []
        for (begin, length), most, is_long in zip(places, limit.tolist(), long.tolist(), strict=True):
            end = begin + (self._length(begin, most) if is_long else length)
            texts.append(self.text[begin:end].decode(errors="ignore"))  # a character cut in two at the end
        return texts

    def _length(self, begin: int, most: int) -> int:
        end = self.text.find(0, begin, begin + most)
        return end - begin if end >= 0 else most


def scan_captions(captions: pa.LargeStringArray) -> Pieces:
    """Find what follows each `#` or `＃`; nulls have no hashtags."""
    offsets, text = _buffers(captions)
    low = bytearray(text).translate(_CAPTIONS)
    low += bytes(WINDOW)
    signs = text == ord("#")
    of_low, leads = np.frombuffer(low, np.uint8), text >= 0xC0
    if np.count_nonzero(leads) < MANY * len(text):
        wide = _find(text, _WIDE.encode())
        of_low[wide] = 0
    else:
        wide = _end_where_words_end(of_low, np.flatnonzero(leads))
    signs[wide + 2] = True  # the last byte
    begin = np.flatnonzero(signs) + 1
    a_row = np.diff(np.searchsorted(begin, offsets, "right"))
    row = np.repeat(np.arange(len(captions)), a_row)
    limit = np.repeat(offsets[1:], a_row) - begin
    hashes, length = hash_pieces(of_low, begin, limit)
    kept = length > 0
    links = np.searchsorted(begin, np.array([*_links(text, low, offsets)], np.int64), "right")
    for first, last in links.reshape(-1, 2).tolist():
        kept[first:last] = False
    if captions.null_count:
        kept &= captions.is_valid().to_numpy(zero_copy_only=False)[row]
    kept[_references(text, begin, length, limit, row, offsets)] = False
    return Pieces(row, begin, limit, length, hashes, low).only(kept)


def scan_lists(lists: pa.LargeListArray) -> Pieces:
    """The entries of lists of strings, each a piece; nulls are none."""
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    entries = lists.flatten()
    offsets, text = _buffers(entries)
    low = bytearray(text).translate(_ENTRIES)
    low += bytes(WINDOW)
    length = np.diff(offsets)
    kept = length > 0
    if entries.null_count:
        kept &= entries.is_valid().to_numpy(zero_copy_only=False)
    row, begin = np.repeat(np.arange(len(lists)), lengths), offsets[:-1]
    hashes, n = hash_pieces(np.frombuffer(low, np.uint8), begin, length)
    return Pieces(row, begin, length, n, hashes, low).only(kept)


def _buffers(strings: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Offsets, int64 [n + 1], from 0; and the bytes of all strings, uint8, those under nulls among them."""
    _, offsets, data = strings.buffers()
    if not len(strings) or data is None:
        return np.zeros(len(strings) + 1, np.int64), np.empty(0, np.uint8)
    offsets = np.frombuffer(offsets, np.int64)[strings.offset : strings.offset + len(strings) + 1]
    return offsets - offsets[0], np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]


@functools.cache
def _go_on() -> np.ndarray:
    """Whether a hashtag goes on with a character, bool, by its code up to `_PLANES`."""
    return np.array([*(in_words(chr(code)) for code in range(_PLANES)), True])


def _end_where_words_end(low: np.ndarray, leads: np.ndarray) -> np.ndarray:
    """Put 0 where characters beyond ASCII end a hashtag; returns the places of `＃`, ascending.

    Args:
        low: uint8, UTF-8 but under nulls.
        leads: where each of the characters beyond ASCII begins.
    """
    wide = leads[:0]
    first = low[leads].astype(np.int32)
    for size, least, bits in ((2, 0xC0, 5), (3, 0xE0, 4), (4, 0xF0, 3)):
        own = (first >= least) & (first < least + (1 << bits))
        at, code = leads[own], first[own] & ((1 << bits) - 1)
        for byte in range(1, size):
            code = (code << 6) | (low[byte:][at] & 0x3F)
        low[at[~_go_on()[np.minimum(code, _PLANES)]]] = 0
        if size == len(_WIDE.encode()):
            wide = at[code == ord(_WIDE)]
    return wide


def _find(text: np.ndarray, needle: bytes) -> np.ndarray:
    """Positions of `needle`, ascending."""
    at = np.flatnonzero(text[: max(len(text) - len(needle) + 1, 0)] == needle[0])
    for index, byte in enumerate(needle):
        at = at[text[at + index] == byte]
    return at


def _colons(text: bytes) -> Iterable[int]:
    """Positions of `://`: looking for one byte is many times faster than for three."""
    at = text.find(b":")
    while at >= 0:
        if text.startswith(b"://", at):
            yield at
        at = text.find(b":", at + 1)


def _www(text: np.ndarray, low: bytearray) -> list[int]:
    """Positions of `www.`, its letters in either case; ascending."""
    # One of its two pairs of w begins at an even place, and there are half as many pairs to look at as bytes.
    pairs = np.frombuffer(low, "<u2", len(low) // 2) == int.from_bytes(b"ww", "little")
    if not pairs.any():
        return []
    letters = np.frombuffer(low, np.uint8)
    even = 2 * np.flatnonzero(pairs)
    at = np.sort(np.concatenate((even[even > 0] - 1, even)))
    at = at[(letters[at] == ord("w")) & (letters[at + 2] == ord("w")) & (at + 3 < len(text))]
    return at[text[at + 3] == ord(".")].tolist()


def _links(text: np.ndarray, low: bytearray, offsets: np.ndarray) -> Iterable[tuple[int, int]]:
    """First byte and end of every link, from its `://` or `www.` on, ascending."""
    data, end = text.data, 0
    found = sorted([*_www(text, low), *_colons(text.tobytes())])
    row = np.searchsorted(offsets, np.array(found, np.int64), "right") - 1
    for at, first, last in zip(found, offsets[row].tolist(), offsets[row + 1].tolist(), strict=True):
        if at < end:  # the same link again
            continue
        before = bytes(data[max(first, at - _LONGEST_SPACE) : at])
        if data[at] != ord(":") and before and not _SPACE_AT_END.search(before):
            continue  # `www.`, but not where a word starts
        space = _SPACE.search(data, at, last)
        end = space.start() if space else last
        yield at, end


def _references(
    text: np.ndarray,
    begin: np.ndarray,
    length: np.ndarray,
    limit: np.ndarray,
    row: np.ndarray,
    offsets: np.ndarray,
) -> list[int]:
    """Which pieces are character references, `&#x27;`; decimal ones hold no letter and are none anyway."""
    after = np.flatnonzero(text[begin - 2] == ord("&"))
    after = after[(begin[after] - 2 >= offsets[row[after]]) & (length[after] < limit[after])]
    after = after[(text[begin[after]] | 0x20) == ord("x")]
    return [
        index
        for index, first, n in zip(after.tolist(), begin[after].tolist(), length[after].tolist(), strict=True)
        if _REFERENCE.fullmatch(text[first - 2 : first + n + 1].tobytes())
    ]
