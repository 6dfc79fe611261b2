"""The nouns of WordNet 3.0, packaged: which synsets a hashtag may mean, and the tree they hang on.

In comes the normal form of a hashtag (`hashtags.normal_form`), out goes the lexicon's spelling of it, and
with it the synsets in sense order (paper, section 2.1: hashtags that match WordNet's noun synsets). The files
lie beside this one, without glosses, written by `scripts/build_lexicon.py`; nothing is downloaded.

A *spelling* (`spellings.py`) is a lemma in lower case with only its letters and digits. Lemmas that share a
spelling share its entry: the senses of the lemma written most nearly so come first (those of `chin` before
those of `Ch'in`), equally near ones by alphabet.

Other lexicons (`other_lexicons.py`) add spellings, and senses to spellings that are there, never synsets.
"""

import difflib
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from weakly import artifacts
from weakly.corpus.wordnet.spellings import fold_diacritics, is_foreign, to_spelling
from weakly.errors import InputError

EXTENSION_SCHEMA = pa.schema({"spelling": pa.string(), "synsets": pa.list_(pa.string())})
"""What another lexicon adds: more senses, by wnid, for new spellings and for those that are there."""

_NOUN_ENDINGS = (
    *(("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z")),
    *(("ches", "ch"), ("shes", "sh"), ("men", "man"), ("ies", "y")),
)
"""Morphy's detachment rules for nouns, in its order (WordNet's morphy(7WN))."""
_LAST_LETTERS = tuple({ending[-1] for ending, _ in _NOUN_ENDINGS})

# Letters. Two-letter nouns are chemical symbols and states: #its, #was, #has, #ios would become such.
_SHORTEST_SINGULAR = 3
# Characters. Shorter words with diacritics are mostly another language's: `für` is no fur, `él` no train.
_SHORTEST_FOLDED = 4
# Letters of an irregular plural that may end a longer word, as `geese` in `snowgeese`.
_SHORTEST_ENDING = 4

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
    """

    synsets: pa.Table  # a row a synset, with the columns that `scripts/build_lexicon.py` describes
    spellings: dict[str, tuple[int, ...]]  # of each its synsets, the most usual sense first
    plurals: dict[str, tuple[str, ...]]  # irregular plural -> its singulars, whether or not in `spellings`
    base: "Lexicon | None" = None  # the lexicon that `extended` was called of
    extension: pa.Table | None = None  # of `EXTENSION_SCHEMA`, what was added to `base`

    def __reduce__(self) -> str | tuple[object, ...]:
        # WordNet is read where it is unpickled: that is quicker than to bring it there.
        if self.base is not None:
            return Lexicon.extended, (self.base, self.extension)
        return (load, ()) if self is load() else super().__reduce__()

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
    def imagenet_1k(self) -> list[int]:
        """The 1,000 synsets of ImageNet-1k, in the order of its class indices."""
        classes = self.synsets["imagenet_1k"].to_pylist()
        rows = (row for row, index in enumerate(classes) if index is not None)
        return sorted(rows, key=classes.__getitem__)

    @cached_property
    def digest(self) -> str | None:
        """Digest of what was added to WordNet; None where nothing was."""
        return None if self.extension is None else artifacts.fingerprint(self.extension.to_pydict())

    @cached_property
    def _added(self) -> dict[int, list[str]]:
        added: dict[int, list[str]] = {}
        for row in () if self.extension is None else self.extension.to_pylist():
            for wnid in row["synsets"]:
                added.setdefault(self.find(wnid), []).append(row["spelling"])
        return added

    @cached_property
    def _irregular(self) -> dict[str, str | None]:
        known = {plural: [s for s in own if s in self.spellings] for plural, own in self.plurals.items()}
        return {plural: singulars[0] for plural, singulars in known.items() if singulars} | EXCEPTIONS

    @cached_property
    def _plural_ends(self) -> set[str]:
        return {plural[-_SHORTEST_ENDING:] for plural in self.plurals}

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
        """The synset of an id (`n02132136`) or a name (`brown_bear.n.01`).

        Raises:
            InputError: there is none.
        """
        try:
            return self._rows[wnid_or_name]
        except KeyError:
            senses = self.spellings.get(self.resolve(wnid_or_name.partition(".")[0]) or "", ())
            alike = [name for name in self.names if name[:1] == wnid_or_name[:1]]
            near = [self.names[s] for s in senses] or difflib.get_close_matches(wnid_or_name, alike, 1, 0.8)
            raise InputError(
                f"no noun synset {wnid_or_name!r} in WordNet 3.0: expected an id such as n02132136 or a name "
                f"such as brown_bear.n.01{f'; did you mean {near[0]}?' if near else ''}"
            ) from None

    def spellings_of(self, synset: int) -> list[str]:
        """The spellings that have a synset among their senses."""
        return [*map(to_spelling, self.lemmas[synset]), *self._added.get(synset, ())]

    def extended(self, extension: pa.Table) -> "Lexicon":
        """This lexicon with what an `EXTENSION_SCHEMA` table adds, after the senses that are there.

        Raises:
            InputError: a synset that is none.
        """
        base = self.base or self
        if self.extension is not None:
            extension = pa.concat_tables([self.extension, extension])
        spellings = dict(base.spellings)
        for row in extension.to_pylist():
            senses = (*spellings.get(row["spelling"], ()), *map(base.find, row["synsets"]))
            spellings[row["spelling"]] = tuple(dict.fromkeys(senses))
        return replace(base, spellings=spellings, base=base, extension=extension)

    def descendants(self, synset: int) -> set[int]:
        """All synsets below `synset`, instances among them, without itself."""
        found: set[int] = set()
        below = set(self._hyponyms[synset])
        while below:
            found |= below
            below = {child for parent in below for child in self._hyponyms[parent]} - found
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
        A plural in `EXCEPTIONS` is what that says. The hashtag is in its normal form.
        """
        spelling = to_spelling(hashtag)
        if spelling in self.spellings:
            return spelling
        if not spelling.isascii():
            if is_foreign(spelling):
                return None
            spelling = fold_diacritics(spelling)
            if not spelling.isascii():
                return None
            if len(spelling) >= _SHORTEST_FOLDED and spelling in self.spellings:
                return spelling
        return self._singular(spelling)

    def _singular(self, word: str) -> str | None:
        if word in self._irregular:
            return self._irregular[word]
        if word.endswith(_LAST_LETTERS) and not word.endswith("ss"):
            for ending, singular in _NOUN_ENDINGS:
                if word.endswith(ending):
                    candidate = word.removesuffix(ending) + singular
                    if candidate in self.spellings and sum(map(str.isalpha, candidate)) >= _SHORTEST_SINGULAR:
                        return candidate
        if word[-_SHORTEST_ENDING:] not in self._plural_ends:
            return None
        cuts = range(_SHORTEST_SINGULAR, len(word) - _SHORTEST_ENDING + 1)
        parts = ((word[:cut], word[cut:]) for cut in cuts if word[:cut] in self.spellings)
        found = (first + noun for first, last in parts for noun in self.plurals.get(last, ()))
        return next((word for word in found if word in self.spellings), None)


@cache
def load() -> Lexicon:
    """WordNet's nouns and no others; read once a process, in about a tenth of a second."""
    spellings, plurals = (_to_dict(*_read(name).columns) for name in ("spellings", "plurals"))
    return Lexicon(_read("synsets"), spellings, plurals)


def _read(name: str) -> pa.Table:
    # Not pq.read_table, which imports pyarrow.dataset first.
    with pq.ParquetFile(Path(__file__).with_name(f"{name}.parquet")) as file:
        return file.read()


def _to_dict(keys: pa.ChunkedArray, values: pa.ChunkedArray) -> dict:
    lists = values.combine_chunks()
    flat = lists.values.to_pylist()  # quicker than a list a row
    spans = pairwise(lists.offsets.to_pylist())
    return {key: tuple(flat[start:end]) for key, (start, end) in zip(keys.to_pylist(), spans, strict=True)}
