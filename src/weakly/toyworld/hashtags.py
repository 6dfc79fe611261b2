"""Nouns of WordNet as people write them in hashtags: synonyms, plurals, cases, underscores.

In: a synset and draws. Out: a hashtag without its `#`, which the lexicon takes back to the synset.
"""

from functools import cache

from weakly.corpus.wordnet.lexicon import load
from weakly.corpus.wordnet.spellings import to_spelling
from weakly.toyworld.draws import Draws

FIRST_NAME = 0.6
"""How often something is called by its usual name; the rest of the time by any other of its lemmas."""
PLURALS = 0.15
"""Share of the hashtags in the plural."""

NOISE = (
    *("love", "instagood", "nofilter", "photooftheday", "happy", "tbt", "art", "cute", "followme"),
    *("picoftheday", "summer", "like4like", "fun", "instadaily", "style", "夏", "nature", "igers"),
    *("smile", "природа", "repost", "friends", "사랑", "l4l", "travel", "throwback_thursday", "F4F"),
    *("beautiful", "été", "सुंदर", "weekend", "حب", "mood", "goodvibes", "Glück", "写真"),
)
"""Hashtags that say nothing of the photo, the commonest first; some are nouns of WordNet all the same."""
_NOISE_WEIGHTS = tuple(1 / (rank + 1) for rank in range(len(NOISE)))


@cache
def lemmas(synset: str, name: str) -> tuple[str, ...]:
    """The words for a synset, `name` first; of those that are one spelling the one with the most gaps."""
    lexicon = load()
    words = {to_spelling(name): name.replace("_", " ")}
    for lemma in lexicon.lemmas[lexicon.find(synset)]:
        spelling = to_spelling(lemma)
        if len(lemma) > len(words.get(spelling, "")):
            words[spelling] = lemma
    return tuple(words.values())


@cache
def plural(word: str) -> str:
    """The plural of a lemma, or the lemma itself where the lexicon would not take the plural back to it."""
    if word.endswith("s") and not word.endswith("us"):
        return word
    head, space, last = word.rpartition(" ")
    candidates = [head + space + form for form in _irregular_plurals().get(to_spelling(last), ())]
    if last.endswith(("s", "x", "z", "ch", "sh")):
        candidates.append(word + "es")
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        candidates.append(word[:-1] + "ies")
    else:
        candidates.append(word + "s")
    return next((plural for plural in candidates if load().resolve(plural) == to_spelling(word)), word)


@cache
def _irregular_plurals() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for form, singulars in load().plurals.items():
        for singular in singulars:
            found.setdefault(singular, []).append(form)
    return found


def write_hashtag(synset: str, name: str, draws: Draws) -> str:
    """Write a hashtag for a synset, `name` being the usual one of its words."""
    usual, *others = lemmas(synset, name)
    word = draws.choose(others) if others and not draws.chance(FIRST_NAME) else usual
    if draws.chance(PLURALS):
        word = plural(word)
    parts = word.replace("-", " ").replace("'", "").split()
    joined, underscored = "".join(parts), "_".join(parts)
    camel = "".join(part[0].upper() + part[1:] for part in parts)
    written = (joined.lower(), underscored.lower(), camel, joined.upper())
    return draws.weighted(written, (0.62, 0.16, 0.16, 0.06))


def noise_hashtags(mean: float, draws: Draws) -> list[str]:
    """From 0 to twice `mean` hashtags that say nothing of any photo."""
    count = int(draws.between(0, 2 * mean) + 0.5)
    return [draws.weighted(NOISE, _NOISE_WEIGHTS) for _ in range(count)]
