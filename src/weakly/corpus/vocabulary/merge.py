"""Which hashtags may be labels, and which of them are one label, before anything is counted.

In come `--merge` and the options of `select.py`, which choose spellings (paper, section 1); out goes, for
every selected spelling of a hashtag, the candidate label it belongs to. The mapping does not look at the
posts, so one reading of them is enough.

The merge rule, and what it does to three hashtags:

identical-synsets: spellings whose whole sets of noun synsets are equal are one label. #automobile, #auto and
    #motorcar, which mean car.n.01 only, are one; #car, with five senses, is another. #crane (two writers, a
    constellation, a machine, a bird) stays alone.
first-sense: spellings with the same most usual synset are one label, and mean that synset only. #car, #auto,
    #automobile and #motorcar are one. #crane joins #stephencrane, WordNet's first sense of it: the machine
    and the bird are lost.
none: every spelling is a label and keeps all its synsets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

import numpy as np
import pyarrow.parquet as pq

from weakly.corpus.vocabulary.select import (
    Lists,
    Selection,
    merge_key,
    own_spelling,
    read_stopped,
    select_spellings,
)
from weakly.corpus.wordnet.lexicon import Lexicon, load
from weakly.corpus.wordnet.spellings import to_spelling

NOT_IN_LEXICON, NOT_SELECTED, STOPPED = -1, -2, -3

LEXICON_FILE = "lexicon.parquet"
STOP_FILE = "stop.txt"


@dataclass(frozen=True)
class Resolver:
    """Finds what a hashtag stands for. It can be pickled, and be saved beside what gives its numbers.

    Attributes:
        lexicon: the nouns.
        numbers: number of every spelling that stands for something, 0 or more.
        stopped: own spellings of the hashtags that count for nothing.
    """

    lexicon: Lexicon
    numbers: Mapping[str, int]
    stopped: frozenset[str] = frozenset()

    def resolve(self, hashtag: str) -> int:
        """The number of a hashtag (normal form), or STOPPED, NOT_IN_LEXICON or NOT_SELECTED."""
        spelling = own_spelling(hashtag)
        if spelling in self.stopped:
            return STOPPED
        number = self.numbers.get(spelling)
        if number is not None:
            return number
        known = self.lexicon.resolve(hashtag)
        return NOT_IN_LEXICON if known is None else self.numbers.get(known, NOT_SELECTED)

    def save(self, folder: Path) -> None:
        """Write all but the numbers into a folder: nothing for WordNet without stop-hashtags."""
        if self.lexicon.extension is not None:
            pq.write_table(self.lexicon.extension, folder / LEXICON_FILE)
        if self.stopped:
            text = "\n".join(sorted(self.stopped)) + "\n"
            (folder / STOP_FILE).write_text(text, encoding="utf-8")


def open_resolver(folder: Path, numbers: Mapping[str, int]) -> Resolver:
    """Open what `Resolver.save` wrote, with other numbers; WordNet's nouns where it wrote nothing.

    Raises:
        InputError: the files name a synset or hashtag that is none.
    """
    lexicon, stopped = load(), frozenset()
    if (folder / LEXICON_FILE).is_file():
        with pq.ParquetFile(folder / LEXICON_FILE) as file:
            lexicon = lexicon.extended(file.read())
    if (folder / STOP_FILE).is_file():
        stopped = read_stopped(folder / STOP_FILE)
    return Resolver(lexicon, numbers, stopped)


@dataclass(frozen=True)
class Candidates:
    """Selected spellings and the candidate labels that they belong to.

    Attributes:
        resolver: from a hashtag to its row in `spellings`.
        spellings: S selected spellings, sorted within their label.
        label: int32[S], the candidate label of each spelling, 0 <= label < len(names); non-decreasing.
        names: canonical name of every candidate: the first lemma of its synsets, in their order and in
            WordNet's, whose spelling belongs to it; where there is none (#곰), its first spelling. All are
            distinct, because spellings are.
        synsets: synsets of every candidate, in sense order; for spellings that order their senses
            differently, by the sum of places. Empty for a spelling that the lexicon lacks.
        always: bool[C], the candidates that stay however rare they are.
        select: what was asked for: as given, or by digests of what files mean.
        most: keep at most so many labels, the most frequent; None keeps all.
    """

    resolver: Resolver
    spellings: list[str]
    label: np.ndarray
    names: list[str]
    synsets: list[tuple[int, ...]]
    always: np.ndarray
    select: str
    most: int | None

    @property
    def lexicon(self) -> Lexicon:
        """The nouns."""
        return self.resolver.lexicon

    def resolve(self, hashtag: str) -> int:
        """The row of a hashtag (normal form) in `spellings`, or the negative reason why it has none."""
        return self.resolver.resolve(hashtag)

    def keep(self, posts: np.ndarray, min_count: int) -> np.ndarray:
        """Which candidates become labels.

        Those that at least `min_count` posts carry, of these the `most` frequent (by name where they tie),
        and beside these all that are `always` kept, unless no post carries them and `min_count` is not 0.

        Args:
            posts: int64[C], the posts that carry each candidate.
            min_count: posts that a label must have.

        Returns:
            bool[C].
        """
        kept = posts >= min_count
        if self.most is not None:
            rows = np.flatnonzero(kept)
            order = np.lexsort((np.array([self.names[row] for row in rows]), -posts[rows]))
            kept[rows[order[self.most :]]] = False
        return kept | (self.always & (posts >= min(min_count, 1)))


def choose(select: str, merge: str, lexicon: Lexicon, **lists: Unpack[Lists]) -> Candidates:
    """Select spellings, as `select_spellings` does with the same arguments, and merge them into labels.

    Raises:
        InputError: no such selection, a line of a file that cannot be understood, or nothing is left.
    """
    return _merge(select_spellings(select, merge, lexicon, **lists), merge, lexicon)


def _merge(chosen: Selection, merge: str, lexicon: Lexicon) -> Candidates:
    groups: dict[object, list[str]] = {}
    for spelling in sorted(chosen.spellings):
        groups.setdefault(merge_key(spelling, merge, lexicon), []).append(spelling)
    spellings = [spelling for own in groups.values() for spelling in own]
    label = np.repeat(np.arange(len(groups), dtype=np.int32), list(map(len, groups.values())))
    synsets = [_synsets(own, merge, lexicon) for own in groups.values()]
    names = [_name(own, senses, lexicon) for own, senses in zip(groups.values(), synsets, strict=True)]
    numbers = {spelling: row for row, spelling in enumerate(spellings)}
    always = np.zeros(len(names), bool)
    always[label[[numbers[spelling] for spelling in chosen.included]]] = True
    resolver = Resolver(lexicon, numbers, chosen.stopped)
    return Candidates(resolver, spellings, label, names, synsets, always, chosen.description, chosen.most)


def _synsets(own: list[str], merge: str, lexicon: Lexicon) -> tuple[int, ...]:
    if len(own) == 1 and merge != "first-sense":
        return lexicon.spellings.get(own[0], ())
    senses = [lexicon.spellings.get(spelling, ()) for spelling in own]
    if merge == "first-sense":
        return senses[0][:1]
    if len(set(senses)) == 1:
        return senses[0]
    return tuple(sorted(senses[0], key=lambda synset: (sum(s.index(synset) for s in senses), synset)))


def _name(own: list[str], synsets: tuple[int, ...], lexicon: Lexicon) -> str:
    for synset in synsets:
        for lemma in lexicon.lemmas[synset]:
            if to_spelling(lemma) in own:
                return lemma
    return own[0]
