"""How nouns and hashtags are spelled in a lexicon: `Brown_Bear`, `brown bear` and `#brownbear` are one.

In comes a lemma or a hashtag, out goes its spelling: in lower case, with only its letters, digits and the
marks that spell.
"""

import re
import unicodedata

_NOT_IN_SPELLING = re.compile(r"[^a-z0-9]+")
_BARE_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th"}
)
"""Letters with a stroke or joined letters, which Unicode does not take apart."""
_LATIN_UNTIL, _LATIN_TOO = "\u0370", ("\u1e00", "\u1eff")
"""Where letters are that leave ASCII without their diacritics."""
_MARKS_IN_SPELLING = frozenset({0, *range(7, 10), *range(84, 200)})
"""Combining classes of marks that spell: vowels and tones of Indic, Thai, Lao and Tibetan writing. The vowels
of Hebrew and Arabic (10-36) are written or not as people please; accents are 200 and more."""


def to_spelling(text: str) -> str:
    """Return the spelling of a lemma or a hashtag: case-folded, only letters, digits and marks that spell."""
    if text.isascii():
        return text.lower() if text.isalnum() else _NOT_IN_SPELLING.sub("", text.lower())
    # Most are written so already: letters and digits, as a hashtag's normal form has them.
    if text.isalnum() and text == text.casefold() and unicodedata.is_normalized("NFKC", text):
        return text
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(filter(_in_spelling, folded)))


def _in_spelling(character: str) -> bool:
    is_mark = unicodedata.category(character) in ("Mc", "Mn")
    return character.isalnum() or (is_mark and unicodedata.combining(character) in _MARKS_IN_SPELLING)


def fold_diacritics(spelling: str) -> str:
    """Return a spelling without diacritics: `café` -> `cafe`, `smørrebrød` -> `smorrebrod`."""
    if spelling.isascii():
        return spelling
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", spelling))).translate(_BARE_LETTERS)


def is_foreign(spelling: str) -> bool:
    """Whether a spelling, not empty, is quickly seen to be other than ASCII without its diacritics too.

    Its first or its last character is a letter or digit that is not Latin, as of most foreign ones.
    """
    return any(
        end.isalnum() and not (end < _LATIN_UNTIL or _LATIN_TOO[0] <= end <= _LATIN_TOO[1])
        for end in (spelling[0], spelling[-1])
    )
