"""What the posts of the corpus benchmark are written with: hashtags, phrases, and the peers' lexicon.

In comes a seed, out go arrays of strings to pick from. Hashtags are made so that the engines agree on them:
every one is letters, digits and underscores without combining marks, in a form that NFKC leaves alone, and
its normal form is its lower case (so no ß, no İ, no final sigma). Real letters of many scripts remain.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from weakly.corpus.hashtags.normal_form import normal_form
from weakly.corpus.vocabulary.merge import Candidates, choose
from weakly.corpus.wordnet.lexicon import Lexicon, load

DISTINCT = 300_000
ZIPF = 1.05
NOUNS = 0.4
"""Share of the hashtags written that are WordNet's nouns."""
CASES = {"lower": 0.70, "capitalize": 0.20, "upper": 0.05, "title": 0.05}
"""How a hashtag is written, by the method of `str`, and how often."""
SEPARATORS = {" #": 0.88, "#": 0.05, "\n#": 0.03, " ＃": 0.02, " · #": 0.02}
TAILS = {
    "": 0.88,
    "🎉": 0.02,
    " ❤️": 0.02,
    "。": 0.02,
    "!": 0.02,
    " via @somebody": 0.02,
    " It&#39;s on": 0.02,
}
PHRASES = 30_000

_LETTERS = np.array(list("éèüñöäåçøжшдлиыбкртяю日本語写真猫花山海カメラ"))
_BETWEEN = [" "] * 8 + [
    ", ",
    "! ",
    "... ",
    " – ",
    " 🎉 ",
    " ❤️ ",
    "。",
    "\n",
    " &amp; ",
    " # ",
    "&#39;s ",
    " C# ",
]


@dataclass(frozen=True)
class Inventory:
    """What captions are made of.

    Attributes:
        written: large_string [len(CASES) * T], the T distinct hashtags once a way to write them.
        cumulative: float64 [T], the chance of each hashtag or one before it.
        phrases: large_string, what comes before the hashtags.
        lexicon: `hashtag` (normal form) and `candidate` (int32) of those that may be labels. Candidates are
            numbered by the keys of weakly's candidate labels, so that ties by number are ties by key.
    """

    written: pa.Array
    cumulative: np.ndarray
    phrases: pa.Array
    lexicon: pa.Table


def make_inventory(seed: int) -> Inventory:
    """Make the same inventory for the same seed; some five seconds."""
    random = np.random.default_rng(seed)
    chance = 1 / np.arange(1, DISTINCT + 1) ** ZIPF
    chance /= chance.sum()
    is_noun = _spread(chance, NOUNS)
    taken: set[str] = set()
    nouns = _pick(_nouns(load(), random), int(is_noun.sum()), taken)
    words = _pick(_words(random), int((~is_noun).sum()), taken)
    hashtags = np.empty(DISTINCT, object)
    hashtags[is_noun], hashtags[~is_noun] = nouns, words
    written = [getattr(hashtag, case)() for case in CASES for hashtag in hashtags]
    return Inventory(
        written=pa.array(written, pa.large_string()),
        cumulative=np.cumsum(chance),
        phrases=pa.array(_phrases(nouns, words, random), pa.large_string()),
        lexicon=_lexicon(hashtags.tolist(), choose("nouns", "identical-synsets", load())),
    )


def _spread(chance: np.ndarray, share: float) -> np.ndarray:
    """bool [T]: ranks that hold `share` of the chance, from the most frequent to the rarest alike."""
    chosen = np.zeros(len(chance), bool)
    of_chosen = of_all = 0.0
    for rank, one in enumerate(chance.tolist()):
        of_all += one
        chosen[rank] = of_chosen + one / 2 < share * of_all
        of_chosen += one if chosen[rank] else 0.0
    return chosen


def _pick(hashtags, number: int, taken: set[str]) -> list[str]:
    """The first `number` new ones whose every way of writing has the same normal form in all engines."""
    picked = []
    for hashtag in hashtags:
        if hashtag not in taken and _is_plain(hashtag):
            taken.add(hashtag)
            picked.append(hashtag)
            if len(picked) == number:
                return picked
    raise AssertionError("too few hashtags")


def _is_plain(hashtag: str) -> bool:
    forms = {getattr(hashtag, case)() for case in CASES}
    if hashtag.isascii():
        return hashtag.replace("_", "").isalnum()
    return all(normal_form(form) == form.lower() == hashtag for form in forms)


def _nouns(lexicon: Lexicon, random: np.random.Generator):
    """WordNet's lemmas as people write them: run together, with underscores, in the plural, accented."""
    lemmas = [lemma for own in lexicon.lemmas for lemma in own]
    while True:
        order, kinds = random.permutation(len(lemmas)), random.random(len(lemmas))
        for index, kind in zip(order.tolist(), kinds.tolist(), strict=True):
            lemma = "".join(c for c in lemmas[index].lower().replace("-", " ") if c.isalnum() or c == " ")
            lemma = lemma.replace(" ", "_" if kind < 0.25 else "")
            if kind > 0.8:
                lemma = lemma[:-1] + "ies" if lemma.endswith("y") else lemma + "s"
            elif kind > 0.77:
                lemma = lemma.replace("e", "é", 1)
            if len(lemma) > 1:
                yield lemma


def _words(random: np.random.Generator):
    """Invented words, some with a year, an underscore or letters of other scripts, and bare numbers."""
    consonants, vowels, ends = "bcdfghjklmnprstvz", "aeiou", ("", "", "n", "r", "s")
    syllables = np.array([c + v + e for c in consonants for v in vowels for e in ends])
    while True:
        word = "".join(random.choice(syllables, random.integers(2, 5)))
        kind = random.random()
        if kind < 0.08:
            word += "".join(random.choice(_LETTERS, random.integers(1, 3)))
        elif kind < 0.13:
            word += str(random.integers(1, 2030))
        elif kind < 0.15:
            word = f"{word[:3]}_{word[3:]}"
        elif kind < 0.16:
            word = str(random.integers(1, 100_000))
        elif kind < 0.18:
            word = "".join(random.choice(_LETTERS, random.integers(3, 7)))
        yield word


def _phrases(nouns: list[str], words: list[str], random: np.random.Generator) -> list[str]:
    """A few words each with what stands between them; now and then a link, with a noun as its fragment."""
    phrases = []
    for _ in range(PHRASES):
        number = int(random.integers(1, 9))
        pieces = [words[i] for i in random.integers(0, 8_000, number)]
        between = [_BETWEEN[i] for i in random.integers(0, len(_BETWEEN), number)]
        phrase = "".join(map("".join, zip(pieces, between, strict=True)))
        if random.random() < 0.04:
            fragment = nouns[int(random.integers(0, 1_000))]
            phrase += f"see https://example.com/{pieces[0]}?id={number}#{fragment} there"
        phrases.append(phrase)
    return phrases


def _lexicon(hashtags: list[str], candidates: Candidates) -> pa.Table:
    by_key = sorted(range(len(candidates.keys)), key=candidates.keys.__getitem__)
    number = np.empty(len(by_key), np.int32)
    number[by_key] = np.arange(len(by_key))
    forms = [form for hashtag in hashtags if (form := normal_form(hashtag))]
    rows = np.array([candidates.resolve(form) for form in forms])
    found = np.flatnonzero(rows >= 0)
    return pa.table(
        {
            "hashtag": pa.array([forms[i] for i in found], pa.string()),
            "candidate": pa.array(number[candidates.label[rows[found]]]),
        }
    )
