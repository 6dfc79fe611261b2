"""What a hashtag is, and its normal form (paper, section 2.1).

In a caption a hashtag is `#` or `＃` and the letters, digits, underscores, combining marks and joiners (ZWJ,
ZWNJ) right after it, in any script, by the Unicode tables of the Python that runs this. Glued hashtags
(`#a#b`) are two, `word#tag` is one. It is none

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
"""

import re
import unicodedata
from itertools import dropwhile

MAX_CHARACTERS, MAX_BYTES = 139, 1024
"""Of the longest normal form (no platform allows many more than 100); and as written, UTF-8, without `#`."""
_JOINERS = "\u200c\u200d"
_ALSO_IN_WORDS = frozenset("_\uff3f" + _JOINERS)
_NOT_ASCII_WORD = re.compile(r"[^0-9a-z_]+")
_SHOWS_NOTHING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u20e3\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]+"
)


def normal_form(raw: str) -> str | None:
    """The normal form, which is its own, of one delimited hashtag (`#` optional); None where it is none."""
    if raw.isascii():
        text = raw.lower() if raw.isalnum() else _NOT_ASCII_WORD.sub("", raw.lower())
    else:
        word = raw if raw.isalnum() else "".join(filter(in_words, raw))
        text = _fold(word) if len(word.encode()) <= MAX_BYTES else ""
    if len(text) > MAX_CHARACTERS or not (text.isalpha() or any(map(str.isalpha, text))):
        return None
    return text


def in_words(character: str) -> bool:
    """Whether a hashtag goes on with this character."""
    return unicodedata.category(character)[0] in "LMN" or character in _ALSO_IN_WORDS


def _fold(word: str) -> str:
    # Most words are folded as they are written: letters and digits, of which only fillers show nothing.
    is_folded = word.isalnum() and word == word.casefold() and unicodedata.is_normalized("NFKC", word)
    if is_folded and not _SHOWS_NOTHING.search(word):
        return word
    folded = None
    # Dropping and composing may each bring new neighbours together, so: until nothing changes.
    while folded != word:
        folded = word
        word = unicodedata.normalize("NFKC", _SHOWS_NOTHING.sub("", word)).casefold()
        word = unicodedata.normalize("NFKC", word).replace("i\u0307", "i")
        # NFKC makes spaces, slashes and brackets out of some letters and digits.
        word = "".join(dropwhile(_leans, filter(in_words, word))).rstrip(_JOINERS)
    return word


def _leans(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character)[0] == "M"
