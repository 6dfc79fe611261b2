"""The hashtags written in captions, found in the bytes of an Arrow array: no Python per post.

In comes an array of captions, or of lists of hashtags; out go pieces of their bytes: what follows each `#`,
up to the first character that cannot be in a hashtag, or the whole entry. What lies in links and HTML
character references is passed over here; what a normal form is, `normal_form.py` says.
"""

import functools
import secrets
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from weakly.corpus.arrays.arrow_views import string_views
from weakly.corpus.arrays.numba_loops import Arrays, compiled
from weakly.corpus.hashtags.normal_form import MAX_BYTES, in_words

_ENTRY_ITSELF, _SIGN, _WIDE_SIGN, _COLON, _W, _NOTHING = 0, 1, 3, 4, 5, 6
"""What a byte may be the first of: an entry, `#`, `＃`, `://`, `www.`; the first three are a sign's bytes."""
_WHOLE = np.zeros(256, np.uint8)
_STARTS = np.full(256, _NOTHING, np.uint8)
for _byte, _start in ((b"#", _SIGN), ("＃".encode(), _WIDE_SIGN), (b":", _COLON), (b"w", _W), (b"W", _W)):
    _STARTS[_byte[0]] = _start

_END, _LOOK = 0, 255
_ENTRY = np.frombuffer(b"\x01" + bytes(range(1, 255)).lower() + b"\xfe", np.uint8)
"""What to hash for every byte of an entry: letters of ASCII in lower case, and neither `_END` (a zero byte is
as good as a one: no hashtag has either) nor `_LOOK` (no byte of UTF-8)."""
_WORD = _ENTRY.copy()
_WORD[[byte for byte in range(0x80) if not in_words(chr(byte))]] = _END
_WORD[0xC0:] = _LOOK
"""The same for what follows a sign: `_END` where no hashtag goes on with it, `_LOOK` where that depends on
more bytes; those are hashed as they are."""

# Of the process alone, so that nobody can write two pieces of one hash. Among a million known ones, a new
# piece has the hash of another with a chance of 5e-14.
_KEYS = np.frombuffer(secrets.token_bytes(16), np.uint64) | np.uint64(1)
_HALF = np.uint64(32)

_GOES_ON, _SPACE = 1, 2
_PLANES = ((0, 0x40000), (0xE0000, 0xE1000))
"""Where there are characters with which a hashtag goes on; in the other planes there are none so far."""


@dataclass(frozen=True)
class Pieces:
    """n pieces of text, none of them empty, in the order of the text."""

    row: np.ndarray  # int32[n], the string that each is in
    begin: np.ndarray  # int64[n], its first byte in `text`
    end: np.ndarray  # int64[n], the byte after its last
    hashes: np.ndarray  # uint64[n], of its bytes, the letters of ASCII in lower case
    text: np.ndarray  # uint8, all strings

    def written(self, which: np.ndarray) -> list[str]:
        """Some of the pieces as strings, the letters of ASCII in lower case."""
        text, places = self.text.data, zip(self.begin[which].tolist(), self.end[which].tolist(), strict=True)
        return [bytes(text[begin:end]).lower().decode() for begin, end in places]


def scan_captions(captions: pa.StringArray) -> Pieces:
    """Find what follows each `#` or `＃`, where it is not too long for a hashtag; nulls have none."""
    return _pieces(_places(captions), _STARTS, _WORD, MAX_BYTES)


def scan_lists(lists: pa.ListArray) -> Pieces:
    """The entries of lists of strings, each a piece; nulls are none."""
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    strings = _places(lists.flatten())
    pieces = _pieces(strings, _WHOLE, _ENTRY, len(strings[0]))
    return replace(pieces, row=np.repeat(np.arange(len(lists), dtype=np.int32), lengths)[pieces.row])


def _pieces(strings: Arrays, starts: np.ndarray, kinds: np.ndarray, longest: int) -> Pieces:
    text, begins, ends = strings
    row, n, room = 0, 0, len(text) // 16  # no more at first: fresh memory costs up to a fifth of the scan
    found = tuple(np.empty(room, kind) for kind in (np.int32, np.int64, np.int64, np.uint64))
    while True:
        row, n = _scan(strings, (starts, kinds, _characters(), _KEYS), longest, row, n, found)
        if row == len(begins):
            rows, begin, end, hashes = (values[:n] for values in found)
            return Pieces(rows, begin, end, hashes, text)
        room = 2 * n + int(ends[row] - begins[row])  # a string has no more pieces than bytes
        found = tuple(np.resize(values, room) for values in found)


def _places(strings: pa.Array) -> Arrays:
    """The bytes of n strings, uint8; where each begins and ends, int[n]; nulls are empty."""
    if not len(strings):
        return np.empty(0, np.uint8), np.empty(0, np.int32), np.empty(0, np.int32)
    text, offsets = string_views(strings)
    text, offsets = text[offsets[0] : offsets[-1]], offsets - offsets[0]
    begins, ends = offsets[:-1], offsets[1:]
    if strings.null_count:
        ends = np.where(strings.is_null().to_numpy(zero_copy_only=False), begins, ends)
    return text, begins, ends


@functools.cache
def _characters() -> np.ndarray:
    """What a character is, by its code: `_GOES_ON` where a hashtag goes on with it, or `_SPACE`; uint8."""
    kinds = np.zeros(_PLANES[-1][1], np.uint8)
    for first, last in _PLANES:
        kinds[first:last] = [in_words(chr(code)) * _GOES_ON for code in range(first, last)]
    kinds[[code for code in range(0x3001) if chr(code).isspace()]] = _SPACE
    return kinds


@compiled
def _scan(
    strings: Arrays, tables: Arrays, longest: int, from_row: int, n: int, found: Arrays
) -> tuple[int, int]:
    """Find the pieces of every string from `from_row` on, beside the n before, while there is room; returns
    the string that there was none for, and how many pieces there are.
    """
    text, begins, ends = strings
    starts, kinds, characters, keys = tables
    out_row, out_begin, out_end, out_hash = found
    for row in range(from_row, len(begins)):
        first, last = int(begins[row]), int(ends[row])
        if n + (last - first) > len(out_row):
            return row, n
        at = first
        while at < last:
            # An index that is unsigned is not looked at for being negative: a tenth of this loop's time.
            start = int(starts[text[np.uint64(at)]])
            if start == _NOTHING or (
                start == _WIDE_SIGN and (at + 2 >= last or text[at + 1] != 0xBC or text[at + 2] != 0x83)
            ):
                at += 1
                continue
            if start in (_COLON, _W):
                at = _end_of_link(text, first, at, last, start, characters)
                continue
            begin = at = at + start
            mixed = np.uint64(0)
            while at < last:
                byte = kinds[text[np.uint64(at)]]
                if byte == _LOOK:
                    if _character(text, at, last, characters)[0] != _GOES_ON:
                        break
                    byte = text[at]
                elif byte == _END:
                    break
                # Not in a function of its own: passing arrays takes its time.
                mixed = (mixed ^ np.uint64(byte)) * keys[0]
                mixed ^= mixed >> _HALF
                at += 1
            if begin < at <= begin + longest and not _is_reference(text, first, begin, at, last):
                # Every bit of the hash depends on every byte.
                mixed = (mixed + np.uint64(at - begin)) * keys[0]
                mixed = (mixed ^ (mixed >> _HALF)) * keys[1]
                out_row[n], out_begin[n], out_end[n] = row, begin, at
                out_hash[n] = mixed ^ (mixed >> _HALF)
                n += 1
    return len(begins), n


@compiled
def _character(text: np.ndarray, at: int, last: int, characters: np.ndarray) -> tuple[int, int]:
    """What the character at a place is, and its bytes in UTF-8; those that are missing are as if 0."""
    lead = np.int64(text[at])
    if lead < 0x80:
        return characters[lead], 1
    size = 2 if lead < 0xE0 else (3 if lead < 0xF0 else 4)
    code = lead & (0x7F >> size)
    for place in range(at + 1, min(at + size, last)):
        code = (code << 6) | (text[place] & 0x3F)
    return (characters[code] if code < len(characters) else 0), size


@compiled
def _end_of_link(text: np.ndarray, first: int, at: int, last: int, start: int, characters: np.ndarray) -> int:
    """Where the link ends that begins at `at`, with its `://` or `www.`; `at + 1` where none does."""
    if start == _COLON:
        if not (at + 2 < last and text[at + 1] == 0x2F and text[at + 2] == 0x2F):
            return at + 1
    else:
        if not (at + 3 < last and text[at + 1] | 0x20 == 0x77 and text[at + 2] | 0x20 == 0x77):
            return at + 1
        before = at - 1
        while before > first and text[before] & 0xC0 == 0x80:
            before -= 1
        is_inside = at > first and _character(text, before, at, characters)[0] != _SPACE
        if text[at + 3] != 0x2E or is_inside:
            return at + 1
    while at < last:
        kind, size = _character(text, at, last, characters)
        if kind == _SPACE:
            break
        at += size
    return min(at, last)


@compiled
def _is_reference(text: np.ndarray, first: int, begin: int, end: int, last: int) -> bool:
    """Whether a piece is a character reference, `&#x27;`; decimal ones hold no letter and are none anyway."""
    if begin - 2 < first or text[begin - 2] != 0x26 or end == last or text[end] != 0x3B:
        return False
    if text[begin] | 0x20 != 0x78 or end - begin < 2:
        return False
    for place in range(begin + 1, end):
        digit = text[place] | 0x20
        if not (0x30 <= text[place] <= 0x39 or 0x61 <= digit <= 0x66):
            return False
    return True
