"""The nouns of WordNet 3.0, packaged: which synsets a hashtag may mean, and the tree they hang on.

In comes the normal form of a hashtag (`weakly.corpus.hashtags`), out goes the lexicon's spelling of it, and
with it the synsets in sense order (paper, section 2.1: hashtags that match WordNet's noun synsets). The files
lie in `wordnet/` beside this, without glosses, written by `scripts/build_lexicon.py`; nothing is downloaded.

A *spelling* is a lemma in lower case with only its letters and digits: `brown bear`, `Brown_Bear` and
`brownbear` are one. Lemmas that share a spelling share its entry: the senses of the lemma written most nearly
so come first (those of `chin` before those of `Ch'in`), equally near ones by alphabet.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weakly.errors import InputError

_FOLDER = Path(__file__).resolve().parent / "wordnet"

_NOT_IN_SPELLING = re.compile(r"[^a-z0-9]+")
_BARE_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "þ": "th"}
)
"""Letters with a stroke or joined letters, which Unicode does not take apart."""

_NOUN_ENDINGS = (
    ("s", ""),
    ("ses", "s"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("men", "man"),
    ("ies", "y"),
)
"""Morphy's detachment rules for nouns, in its order (WordNet's morphy(7WN))."""

_SHORTEST_SINGULAR = 3
"""Letters. Two-letter nouns are chemical symbols and states: #its, #was, #has, #ios would become such."""
_SHORTEST_FOLDED = 4
"""Characters. Shorter words with diacritics are mostly another language's: `für` is no fur, `él` no train."""
_SHORTEST_ENDING = 4
"""Letters of an irregular plural that may end a longer word, as `geese` in `snowgeese`."""

EXCEPTIONS: dict[str, str | None] = {
    "bunches": "bunch",
    "crosses": "cross",
    "lenses": "lens",
    "pinches": "pinch",
    "soles": "sole",
    **dict.fromkeys(("comes", "does", "gets", "goes", "knows", "lets", "makes", "says", "sees", "takes")),
    **dict.fromkeys(("thinks", "wants", "alas", "pilates", "vegas", "samen", "somen")),
    **dict.fromkeys(("ora", "puli", "reis", "sera", "volte")),
}
"""What the list and the endings get wrong: the singular instead, or None for what is no plural at all."""


@dataclass(frozen=True, eq=False, repr=False)
class Lexicon:
    """Nouns: spellings, synsets and the tree. `load()` gives WordNet's.

    Synsets are named by their row, 0 <= synset < len(wnids). The lists are made when first asked for.

    Attributes:
        synsets: a row a synset, with the columns that `scripts/build_lexicon.py` describes.
        spellings: spelling -> its synsets, the most usual sense first.
        plurals: irregular plural -> its singulars, all as spellings, whether or not in `spellings`.
    """

    synsets: pa.Table
    spellings: dict[str, tuple[int, ...]]
    plurals: dict[str, tuple[str, ...]]

    @cached_property
    def wnids(self) -> list[str]:
        """WordNet id of every synset, as ImageNet writes it: `n02132136`."""
        return self.synsets["wnid"].to_pylist()

    @cached_property
    def names(self) -> list[str]:
        """Name of every synset, as NLTK writes it: `brown_bear.n.01`."""
        return self.synsets["name"].to_pylist()

    @cached_property
    def lemmas(self) -> list[list[str]]:
        """Lemmas of every synset in WordNet's order and case, words parted by spaces: `Ursus arctos`."""
        return self.synsets["lemmas"].to_pylist()

    @cached_property
    def hypernyms(self) -> list[list[int]]:
        """What every synset is a kind or an instance of, as synsets; empty at the root."""
        return self.synsets["hypernyms"].to_pylist()

    @cached_property
    def lexicographer_files(self) -> list[str]:
        """Broad kind of every synset: `noun.animal`, `noun.food`, ..."""
        return self.synsets["lexicographer_file"].to_pylist()

    @cached_property
    def imagenet_1k(self) -> list[int]:
        """The 1,000 synsets of ImageNet-1k, in the order of its class indices."""
        classes = self.synsets["imagenet_1k"].to_pylist()
        return sorted(
            (row for row, index in enumerate(classes) if index is not None), key=classes.__getitem__
        )

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {key: row for column in (self.names, self.wnids) for row, key in enumerate(column)}

    @cached_property
    def _hyponyms(self) -> list[list[int]]:
        hyponyms: list[list[int]] = [[] for _ in self.hypernyms]
        for synset, parents in enumerate(self.hypernyms):
            for parent in parents:
                hyponyms[parent].append(synset)
        return hyponyms

    def find(self, wnid_or_name: str) -> int:
        """Return the synset of an id (`n02132136`) or a name (`brown_bear.n.01`).

        Raises:
            InputError: there is none.
        """
        try:
            return self._rows[wnid_or_name]
        except KeyError:
            raise InputError(
                f"no noun synset {wnid_or_name!r} in WordNet 3.0: "
                "expected an id such as n02132136 or a name such as brown_bear.n.01"
            ) from None

    def descendants(self, synset: int) -> set[int]:
        """Return all synsets below `synset`, instances among them, without itself."""
        found: set[int] = set()
        waiting = list(self._hyponyms[synset])
        while waiting:
            child = waiting.pop()
            if child not in found:
                found.add(child)
                waiting.extend(self._hyponyms[child])
        return found

    def resolve(self, hashtag: str) -> str | None:
        """Return the spelling under which the lexicon has a hashtag, or None.

        It is the first of these that the lexicon has:
        1. the hashtag's own spelling, so `#glasses`, `#news` and `#us` stay what they are;
        2. the same without diacritics, if that leaves 4 ASCII characters or more (`#café`);
        3. by the list of irregular plurals, its singular (`#geese`);
        4. by Morphy's noun endings, its singular of 3 letters or more (`#dogs`), unless it ends in -ss;
        5. by an irregular plural of 4 letters or more at its end, after another noun, its singular
           (`#snowgeese`).
        A plural in `EXCEPTIONS` is what that says.

        Args:
            hashtag: its normal form; underscores, marks and joiners are dropped here.
        """
        spelling = to_spelling(hashtag)
        if spelling in self.spellings:
            return spelling
        folded = fold_diacritics(spelling)
        if not folded.isascii():
            return None
        if len(folded) >= _SHORTEST_FOLDED and folded in self.spellings:
            return folded
        return self._singular(folded)

    def _singular(self, word: str) -> str | None:
        if word in EXCEPTIONS:
            return EXCEPTIONS[word]
        for candidate in self.plurals.get(word, ()):
            if candidate in self.spellings:
                return candidate
        if not word.endswith("ss"):
            for ending, singular in _NOUN_ENDINGS:
                candidate = word.removesuffix(ending) + singular
                letters = sum(map(str.isalpha, candidate))
                if word.endswith(ending) and letters >= _SHORTEST_SINGULAR and candidate in self.spellings:
                    return candidate
        return self._compound(word)

    def _compound(self, word: str) -> str | None:
        for cut in range(_SHORTEST_SINGULAR, len(word) - _SHORTEST_ENDING + 1):
            if word[:cut] in self.spellings:
                for singular in self.plurals.get(word[cut:], ()):
                    if word[:cut] + singular in self.spellings:
                        return word[:cut] + singular
        return None


def to_spelling(text: str) -> str:
    """Return the spelling of a lemma or a hashtag: lower case (case-folded), letters and digits only."""
    if text.isascii():
        return _NOT_IN_SPELLING.sub("", text.lower())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(str.isalnum, folded))


def fold_diacritics(spelling: str) -> str:
    """Return a spelling without diacritics: `café` -> `cafe`, `smørrebrød` -> `smorrebrod`."""
    if spelling.isascii():
        return spelling
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", spelling))).translate(_BARE_LETTERS)


@cache
def load() -> Lexicon:
    """Return WordNet's nouns; read once a process, in about a tenth of a second."""
    spellings, plurals = _read("spellings"), _read("plurals")
    return Lexicon(
        synsets=_read("synsets"),
        spellings=_to_dict(spellings["spelling"], spellings["synsets"]),
        plurals=_to_dict(plurals["plural"], plurals["singulars"]),
    )


def _read(name: str) -> pa.Table:
    # Not pq.read_table, which imports pyarrow.dataset first.
    with pq.ParquetFile(_FOLDER / f"{name}.parquet") as file:
        return file.read()


def _to_dict(keys: pa.ChunkedArray, values: pa.ChunkedArray) -> dict:
    lists = values.combine_chunks()
    flat = lists.values.to_pylist()  # quicker than a list a row
    spans = pairwise(lists.offsets.to_pylist())
    return {key: tuple(flat[start:end]) for key, (start, end) in zip(keys.to_pylist(), spans, strict=True)}
