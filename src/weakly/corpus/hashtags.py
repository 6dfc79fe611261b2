"""What a hashtag is, its normal form, and how a batch of posts becomes hashtags.

In comes an Arrow batch of posts with `caption` and `hashtags` columns, out go (post, hashtag) pairs, each
once (paper, section 2.1). A pure function of the batch, no engine in it.

In a caption a hashtag is `#` or `＃` and the letters, digits, underscores, combining marks and joiners (ZWJ,
ZWNJ) right after it, in any script. Glued hashtags (`#a#b`) are two, `word#tag` is one. It is none

- without a letter in its normal form (`#1`, `#①`, `#___`, `#🎉`);
- in a link: where the white-space-delimited word holds `://` before the `#`, or starts with `www.`;
- as an HTML character reference (`&#39;`, `&#x27;`);
- when absurdly long: more than 139 characters in normal form or 1,024 bytes as written.

An entry of the `hashtags` column is one hashtag already: `#` is optional, and what cannot be in a hashtag
(spaces, hyphens, apostrophes, emoji) is dropped: `Brown-Bear` -> `brownbear`.

The normal form is NFKC, case-folded, NFKC again (`ＢÄR` -> `bär`, `straße` -> `strasse`), less

- characters that show nothing: variation selectors, the combining grapheme joiner, Hangul fillers;
- the keycap mark of emoji, and the dot that folding leaves on the i of `İstanbul`;
- marks and joiners at the start, joiners at the end. Inner joiners stay, and so do underscores.

Which characters are letters or marks is up to the Unicode tables of the Python that runs this.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
import pyarrow as pa

from weakly.corpus.caption_scan import Written, scan_captions
from weakly.corpus.memo import Memo

MAX_CHARACTERS = 139
"""Longest normal form. No platform lets a hashtag have more than about 100 characters."""
MAX_BYTES = 1024
"""Longest hashtag as written, UTF-8, without its `#`."""

_JOINERS = "\u200c\u200d"
_ALSO_IN_WORDS = frozenset("_\uff3f" + _JOINERS)
_NOT_ASCII_WORD = re.compile(r"[^0-9a-z_]+")
_SHOWS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u20e3\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]+"
)


@dataclass(frozen=True)
class Hashtags:
    """The hashtags of a batch of posts: n (post, hashtag) pairs, each once, sorted by post, then by `tag`.

    Attributes:
        row: int64 [n], which post of the batch.
        tag: int32 [n], index into `names`.
        names: distinct normal forms, in the order in which the batch first has them (captions first).
        occurrences: hashtags written, repetitions within a post counted.
    """

    row: np.ndarray
    tag: np.ndarray
    names: list[str]
    occurrences: int


def normal_form(raw: str) -> str | None:
    """Return the normal form of one delimited hashtag (`#` or `＃` optional), or None where it is none.

    Idempotent: the normal form of a normal form is itself.
    """
    if raw.isascii():
        text = _NOT_ASCII_WORD.sub("", raw.lower())
    else:
        word = "".join(filter(_in_words, raw))
        text = _fold(word) if len(word.encode()) <= MAX_BYTES else ""
    if len(text) > MAX_CHARACTERS or not any(map(str.isalpha, text)):
        return None
    return text


def _in_words(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in _ALSO_IN_WORDS


def _fold(word: str) -> str:
    folded = None
    # Dropping and composing may each bring new neighbours together, so: until nothing changes.
    while folded != word:
        folded = word
        word = unicodedata.normalize("NFKC", _SHOWS_NOTHING.sub("", word)).casefold()
        word = unicodedata.normalize("NFKC", word).replace("i\u0307", "i")
        # NFKC makes spaces, slashes and brackets out of some letters and digits.
        kept = list(filter(_in_words, word))
        start = next((i for i, c in enumerate(kept) if not _leans(c)), len(kept))
        word = "".join(kept[start:]).rstrip(_JOINERS)
    return word


def _leans(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character)[0] == "M"


def _caption_form(text: str) -> str | None:
    """Normal form of the hashtag that starts right after a `#`; `text` may go on beyond its end."""
    return normal_form(text if text.isascii() else "".join(takewhile(_in_words, text)))


class NormalForms:
    """Normal forms already found, so that a distinct hashtag is normalised about once a process.

    Args:
        limit: how many to keep of captions, and as many of lists; 2 or more.
    """

    def __init__(self, limit: int = 1_000_000) -> None:
        self.of_caption = Memo(_caption_form, limit)
        self.of_list = Memo(normal_form, limit)


def extract(batch: pa.RecordBatch | pa.Table, forms: NormalForms) -> Hashtags:
    """Find the hashtags of every post, in its caption, its list of hashtags, or both.

    Args:
        batch: with columns `caption` (string) and `hashtags` (list of string), nulls allowed.
        forms: kept from batch to batch; it changes the speed only.
    """
    captions = scan_captions(_column(batch, "caption", pa.large_string()), MAX_BYTES)
    lists = _flattened(_column(batch, "hashtags", pa.large_list(pa.large_string())))
    found = [*map(forms.of_caption.__getitem__, captions[2]), *map(forms.of_list.__getitem__, lists[2])]
    names = [form for form in dict.fromkeys(found) if form is not None]
    numbers = {None: -1, **dict(zip(names, range(len(names)), strict=True))}
    tags = np.fromiter(map(numbers.__getitem__, found), np.int64, len(found))
    row = np.concatenate((captions[0], lists[0]))
    tag = tags[np.concatenate((captions[1], lists[1] + len(captions[2])))]
    # One integer a pair, sorted: some forty times faster than np.unique here.
    pairs = np.sort(row[tag >= 0] * max(len(names), 1) + tag[tag >= 0])
    distinct = pairs[np.diff(pairs, prepend=-1) > 0]
    row, tag = np.divmod(distinct, max(len(names), 1))
    return Hashtags(row, tag.astype(np.int32), names, occurrences=len(pairs))


def _column(batch: pa.RecordBatch | pa.Table, name: str, kind: pa.DataType) -> pa.Array:
    column = batch.column(name).cast(kind)
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _flattened(lists: pa.LargeListArray) -> Written:
    lengths = lists.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)
    row = np.repeat(np.arange(len(lists)), lengths)
    entries = lists.flatten()
    present = entries.is_valid().to_numpy(zero_copy_only=False)
    distinct = entries.drop_null().dictionary_encode()
    return row[present], distinct.indices.to_numpy(), distinct.dictionary.to_pylist()
