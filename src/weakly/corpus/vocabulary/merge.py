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
from typing import Unpack

import numpy as np

from weakly.corpus.vocabulary.select import Lists, Resolver, merge_key, select_spellings
from weakly.corpus.wordnet.lexicon import Lexicon
from weakly.corpus.wordnet.spellings import to_spelling


@dataclass(frozen=True)
class Candidates:
    """S selected spellings and the C candidate labels that they belong to.

    The key of a candidate orders those of equally many posts, whatever the posts: the first lemma of its
    synsets, in their order and in WordNet's, whose spelling belongs to it; where there is none (#곰), its
    first spelling. All are distinct, because spellings are.
    """

    resolver: Resolver  # from a hashtag to its row in `spellings`
    spellings: list[str]  # sorted within their label
    label: np.ndarray  # int32[S], the candidate label of each spelling, 0 <= label < C; non-decreasing
    keys: list[str]
    synsets: list[tuple[int, ...]]  # in sense order: where spellings differ, by the sum of places
    always: np.ndarray  # bool[C], the candidates that stay however rare they are
    select: str  # what was asked for: as given, or by digests of what files mean
    most: int | None  # keep at most so many labels, the most frequent; None keeps all

    def resolve(self, hashtag: str) -> int:
        """The row of a hashtag (normal form) in `spellings`, or the negative reason why it has none."""
        return self.resolver.resolve(hashtag)

    def name(self, candidate: int, posts: Mapping[str, int]) -> str:
        """What a person would call a candidate: the spelling of most posts, as its lemmas are written.

        Where spellings tie, the first by the order of synsets and lemmas; where lemmas of the spelling are
        written in several ways, as most of them are ("sweet", though Henry Sweet is its first sense). No two
        candidates share a name, because none shares a spelling. `posts` has those of each of its spellings.
        """
        synsets = self.synsets[candidate]
        if len(posts) == 1 and len(synsets) <= 1:
            return self.keys[candidate]
        written: dict[str, list[str]] = {}
        for synset in synsets:
            for lemma in self.resolver.lexicon.lemmas[synset]:
                if (spelling := to_spelling(lemma)) in posts:
                    written.setdefault(spelling, []).append(lemma)
        commonest = max((*written, *posts), key=posts.__getitem__)
        writings = written.get(commonest, [commonest])
        return max(writings, key=writings.count)

    def keep(self, posts: np.ndarray, min_count: int) -> np.ndarray:
        """Which candidates become labels, bool[C], by the posts int64[C] that carry each.

        Those that at least `min_count` posts carry, of these the `most` frequent (by key where they tie),
        and beside these all that are `always` kept, unless no post carries them and `min_count` is not 0.
        """
        kept = posts >= min_count
        if self.most is not None:
            rows = np.flatnonzero(kept)
            order = np.lexsort((np.array([self.keys[row] for row in rows]), -posts[rows]))
            kept[rows[order[self.most :]]] = False
        return kept | (self.always & (posts >= min(min_count, 1)))


def choose(select: str, merge: str, lexicon: Lexicon, **lists: Unpack[Lists]) -> Candidates:
    """Select spellings, as `select_spellings` does with the same arguments, and merge them into labels.

    Raises:
        InputError: no such selection, a line of a file that cannot be understood, or nothing is left.
    """
    chosen = select_spellings(select, merge, lexicon, **lists)
    groups: dict[object, list[str]] = {}
    for spelling in sorted(chosen.spellings):
        groups.setdefault(merge_key(spelling, merge, lexicon), []).append(spelling)
    spellings = [spelling for own in groups.values() for spelling in own]
    label = np.repeat(np.arange(len(groups), dtype=np.int32), list(map(len, groups.values())))
    synsets = [_synsets(own, merge, lexicon) for own in groups.values()]
    keys = [_key(own, senses, lexicon) for own, senses in zip(groups.values(), synsets, strict=True)]
    numbers = {spelling: row for row, spelling in enumerate(spellings)}
    always = np.zeros(len(keys), bool)
    always[label[[numbers[spelling] for spelling in chosen.included]]] = True
    resolver = Resolver(lexicon, numbers, chosen.stopped)
    return Candidates(resolver, spellings, label, keys, synsets, always, chosen.description, chosen.most)


def _synsets(own: list[str], merge: str, lexicon: Lexicon) -> tuple[int, ...]:
    if len(own) == 1 and merge != "first-sense":
        return lexicon.spellings.get(own[0], ())
    senses = [lexicon.spellings.get(spelling, ()) for spelling in own]
    if merge == "first-sense":
        return senses[0][:1]
    if len(set(senses)) == 1:
        return senses[0]
    return tuple(sorted(senses[0], key=lambda synset: (sum(s.index(synset) for s in senses), synset)))


def _key(own: list[str], synsets: tuple[int, ...], lexicon: Lexicon) -> str:
    for synset in synsets:
        for lemma in lexicon.lemmas[synset]:
            if to_spelling(lemma) in own:
                return lemma
    return own[0]
